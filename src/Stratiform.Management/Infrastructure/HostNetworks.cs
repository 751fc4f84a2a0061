using Microsoft.EntityFrameworkCore;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure;

/// <summary>
/// The networks that every host has from when it is connected: to the outside, and where its zone has them between servers and
/// hosts and to its stores. They belong to the host, and have the same ids everywhere.
/// </summary>
internal static class HostNetworks
{
    /// <summary>MTU of the outside, bytes.</summary>
    public const int Mtu = 1500;

    /// <summary>The network to the outside.</summary>
    public static EnsureNetwork Public { get; } = Of(TrafficType.Public);

    /// <summary>Between servers, hosts and system VMs.</summary>
    public static EnsureNetwork Management { get; } = Of(TrafficType.Management);

    /// <summary>To stores and pools.</summary>
    public static EnsureNetwork Storage { get; } = Of(TrafficType.Storage);

    /// <summary>All there may be.</summary>
    public static IReadOnlyList<EnsureNetwork> All { get; } = [Public, Management, Storage];

    /// <summary>Those that hosts of the zone have: the outside, and what traffic its wires carry.</summary>
    public static async Task<IReadOnlyList<EnsureNetwork>> OfAsync(DbContext db, Id<Zone> zone, CancellationToken ct)
    {
        var carried = await db.Set<NetworkTraffic>().Where(t => db.Set<PhysicalNetwork>().Any(n => n.Id == t.PhysicalNetworkId && n.ZoneId == zone))
            .Select(t => t.Traffic).Distinct().ToListAsync(ct);
        return [.. All.Where(n => n.Traffic == TrafficType.Public || carried.Contains(n.Traffic))];
    }

    private static EnsureNetwork Of(TrafficType traffic) => new()
    {
        NetworkId = Protocol.Id.Derive(Guid.Empty, traffic.ToString().ToLowerInvariant()),
        Traffic = traffic,
        Mtu = Mtu,
    };
}
