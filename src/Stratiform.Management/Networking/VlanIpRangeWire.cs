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

    [Description("The addresses are for routers")]
    public bool ForVirtualNetwork { get; init; } = true;
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
        return [.. rows.InOrderOf(ids, row => row.Range.Id.Value).Select(row => Shown(row.Range, row.Domain, row.Account))];
    }

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
        Vlan = "vlan://" + r.Vlan,
        DomainId = r.KeptForDomainId?.Value,
        Domain = domain,
        Account = account,
    };
}
