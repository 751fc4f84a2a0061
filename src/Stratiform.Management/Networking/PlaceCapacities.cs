using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Storage;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A part of a zone whose capacity is asked for.</summary>
/// <param name="ZoneId">The zone.</param>
/// <param name="Pod">The pod.</param>
/// <param name="Cluster">The cluster; null for all of the pod.</param>
internal sealed record CapacityPlace(Id<Zone> ZoneId, Pod Pod, Cluster? Cluster);

internal sealed partial class Capacities
{
    /// <summary>What hosts and pools of a place have; a pool of all the zone is no place's.</summary>
    public async Task<IReadOnlyList<CapacityWire>> ReadAsync(CapacityPlace place, CancellationToken ct)
    {
        var rows = new List<CapacityWire>();
        var (pod, cluster) = (place.Pod.Id, place.Cluster?.Id);
        var zone = await db.Set<Zone>().Where(z => z.Id == place.ZoneId).Select(z => z.Name).SingleAsync(ct);
        var hosts = db.Set<Host>().Where(h => h.PodId == pod && (cluster == null || h.ClusterId == cluster));
        var rooms = await db.Set<HostCapacity>().Where(c => hosts.Any(h => h.Id == c.HostId)).ToListAsync(ct);
        var pools = await db.Set<StoragePool>().Where(p => p.State == PoolState.Up
            && (hosts.Any(h => h.Id == p.HostId) || db.Set<Cluster>().Any(c => c.Id == p.ClusterId && c.PodId == pod && (cluster == null || c.Id == cluster)))).ToListAsync(ct);

        void Add(int type, string name, long used, long total) => rows.Add(new()
        {
            Type = type,
            Name = name,
            ZoneId = place.ZoneId.Value,
            ZoneName = zone,
            PodId = pod.Value,
            PodName = place.Pod.Name,
            ClusterId = cluster?.Value,
            ClusterName = place.Cluster?.Name,
            CapacityUsed = used,
            CapacityTotal = total,
        });
        Add(0, "MEMORY", rooms.Sum(r => r.MemoryPromisedMib) * Mib, rooms.Sum(r => r.MemoryTotalMib) * Mib);
        Add(1, "CPU", rooms.Sum(r => r.CpuPromisedMhz), rooms.Sum(r => r.CpuTotalMhz));
        Add(2, "STORAGE", pools.Sum(p => p.UsedBytes), pools.Sum(p => p.CapacityBytes));
        Add(3, "STORAGE_ALLOCATED", pools.Sum(p => p.PromisedBytes), (long)(pools.Sum(p => p.CapacityBytes) * settings.Get(StorageSettings.OverprovisioningFactor)));
        return rows;
    }
}
