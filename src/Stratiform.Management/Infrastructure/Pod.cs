using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure;

/// <summary>Hosts that share a management network, usually a rack.</summary>
public sealed class Pod : IRemovable
{
    private Pod() { }

    public Pod(string name, Zone zone, DateTimeOffset now)
    {
        Id = Protocol.Id.New<Pod>();
        Name = name;
        ZoneId = zone.Id;
        CreatedAt = now;
    }

    public Id<Pod> Id { get; private set; }
    public string Name { get; set; } = "";
    public Id<Zone> ZoneId { get; private set; }
    public IPAddress? Gateway { get; set; }
    public IPAddress? Netmask { get; set; }

    /// <summary>First address for system VMs on the management network.</summary>
    public IPAddress? StartIp { get; set; }

    /// <summary>Last address for system VMs on the management network.</summary>
    public IPAddress? EndIp { get; set; }

    public AllocationState AllocationState { get; set; } = AllocationState.Enabled;
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    public void Remove(DateTimeOffset now) => RemovedAt = now;

    internal sealed class Mapping : IEntityTypeConfiguration<Pod>
    {
        public void Configure(EntityTypeBuilder<Pod> entity)
        {
            entity.HasIndex(p => new { p.ZoneId, p.Name }).IsUnique().HasFilter("removed_at IS NULL");
            entity.HasOne<Zone>().WithMany().HasForeignKey(p => p.ZoneId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
