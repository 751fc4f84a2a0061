using System.ComponentModel;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure;

/// <summary>A physical network as clients see it.</summary>
[WireName("physicalnetwork")]
public sealed record PhysicalNetworkWire
{
    [Description("The physical network's id")]
    public required Guid Id { get; init; }

    [Description("The physical network's name")]
    public required string Name { get; init; }

    [Description("Its zone's id")]
    public required Guid ZoneId { get; init; }

    [Description("Its zone's name")]
    public required string ZoneName { get; init; }

    [Description("Enabled when guest networks may use it")]
    public required AllocationState State { get; init; }

    [Description("Range of virtual networks' numbers, first-last")]
    public required string Vlan { get; init; }

    [Description("How guest networks are kept apart")]
    public required string IsolationMethods { get; init; }

    [Description("ZONE: its numbers are unique in the zone")]
    public string BroadcastDomainRange { get; init; } = "ZONE";
}

internal sealed class PhysicalNetworkWireReader(CloudDb db) : IReadWire<PhysicalNetworkWire>
{
    public async Task<IReadOnlyList<PhysicalNetworkWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<PhysicalNetwork>(id)).ToList();
        var rows = await (
            from network in db.Set<PhysicalNetwork>().AsNoTracking()
            where keys.Contains(network.Id)
            join zone in db.Set<Zone>() on network.ZoneId equals zone.Id
            select new { Network = network, Zone = zone.Name }).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.Network.Id.Value).Select(r => new PhysicalNetworkWire
        {
            Id = r.Network.Id.Value,
            Name = r.Network.Name,
            ZoneId = r.Network.ZoneId.Value,
            ZoneName = r.Zone,
            State = r.Network.State,
            Vlan = string.Create(CultureInfo.InvariantCulture, $"{r.Network.FirstVni}-{r.Network.LastVni}"),
            IsolationMethods = r.Network.IsolationMethod,
        })];
    }
}
