using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure;

/// <summary>A kind of traffic on a physical network, as clients see it.</summary>
[WireName("traffictype")]
public sealed record TrafficTypeWire
{
    [Description("Its id")]
    public required Guid Id { get; init; }

    [Description("Management, Storage, Guest or Public")]
    public required string TrafficType { get; init; }

    [Description("The physical network's id")]
    public required Guid PhysicalNetworkId { get; init; }

    [Description("The hosts' bridge or interface for it")]
    public string? KvmNetworkLabel { get; init; }
}

internal sealed class TrafficTypeWireReader(CloudDb db) : IReadWire<TrafficTypeWire>
{
    public async Task<IReadOnlyList<TrafficTypeWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<NetworkTraffic>(id)).ToList();
        var rows = await db.Set<NetworkTraffic>().AsNoTracking().Where(t => keys.Contains(t.Id)).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, t => t.Id.Value).Select(t => new TrafficTypeWire
        {
            Id = t.Id.Value,
            TrafficType = t.Traffic.ToString(),
            PhysicalNetworkId = t.PhysicalNetworkId.Value,
            KvmNetworkLabel = t.KvmLabel,
        })];
    }
}
