using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>A person or a program that acts for an account.</summary>
public sealed class User : IRemovable, IOwned
{
    private User() { }

    public User(string name, Account account, DateTimeOffset now, Id<User>? id = null)
    {
        Id = id ?? Protocol.Id.New<User>();
        Name = name;
        AccountId = account.Id;
        DomainId = account.DomainId;
        CreatedAt = now;
    }

    public Id<User> Id { get; private set; }
    public string Name { get; set; } = "";
    public string FirstName { get; set; } = "";
    public string LastName { get; set; } = "";
    public string Email { get; set; } = "";

    /// <summary>In which clients show times to the user, as <c>Europe/Berlin</c>; null if nobody said.</summary>
    public string? TimeZone { get; set; }

    public Id<Account> AccountId { get; private set; }
    public Id<Domain> DomainId { get; private set; }
    public AccountState State { get; private set; } = AccountState.Enabled;

    /// <summary>Salted and slow hash; never shown.</summary>
    public string PasswordHash { get; set; } = "";

    /// <summary>Names the user in signed requests; null until registered.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Signs requests; wrapped by the master key, never shown in lists.</summary>
    public byte[]? WrappedSecretKey { get; set; }

    /// <summary>Failed logins in a row.</summary>
    public int FailedLogins { get; set; }

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    /// <summary>Lets the user act again; wrong passwords are forgotten.</summary>
    public void Enable() => (State, FailedLogins) = (AccountState.Enabled, 0);

    /// <summary>The user may not act.</summary>
    /// <exception cref="Workflows.CloudException">The user is disabled, which is as much (431).</exception>
    public void Lock()
    {
        if (State == AccountState.Disabled) throw Refusal.Parameter($"The user {Name} is disabled already; enable the user first (enableUser).");
        State = AccountState.Locked;
    }

    /// <summary>The user may not act.</summary>
    public void Disable() => State = AccountState.Disabled;

    /// <summary>Acts for another account of the same domain from now on.</summary>
    public void MoveTo(Account account) => (AccountId, DomainId) = (account.Id, account.DomainId);

    /// <summary>Ends the user; nothing that proved it proves it any more.</summary>
    public void Remove(DateTimeOffset now) => (RemovedAt, ApiKey, WrappedSecretKey, PasswordHash) = (now, null, null, "");

    internal sealed class Mapping : IEntityTypeConfiguration<User>
    {
        public void Configure(EntityTypeBuilder<User> entity)
        {
            entity.HasIndex(u => u.ApiKey).IsUnique();
            entity.HasIndex(u => new { u.DomainId, u.Name }).IsUnique().HasFilter("removed_at IS NULL");
            entity.HasOne<Account>().WithMany().HasForeignKey(u => u.AccountId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
