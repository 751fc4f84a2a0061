using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute;

/// <summary>A size of virtual machine that tenants may choose, or that the cloud's own have.</summary>
public sealed class ServiceOffering : IRemovable
{
    private ServiceOffering() { }

    public ServiceOffering(string name, string displayText, int cpus, int cpuMhz, long memoryMib, DateTimeOffset now)
    {
        Id = Protocol.Id.New<ServiceOffering>();
        (Name, DisplayText, Cpus, CpuMhz, MemoryMib, CreatedAt) = (name, displayText, cpus, cpuMhz, memoryMib, now);
    }

    /// <summary>One for the cloud's own virtual machines.</summary>
    public static ServiceOffering OfSystem(Id<ServiceOffering> id, string name, string type, int cpus, int cpuMhz, long memoryMib, DateTimeOffset now) =>
        new(name, name, cpus, cpuMhz, memoryMib, now) { Id = id, IsSystem = true, SystemVmType = type };

    public Id<ServiceOffering> Id { get; private set; }
    public string Name { get; set; } = "";
    public string DisplayText { get; set; } = "";
    public int Cpus { get; private set; }
    public int CpuMhz { get; private set; }
    public long MemoryMib { get; private set; }

    /// <summary>Hosts must bear all of these.</summary>
    public string[] HostTags { get; init; } = [];

    /// <summary>Pools must bear all of these.</summary>
    public string[] StorageTags { get; init; } = [];

    public bool Shared { get; init; } = true;
    public long? RootDiskBytes { get; init; }
    public bool OfferHa { get; init; }
    public bool LimitCpuUse { get; init; }

    /// <summary>What the default card of its guests passes each way, Mbit/s; 0 for no limit, null for what the settings say.</summary>
    public int? RateMbit { get; init; }

    public bool IsSystem { get; init; }
    public string? SystemVmType { get; init; }

    /// <summary>The architecture of routers that are made of it; null for the one that is preferred.</summary>
    public string? Arch { get; init; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    public void Remove(DateTimeOffset now) => RemovedAt = now;

    internal sealed class Mapping : IEntityTypeConfiguration<ServiceOffering>
    {
        public void Configure(EntityTypeBuilder<ServiceOffering> entity)
        {
            entity.HasIndex(o => o.CreatedAt);
            entity.HasData(SystemOfferings.BuiltIn, SystemOfferings.BuiltInForRouters);
        }
    }
}
