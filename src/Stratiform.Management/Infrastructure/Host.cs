using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Infrastructure;

/// <summary>A machine that runs guests, behind its agent.</summary>
public sealed class Host : IRemovable
{
    private Host() { }

    public Host(Uri address, Cluster cluster, DateTimeOffset now)
    {
        Id = Protocol.Id.New<Host>();
        Address = address;
        Name = address.Host;
        ClusterId = cluster.Id;
        PodId = cluster.PodId;
        ZoneId = cluster.ZoneId;
        CreatedAt = now;
    }

    public Id<Host> Id { get; private set; }
    public string Name { get; private set; } = "";
    public Id<Cluster> ClusterId { get; private set; }
    public Id<Pod> PodId { get; private set; }
    public Id<Zone> ZoneId { get; private set; }

    /// <summary>Where its agent listens: <c>unix:</c>, <c>https:</c>, or <c>http://sim/…</c>.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Whether an operator lets it be used.</summary>
    public AllocationState AllocationState { get; set; } = AllocationState.Enabled;

    /// <summary>The machine's own lasting UUID; nil until its agent answered once.</summary>
    public Guid MachineId { get; private set; }

    public string ManagementAddress { get; private set; } = "";
    public int Cpus { get; private set; }
    public int CpuMhz { get; private set; }
    public long MemoryMib { get; private set; }
    public Accelerator Accelerator { get; private set; }
    public string HypervisorVersion { get; private set; } = "";
    public string AgentVersion { get; private set; } = "";
    public string[] Abilities { get; private set; } = [];
    public string[] Tags { get; set; } = [];
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    public Subject Subject => new(SubjectKinds.Host, Id.Value);

    /// <summary>Takes over what the agent said of its machine.</summary>
    public void Describe(HostReport report)
    {
        (MachineId, Name, ManagementAddress) = (report.HostId, report.Name, report.Address);
        (Cpus, CpuMhz, MemoryMib) = (report.Cpus, report.CpuMhz, report.MemoryMib);
        (Accelerator, HypervisorVersion, AgentVersion) = (report.Accelerator, report.HypervisorVersion, report.AgentVersion);
        Abilities = [.. report.Abilities];
    }

    public void Remove(DateTimeOffset now) => RemovedAt = now;

    internal sealed class Mapping : IEntityTypeConfiguration<Host>
    {
        public void Configure(EntityTypeBuilder<Host> entity)
        {
            entity.HasIndex(h => h.ClusterId);
            entity.HasIndex(h => h.ZoneId);
            entity.HasIndex(h => h.Address).IsUnique().HasFilter("removed_at IS NULL");
            entity.HasIndex(h => h.MachineId).IsUnique()
                .HasFilter("removed_at IS NULL AND machine_id <> '00000000-0000-0000-0000-000000000000'");
            entity.HasOne<Cluster>().WithMany().HasForeignKey(h => h.ClusterId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
