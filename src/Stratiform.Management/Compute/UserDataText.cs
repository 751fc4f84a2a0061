using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute;

/// <summary>User data that tenants register once and use for many guests.</summary>
public sealed class UserDataText : IOwned
{
    private UserDataText() { }

    public UserDataText(string name, byte[] content, Id<Account> account, Id<Domain> domain, DateTimeOffset now)
    {
        Id = Protocol.Id.New<UserDataText>();
        (Name, Content, AccountId, DomainId, CreatedAt) = (name, content, account, domain, now);
    }

    public Id<UserDataText> Id { get; private set; }
    public string Name { get; private set; } = "";

    /// <summary>As guests get it, not base64.</summary>
    public byte[] Content { get; private set; } = [];

    /// <summary>Names of parameters that a deployment fills in, comma separated.</summary>
    public string? Parameters { get; init; }

    public Id<Account> AccountId { get; private set; }
    public Id<Domain> DomainId { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }

    internal sealed class Mapping : IEntityTypeConfiguration<UserDataText>
    {
        public void Configure(EntityTypeBuilder<UserDataText> entity)
        {
            entity.ToTable("UserData");
            entity.HasIndex(u => new { u.AccountId, u.Name }).IsUnique();
        }
    }
}
