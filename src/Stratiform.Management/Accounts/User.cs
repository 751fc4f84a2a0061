using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>A person or a program that acts for an account.</summary>
public sealed class User : IRemovable, IOwned
{
    private User() { }

    public User(string name, Account account, DateTimeOffset now)
    {
        Id = Protocol.Id.New<User>();
        Name = name;
        AccountId = account.Id;
        DomainId = account.DomainId;
        CreatedAt = now;
    }

    public Id<User> Id { get; private set; }
    public string Name { get; private set; } = "";
    public string FirstName { get; set; } = "";
    public string LastName { get; set; } = "";
    public string Email { get; set; } = "";
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
