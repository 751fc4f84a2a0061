using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>A name and a value that a tenant attached to something it owns.</summary>
public sealed class Tag : IOwned
{
    private Tag() { }

    public Tag(string kind, Guid resourceId, string key, string value, IOwned owner)
    {
        Id = Protocol.Id.New<Tag>();
        Kind = kind;
        ResourceId = resourceId;
        Key = key;
        Value = value;
        AccountId = owner.AccountId;
        DomainId = owner.DomainId;
    }

    public Id<Tag> Id { get; private set; }

    /// <summary>The entity's type: VirtualMachine, Volume …</summary>
    public string Kind { get; private set; } = "";

    public Guid ResourceId { get; private set; }
    public string Key { get; private set; } = "";
    public string Value { get; private set; } = "";
    public Id<Account> AccountId { get; private set; }
    public Id<Domain> DomainId { get; private set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Tag>
    {
        public void Configure(EntityTypeBuilder<Tag> entity)
        {
            entity.HasIndex(t => new { t.ResourceId, t.Key }).IsUnique();
            entity.HasIndex(t => new { t.Kind, t.Key, t.Value });
        }
    }
}
