using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>A tenant: what owns resources, and what limits count.</summary>
public sealed class Account : IRemovable
{
    private Account() { }

    public Account(string name, Domain domain, AllowedTo role, DateTimeOffset now, Id<Account>? id = null)
    {
        Id = id ?? Protocol.Id.New<Account>();
        Name = name;
        DomainId = domain.Id;
        Role = role;
        RoleId = Accounts.Role.DefaultIdOf(role);
        CreatedAt = now;
    }

    public Id<Account> Id { get; private set; }
    public string Name { get; set; } = "";
    public Id<Domain> DomainId { get; private set; }

    /// <summary>The type of its role, one flag: what it sees.</summary>
    public AllowedTo Role { get; private set; }

    /// <summary>What its users may call.</summary>
    public Id<Role> RoleId { get; private set; }

    public AccountState State { get; private set; } = AccountState.Enabled;
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    /// <summary>The wire's account type: 0 user, 1 root admin, 2 domain admin, 3 resource admin.</summary>
    public int WireType => Role switch
    {
        AllowedTo.RootAdmin => 1,
        AllowedTo.DomainAdmin => 2,
        AllowedTo.ResourceAdmin => 3,
        _ => 0,
    };

    /// <summary>The role of a wire's account type; None for a number that is no type.</summary>
    public static AllowedTo RoleOf(int wireType) => wireType switch
    {
        0 => AllowedTo.User,
        1 => AllowedTo.RootAdmin,
        2 => AllowedTo.DomainAdmin,
        3 => AllowedTo.ResourceAdmin,
        _ => AllowedTo.None,
    };

    /// <summary>The type of role that a word of the wire means; None for a word that is none.</summary>
    public static AllowedTo RoleOf(string roleType) =>
        new[] { AllowedTo.RootAdmin, AllowedTo.ResourceAdmin, AllowedTo.DomainAdmin, AllowedTo.User }
            .FirstOrDefault(type => RoleTypeOf(type).Equals(roleType, StringComparison.OrdinalIgnoreCase));

    /// <summary>The wire's word for the kind of role.</summary>
    public string RoleType => RoleTypeOf(Role);

    /// <summary>The wire's word for a type of role.</summary>
    public static string RoleTypeOf(AllowedTo type) => type switch
    {
        AllowedTo.RootAdmin => "Admin",
        AllowedTo.DomainAdmin => "DomainAdmin",
        AllowedTo.ResourceAdmin => "ResourceAdmin",
        _ => "User",
    };

    /// <summary>Gives it another role.</summary>
    public void TakeRole(Role role) => (Role, RoleId) = (role.Type, role.Id);

    /// <summary>Its users may act again.</summary>
    public void Enable() => State = AccountState.Enabled;

    /// <summary>Its users may not act; what it owns goes on.</summary>
    /// <exception cref="Workflows.CloudException">It is disabled, which is more (431).</exception>
    public void Lock()
    {
        if (State == AccountState.Disabled) throw Refusal.Parameter($"The account {Name} is disabled, which is more than locked; enable it first (enableAccount).");
        State = AccountState.Locked;
    }

    /// <summary>Its users may not act, and its virtual machines are to stop.</summary>
    public void Disable() => State = AccountState.Disabled;

    public void Remove(DateTimeOffset now) => RemovedAt = now;

    internal sealed class Mapping : IEntityTypeConfiguration<Account>
    {
        public void Configure(EntityTypeBuilder<Account> entity)
        {
            entity.HasIndex(a => new { a.DomainId, a.Name }).IsUnique().HasFilter("removed_at IS NULL");
            entity.HasOne<Domain>().WithMany().HasForeignKey(a => a.DomainId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>Whether an account or a user may act.</summary>
public enum AccountState
{
    Enabled,
    Disabled,
    Locked,
}
