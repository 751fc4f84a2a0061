using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure;

/// <summary>The wires of a zone, and the range of virtual networks they carry.</summary>
public sealed class PhysicalNetwork : IRemovable
{
    private PhysicalNetwork() { }

    public PhysicalNetwork(string name, Zone zone, DateTimeOffset now)
    {
        Id = Protocol.Id.New<PhysicalNetwork>();
        Name = name;
        ZoneId = zone.Id;
        CreatedAt = now;
        Providers = [new(this, NetworkServiceProvider.VirtualRouter), new(this, NetworkServiceProvider.InternalLb)];
    }

    public Id<PhysicalNetwork> Id { get; private set; }
    public string Name { get; private set; } = "";
    public Id<Zone> ZoneId { get; private set; }
    public AllocationState State { get; set; } = AllocationState.Disabled;

    /// <summary>First VXLAN network identifier for guest networks.</summary>
    public int FirstVni { get; set; } = 1000;

    /// <summary>Last VXLAN network identifier for guest networks.</summary>
    public int LastVni { get; set; } = 1_000_999;

    /// <summary>Who gives its networks their services; none unless loaded.</summary>
    public ICollection<NetworkServiceProvider> Providers { get; private set; } = [];

    public string IsolationMethod { get; set; } = "VXLAN";
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    public void Remove(DateTimeOffset now) => RemovedAt = now;

    internal sealed class Mapping : IEntityTypeConfiguration<PhysicalNetwork>
    {
        public void Configure(EntityTypeBuilder<PhysicalNetwork> entity)
        {
            entity.HasIndex(n => new { n.ZoneId, n.Name }).IsUnique().HasFilter("removed_at IS NULL");
            entity.HasOne<Zone>().WithMany().HasForeignKey(n => n.ZoneId).OnDelete(DeleteBehavior.Restrict);
            entity.HasMany(n => n.Providers).WithOne().HasForeignKey(p => p.PhysicalNetworkId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>One kind of traffic on a physical network.</summary>
public sealed class NetworkTraffic
{
    private NetworkTraffic() { }

    public NetworkTraffic(PhysicalNetwork network, TrafficType traffic)
    {
        Id = Protocol.Id.New<NetworkTraffic>();
        PhysicalNetworkId = network.Id;
        Traffic = traffic;
    }

    public Id<NetworkTraffic> Id { get; private set; }
    public Id<PhysicalNetwork> PhysicalNetworkId { get; private set; }
    public TrafficType Traffic { get; private set; }

    /// <summary>The hosts' bridge or interface for it; null for what the host is configured with.</summary>
    public string? KvmLabel { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<NetworkTraffic>
    {
        public void Configure(EntityTypeBuilder<NetworkTraffic> entity)
        {
            entity.HasIndex(t => new { t.PhysicalNetworkId, t.Traffic }).IsUnique();
            entity.HasOne<PhysicalNetwork>().WithMany().HasForeignKey(t => t.PhysicalNetworkId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
