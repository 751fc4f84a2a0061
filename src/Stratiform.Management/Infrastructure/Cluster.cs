using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure;

/// <summary>Hosts that are alike and share storage, so that VMs can move between them.</summary>
public sealed class Cluster : IRemovable
{
    private Cluster() { }

    public Cluster(string name, Pod pod, Hypervisor hypervisor, DateTimeOffset now)
    {
        Id = Protocol.Id.New<Cluster>();
        Name = name;
        PodId = pod.Id;
        ZoneId = pod.ZoneId;
        Hypervisor = hypervisor;
        CreatedAt = now;
    }

    public Id<Cluster> Id { get; private set; }
    public string Name { get; set; } = "";
    public Id<Pod> PodId { get; private set; }
    public Id<Zone> ZoneId { get; private set; }
    public Hypervisor Hypervisor { get; private set; }

    /// <summary>Promised CPU for each MHz that is there.</summary>
    public double CpuOvercommitRatio { get; set; } = 1;

    /// <summary>Promised memory for each MiB that is there.</summary>
    public double MemoryOvercommitRatio { get; set; } = 1;

    public AllocationState AllocationState { get; set; } = AllocationState.Enabled;
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    public void Remove(DateTimeOffset now) => RemovedAt = now;

    internal sealed class Mapping : IEntityTypeConfiguration<Cluster>
    {
        public void Configure(EntityTypeBuilder<Cluster> entity)
        {
            entity.HasIndex(c => new { c.PodId, c.Name }).IsUnique().HasFilter("removed_at IS NULL");
            entity.HasOne<Pod>().WithMany().HasForeignKey(c => c.PodId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
