using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Protocol;

namespace Stratiform.Management.SystemVms;

/// <summary>What a worker said of itself last; only <see cref="Reconcilers.WorkerSights"/> writes it.</summary>
public sealed class WorkerSight
{
    /// <summary>The worker.</summary>
    public required Id<SystemVm> WorkerId { get; init; }

    /// <summary>When it answered last, or was first asked in vain.</summary>
    public DateTimeOffset AnsweredAt { get; set; }

    /// <summary>Transfers and requests under way then.</summary>
    public int Sessions { get; set; }

    /// <summary>Bytes from outside into stores since it booted.</summary>
    public long BytesIn { get; set; }

    /// <summary>Bytes served since it booted.</summary>
    public long BytesOut { get; set; }

    /// <summary>Memory of its program.</summary>
    public long MemoryBytes { get; set; }

    public string Version { get; set; } = "";

    internal void Saw(WorkerReport report, DateTimeOffset now)
    {
        AnsweredAt = now;
        (Sessions, BytesIn, BytesOut, MemoryBytes, Version) = (report.Sessions, report.BytesIn, report.BytesOut, report.MemoryBytes, report.Version);
    }

    internal sealed class Mapping : IEntityTypeConfiguration<WorkerSight>
    {
        public void Configure(EntityTypeBuilder<WorkerSight> entity)
        {
            entity.HasKey(s => s.WorkerId);
            entity.HasOne<SystemVm>().WithMany().HasForeignKey(s => s.WorkerId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
