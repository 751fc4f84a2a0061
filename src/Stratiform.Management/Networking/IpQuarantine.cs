using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A public address that its owner gave back, and that nobody else gets for a while: names may still lead to it.</summary>
public sealed class IpQuarantine : IOwned
{
    private IpQuarantine() { }

    public IpQuarantine(Id<PublicIpAddress> address, Id<Account> account, Id<Domain> domain, DateTimeOffset until, DateTimeOffset now)
    {
        Id = Protocol.Id.New<IpQuarantine>();
        (AddressId, AccountId, DomainId, EndsAt, CreatedAt) = (address, account, domain, until, now);
    }

    public Id<IpQuarantine> Id { get; private set; }
    public Id<PublicIpAddress> AddressId { get; private set; }

    /// <summary>Who had it, and may have it again at any time.</summary>
    public Id<Account> AccountId { get; private set; }

    public Id<Domain> DomainId { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset EndsAt { get; private set; }

    /// <summary>When it was ended before its time.</summary>
    public DateTimeOffset? RemovedAt { get; private set; }

    public string? RemovalReason { get; private set; }

    /// <summary>Who ended it; null where its owner took the address again.</summary>
    public Id<Account>? RemoverId { get; private set; }

    /// <summary>It ends then, and not when it would have.</summary>
    public void EndAt(DateTimeOffset until) => EndsAt = until;

    /// <summary>It ends now.</summary>
    public void Remove(string why, Id<Account> by, DateTimeOffset now) => (RemovedAt, RemovalReason, RemoverId) = (now, why, by);

    internal sealed class Mapping : IEntityTypeConfiguration<IpQuarantine>
    {
        public void Configure(EntityTypeBuilder<IpQuarantine> entity)
        {
            entity.HasIndex(q => new { q.AddressId, q.EndsAt }).HasFilter("removed_at IS NULL");
            entity.HasIndex(q => new { q.AccountId, q.CreatedAt });
            entity.HasOne<PublicIpAddress>().WithMany().HasForeignKey(q => q.AddressId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
