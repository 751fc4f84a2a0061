using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure;

/// <summary>Addresses of a pod's storage network for system VMs: where there is one, image data goes over that network.</summary>
public sealed class StorageIpRange : IRemovable
{
    private StorageIpRange() { }

    public StorageIpRange(Pod pod, IPAddress start, IPAddress end, DateTimeOffset now)
    {
        Id = Protocol.Id.New<StorageIpRange>();
        (PodId, ZoneId, StartIp, EndIp, CreatedAt) = (pod.Id, pod.ZoneId, start, end, now);
    }

    public Id<StorageIpRange> Id { get; private set; }
    public Id<Pod> PodId { get; private set; }
    public Id<Zone> ZoneId { get; private set; }
    public required IPAddress Gateway { get; init; }
    public required IPAddress Netmask { get; init; }
    public IPAddress StartIp { get; private set; } = null!;
    public IPAddress EndIp { get; private set; } = null!;
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    public void Remove(DateTimeOffset now) => RemovedAt = now;

    internal sealed class Mapping : IEntityTypeConfiguration<StorageIpRange>
    {
        public void Configure(EntityTypeBuilder<StorageIpRange> entity)
        {
            entity.HasIndex(r => r.ZoneId);
            entity.HasOne<Pod>().WithMany().HasForeignKey(r => r.PodId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
