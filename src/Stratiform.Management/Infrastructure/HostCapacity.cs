using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure;

/// <summary>How much of a host is promised. Counters move by one statement that also checks; see <see cref="HostReservation"/>.</summary>
public sealed class HostCapacity
{
    public required Id<Host> HostId { get; init; }

    /// <summary>MHz that may be promised, overcommit included.</summary>
    public long CpuTotalMhz { get; set; }
    public long CpuPromisedMhz { get; set; }

    /// <summary>MiB that may be promised, overcommit included.</summary>
    public long MemoryTotalMib { get; set; }
    public long MemoryPromisedMib { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<HostCapacity>
    {
        public void Configure(EntityTypeBuilder<HostCapacity> entity)
        {
            entity.HasKey(c => c.HostId);
            entity.HasOne<Host>().WithOne().HasForeignKey<HostCapacity>(c => c.HostId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>One guest's share of one host, keyed by the guest: taking it twice takes it once.</summary>
public sealed class HostReservation
{
    /// <summary>The virtual machine or router.</summary>
    public required Guid OwnerId { get; init; }
    public required Id<Host> HostId { get; init; }
    public required long CpuMhz { get; init; }
    public required long MemoryMib { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<HostReservation>
    {
        public void Configure(EntityTypeBuilder<HostReservation> entity)
        {
            entity.HasKey(r => r.OwnerId);
            entity.HasIndex(r => r.HostId);
            entity.HasOne<Host>().WithMany().HasForeignKey(r => r.HostId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
