using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Images;

/// <summary>
/// A transfer that wants a worker, or has one: what a zone's workers are counted by. Its row is keyed by what is transferred, so
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

    /// <summary>The copy in a store that it reads, which stays as long; null when it reads none.</summary>
    public Id<StoreImage>? ReadsId { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>It is noted before anything is read.</summary>
    public void Reads(Id<StoreImage>? image) => ReadsId = image;

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
