using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A range of public addresses as clients see it.</summary>
[WireName("vlan")]
public sealed record VlanIpRangeWire
{
    [Description("The range's id")]
    public required Guid Id { get; init; }

    [Description("Its zone's id")]
    public required Guid ZoneId { get; init; }

    [Description("Its physical network's id")]
    public required Guid PhysicalNetworkId { get; init; }

    [Description("The next hop of its addresses")]
    public required string Gateway { get; init; }

    [Description("Mask of its network")]
    public required string Netmask { get; init; }

    [Description("Its network")]
    public required string Cidr { get; init; }

    [Description("First address")]
    public required string StartIp { get; init; }

    [Description("Last address")]
    public required string EndIp { get; init; }

    [Description("The VLAN that carries it")]
    public required string Vlan { get; init; }

    [Description("The addresses are for routers")]
    public bool ForVirtualNetwork { get; init; } = true;
}

internal sealed class VlanIpRangeWireReader(CloudDb db) : IReadWire<VlanIpRangeWire>
{
    public async Task<IReadOnlyList<VlanIpRangeWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<PublicIpRange>(id)).ToList();
        var rows = await db.Set<PublicIpRange>().AsNoTracking().Where(r => keys.Contains(r.Id)).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.Id.Value).Select(r => new VlanIpRangeWire
        {
            Id = r.Id.Value,
            ZoneId = r.ZoneId.Value,
            PhysicalNetworkId = r.PhysicalNetworkId.Value,
            Gateway = r.Gateway.ToString(),
            Netmask = r.Netmask.ToString(),
            Cidr = Ipv4.NetworkOf(r.Gateway, Ipv4.PrefixOf(r.Netmask)).ToString(),
            StartIp = r.StartIp.ToString(),
            EndIp = r.EndIp.ToString(),
            Vlan = "vlan://" + r.Vlan,
        })];
    }
}
