using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>What an account's users may call: a list of rules, of which the first that fits decides.</summary>
public sealed class Role : IRemovable
{
    private Role() { }

    /// <summary>A role that an administrator makes.</summary>
    public Role(string name, AllowedTo type, string description, DateTimeOffset now)
    {
        Id = Protocol.Id.New<Role>();
        (Name, Type, Description, CreatedAt) = (name, type, description, now);
    }

    public Id<Role> Id { get; private set; }
    public string Name { get; set; } = "";
    public string Description { get; set; } = "";

    /// <summary>What its accounts see, one flag; the rules say what they may call.</summary>
    public AllowedTo Type { get; set; }

    /// <summary>It comes with the cloud, which keeps its rules in step with the commands.</summary>
    public bool IsDefault { get; private set; }

    /// <summary>Administrators of domains may give it to accounts.</summary>
    public bool IsPublic { get; set; } = true;

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    /// <summary>Refuses for a role that comes with the cloud.</summary>
    /// <exception cref="Workflows.CloudException">It does.</exception>
    public void RequireOwn()
    {
        if (IsDefault) throw Refusal.Parameter($"The role {Name} comes with the cloud and stays as it is; make your own from it (createRole roleid={Id}).");
    }

    public void Remove(DateTimeOffset now) => RemovedAt = now;

    /// <summary>The id of the role that comes with the cloud for a type of account; the same in every cloud.</summary>
    public static Id<Role> DefaultIdOf(AllowedTo type) => IdOf(type.ToString());

    /// <summary>A role that comes with the cloud.</summary>
    internal static Role Default(string key, string name, AllowedTo type, string description, DateTimeOffset now) =>
        new(name, type, description, now) { Id = IdOf(key), IsDefault = true };

    private static Id<Role> IdOf(string key) => new(Protocol.Id.Derive(Guid.Empty, "Role", key));

    internal sealed class Mapping : IEntityTypeConfiguration<Role>
    {
        public void Configure(EntityTypeBuilder<Role> entity) => entity.HasIndex(r => r.Name).IsUnique().HasFilter("removed_at IS NULL");
    }
}
