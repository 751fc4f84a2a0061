using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Images;

/// <summary>
/// A transfer, and the worker that it wants or has: what a zone's workers are counted by. Its row is keyed by what is transferred, so
/// wanting twice is wanting once.
/// </summary>
public sealed class TransferSession
{
    private TransferSession() { }

    public TransferSession(Guid id, Id<Zone> zone, DateTimeOffset now) => (Id, ZoneId, CreatedAt) = (id, zone, now);

    /// <summary>The copy that is to be made.</summary>
    public Guid Id { get; private set; }

    public Id<Zone> ZoneId { get; private set; }

    /// <summary>The worker that serves it; null while it waits. System VMs' id: this slice lies below them.</summary>
    public Guid? WorkerId { get; private set; }

    /// <summary>False while it goes without: a host that reads the store itself needs none.</summary>
    public bool WantsWorker { get; private set; } = true;

    /// <summary>The copy in a store that it reads, which stays as long; null when it reads none.</summary>
    public Id<StoreImage>? ReadsId { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>It is noted before anything is read.</summary>
    public void Reads(Id<StoreImage>? image) => ReadsId = image;

    /// <summary>A transfer that goes without a worker for now.</summary>
    public static TransferSession WithoutWorker(Guid id, Id<Zone> zone, Id<StoreImage> reads, DateTimeOffset now) =>
        new(id, zone, now) { WantsWorker = false, ReadsId = reads };

    /// <summary>It does not go without.</summary>
    public void WantWorker() => WantsWorker = true;

    internal sealed class Mapping : IEntityTypeConfiguration<TransferSession>
    {
        public void Configure(EntityTypeBuilder<TransferSession> entity)
        {
            entity.HasIndex(s => s.ZoneId);
            entity.HasIndex(s => s.WorkerId);
            entity.HasIndex(s => s.ReadsId);
            entity.HasOne<Zone>().WithMany().HasForeignKey(s => s.ZoneId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
