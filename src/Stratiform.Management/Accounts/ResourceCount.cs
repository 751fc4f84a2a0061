using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>How much of a kind an account has: the sum of its shares. It moves by one statement that also checks; see <see cref="Limits"/>.</summary>
public sealed class ResourceCount
{
    public required Id<Account> AccountId { get; init; }
    public required ResourceKind Kind { get; init; }

    /// <summary>In the kind's own unit.</summary>
    public long Used { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<ResourceCount>
    {
        public void Configure(EntityTypeBuilder<ResourceCount> entity)
        {
            entity.HasKey(c => new { c.AccountId, c.Kind });
            entity.HasOne<Account>().WithMany().HasForeignKey(c => c.AccountId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>What one thing takes of its account's limit, keyed by the thing: taking it twice takes it once.</summary>
public sealed class ResourceShare
{
    /// <summary>The virtual machine, volume, network or template; a network stands for its public address as well.</summary>
    public required Guid OwnerId { get; init; }
    public required ResourceKind Kind { get; init; }
    public required Id<Account> AccountId { get; init; }
    public required long Amount { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<ResourceShare>
    {
        public void Configure(EntityTypeBuilder<ResourceShare> entity)
        {
            entity.HasKey(s => new { s.OwnerId, s.Kind });
            entity.HasIndex(s => new { s.AccountId, s.Kind });
            entity.HasOne<Account>().WithMany().HasForeignKey(s => s.AccountId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>A limit that was set for one account.</summary>
public sealed class ResourceLimit
{
    public required Id<Account> AccountId { get; init; }
    public required ResourceKind Kind { get; init; }

    /// <summary>In the kind's own unit; -1 for any number.</summary>
    public long Max { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<ResourceLimit>
    {
        public void Configure(EntityTypeBuilder<ResourceLimit> entity)
        {
            entity.HasKey(l => new { l.AccountId, l.Kind });
            entity.HasOne<Account>().WithMany().HasForeignKey(l => l.AccountId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
