using System.ComponentModel;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Settings;
using Stratiform.Management.Storage;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>How full one resource of one zone is.</summary>
[WireName("capacity")]
internal sealed record CapacityWire
{
    [Description("0 memory, 1 CPU, 2 primary storage in use, 3 primary storage promised, 4 public addresses, 6 secondary storage in use, 7 virtual networks")]
    public required int Type { get; init; }

    [Description("The resource's name")]
    public required string Name { get; init; }

    [Description("The zone")]
    public required Guid ZoneId { get; init; }

    [Description("The zone's name")]
    public required string ZoneName { get; init; }

    [Description("The pod, where its own is listed")]
    public Guid? PodId { get; init; }

    [Description("The pod's name")]
    public string? PodName { get; init; }

    [Description("The cluster, where its own is listed")]
    public Guid? ClusterId { get; init; }

    [Description("The cluster's name")]
    public string? ClusterName { get; init; }

    [Description("What is promised or used: bytes, MHz or a number")]
    public required long CapacityUsed { get; init; }

    [Description("What may be promised, overcommit included")]
    public required long CapacityTotal { get; init; }

    [Description("The share in hundredths")]
    public string PercentUsed => (100 * Share).ToString("0.##", CultureInfo.InvariantCulture);

    internal double Share => CapacityTotal == 0 ? 0 : (double)CapacityUsed / CapacityTotal;
}

/// <summary>Adds up what zones have and what is promised of it: one statement for each kind of resource.</summary>
internal sealed partial class Capacities(CloudDb db, LiveSettings settings)
{
    private const long Mib = 1 << 20;

    public async Task<IReadOnlyList<CapacityWire>> ReadAsync(Id<Zone>? only, CancellationToken ct)
    {
        var zones = await db.Set<Zone>().Where(z => only == null || z.Id == only).OrderBy(z => z.Id).Select(z => new { z.Id, z.Name }).ToListAsync(ct);
        var hosts = await (
            from host in db.Set<Host>()
            join room in db.Set<HostCapacity>() on host.Id equals room.HostId
            group room by host.ZoneId into rooms
            select new
            {
                Zone = rooms.Key,
                Cpu = rooms.Sum(c => c.CpuPromisedMhz),
                CpuTotal = rooms.Sum(c => c.CpuTotalMhz),
                Memory = rooms.Sum(c => c.MemoryPromisedMib),
                MemoryTotal = rooms.Sum(c => c.MemoryTotalMib),
            }).ToDictionaryAsync(r => r.Zone, ct);
        var pools = await db.Set<StoragePool>().Where(p => p.State == PoolState.Up).GroupBy(p => p.ZoneId)
            .Select(g => new { Zone = g.Key, Size = g.Sum(p => p.CapacityBytes), Used = g.Sum(p => p.UsedBytes), Promised = g.Sum(p => p.PromisedBytes) })
            .ToDictionaryAsync(r => r.Zone, ct);
        var stores = await db.Set<ImageStore>().Where(s => s.CapacityBytes > 0).GroupBy(s => s.ZoneId)
            .Select(g => new { Zone = g.Key, Size = g.Sum(s => s.CapacityBytes), Used = g.Sum(s => s.UsedBytes) }).ToDictionaryAsync(r => r.Zone, ct);
        var addresses = await db.Set<PublicIpAddress>().Where(a => a.ZoneId != null).GroupBy(a => a.ZoneId!.Value)
            .Select(g => new { Zone = g.Key, Total = g.Count(), Taken = g.Count(a => a.ScopeId != null || a.SystemVmId != null || a.ReservedById != null) }).ToDictionaryAsync(r => r.Zone, ct);
        var wires = await db.Set<PhysicalNetwork>().GroupBy(n => n.ZoneId)
            .Select(g => new { Zone = g.Key, Total = g.Sum(n => n.LastVni - n.FirstVni + 1) }).ToDictionaryAsync(r => r.Zone, ct);
        var networks = await db.Set<Network>().Where(n => n.Vni != null).GroupBy(n => n.ZoneId)
            .Select(g => new { Zone = g.Key, Taken = g.Count() }).ToDictionaryAsync(r => r.Zone, ct);
        var factor = settings.Get(StorageSettings.OverprovisioningFactor);

        var rows = new List<CapacityWire>();
        foreach (var zone in zones)
        {
            void Add(int type, string name, long used, long total) => rows.Add(new()
            {
                Type = type,
                Name = name,
                ZoneId = zone.Id.Value,
                ZoneName = zone.Name,
                CapacityUsed = used,
                CapacityTotal = total,
            });
            var (host, pool) = (hosts.GetValueOrDefault(zone.Id), pools.GetValueOrDefault(zone.Id));
            Add(0, "MEMORY", (host?.Memory ?? 0) * Mib, (host?.MemoryTotal ?? 0) * Mib);
            Add(1, "CPU", host?.Cpu ?? 0, host?.CpuTotal ?? 0);
            Add(2, "STORAGE", pool?.Used ?? 0, pool?.Size ?? 0);
            Add(3, "STORAGE_ALLOCATED", pool?.Promised ?? 0, (long)((pool?.Size ?? 0) * factor));
            Add(4, "VIRTUAL_NETWORK_PUBLIC_IP", addresses.GetValueOrDefault(zone.Id)?.Taken ?? 0, addresses.GetValueOrDefault(zone.Id)?.Total ?? 0);
            Add(6, "SECONDARY_STORAGE", stores.GetValueOrDefault(zone.Id)?.Used ?? 0, stores.GetValueOrDefault(zone.Id)?.Size ?? 0);
            Add(7, "VLAN", networks.GetValueOrDefault(zone.Id)?.Taken ?? 0, wires.GetValueOrDefault(zone.Id)?.Total ?? 0);
        }
        return rows;
    }
}
