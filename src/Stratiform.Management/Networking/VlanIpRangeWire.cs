using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
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

    [Description("The domain for which alone its addresses are; absent for everybody")]
    public Guid? DomainId { get; init; }

    [Description("That domain's name")]
    public string? Domain { get; init; }

    [Description("The account of it for which alone they are")]
    public string? Account { get; init; }

    [Description("The shared network whose addresses they are; absent for public ones")]
    public Guid? NetworkId { get; init; }

    [Description("They are public, for routers, rather than a shared network's")]
    public bool ForVirtualNetwork => NetworkId is null;

    [Description("System VMs alone have them")]
    public bool ForSystemVms { get; init; }
}

internal sealed class VlanIpRangeWireReader(CloudDb db) : IReadWire<VlanIpRangeWire>
{
    public async Task<IReadOnlyList<VlanIpRangeWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<PublicIpRange>(id)).ToList();
        var rows = await (
            from range in db.Set<PublicIpRange>().AsNoTracking()
            where keys.Contains(range.Id)
            join domain in db.Set<Domain>().IgnoreQueryFilters() on range.KeptForDomainId equals domain.Id into domains
            from domain in domains.DefaultIfEmpty()
            join account in db.Set<Account>().IgnoreQueryFilters() on range.KeptForAccountId equals account.Id into accounts
            from account in accounts.DefaultIfEmpty()
            select new { Range = range, Domain = domain.Name, Account = account.Name }).ToListAsync(ct);
        var others = ids.Select(id => new Id<SharedIpRange>(id)).ToList();
        var shared = await (
            from range in db.Set<SharedIpRange>().AsNoTracking()
            where others.Contains(range.Id)
            join network in db.Set<Network>().IgnoreQueryFilters() on range.NetworkId equals network.Id
            select new { Range = range, Network = network }).ToListAsync(ct);
        var shown = rows.Select(row => Shown(row.Range, row.Domain, row.Account)).Concat(shared.Select(row => Shown(row.Range, row.Network)));
        return [.. shown.ToList().InOrderOf(ids, range => range.Id)];
    }

    private static VlanIpRangeWire Shown(SharedIpRange r, Network network) => new()
    {
        Id = r.Id.Value,
        ZoneId = network.ZoneId.Value,
        PhysicalNetworkId = network.PhysicalNetworkId.Value,
        NetworkId = network.Id.Value,
        Gateway = network.Subnet.Gateway.ToString(),
        Netmask = Ipv4.MaskOf(network.Subnet.Cidr.PrefixLength).ToString(),
        Cidr = network.Subnet.Cidr.ToString(),
        StartIp = r.StartIp.ToString(),
        EndIp = r.EndIp.ToString(),
        Vlan = network.Vni is null ? PublicIpRange.WiresOf(null) : network.Wires!,
    };

    private static VlanIpRangeWire Shown(PublicIpRange r, string? domain, string? account) => new()
    {
        Id = r.Id.Value,
        ZoneId = r.ZoneId!.Value.Value,
        PhysicalNetworkId = r.PhysicalNetworkId!.Value.Value,
        Gateway = r.Gateway.ToString(),
        Netmask = r.Netmask.ToString(),
        Cidr = Ipv4.NetworkOf(r.Gateway, Ipv4.PrefixOf(r.Netmask)).ToString(),
        StartIp = r.StartIp.ToString(),
        EndIp = r.EndIp.ToString(),
        Vlan = r.Wires,
        ForSystemVms = r.ForSystemVms,
        DomainId = r.KeptForDomainId?.Value,
        Domain = domain,
        Account = account,
    };
}
