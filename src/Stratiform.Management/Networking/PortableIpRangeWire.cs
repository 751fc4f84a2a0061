using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A range of portable addresses as clients see it.</summary>
[WireName("portableiprange")]
public sealed record PortableIpRangeWire
{
    [Description("The range's id")]
    public required Guid Id { get; init; }

    [Description("The region whose zones its addresses may be in: 1, this cloud")]
    public int RegionId { get; init; } = Region.Local;

    [Description("The next hop of its addresses")]
    public required string Gateway { get; init; }

    [Description("Mask of their network")]
    public required string Netmask { get; init; }

    [Description("First address")]
    public required string StartIp { get; init; }

    [Description("Last address")]
    public required string EndIp { get; init; }

    [Description("The VLAN that carries it")]
    public required string Vlan { get; init; }

    [Description("Its addresses")]
    public required IReadOnlyList<PortableIpWire> PortableIpAddress { get; init; }
}

/// <summary>An address of such a range, and who holds it.</summary>
public sealed record PortableIpWire
{
    [Description("The region whose zones it may be in")]
    public int RegionId { get; init; } = Region.Local;

    [Description("The address")]
    public required string IpAddress { get; init; }

    [Description("Allocated, Releasing or Free")]
    public required PublicIpState State { get; init; }

    [Description("When its owner got it")]
    public DateTimeOffset? Allocated { get; init; }

    [Description("The zone that it is in")]
    public Guid? ZoneId { get; init; }

    [Description("The network that holds it")]
    public Guid? NetworkId { get; init; }

    [Description("The VPC that holds it")]
    public Guid? VpcId { get; init; }

    [Description("The owner")]
    public Guid? AccountId { get; init; }

    [Description("The owner's domain")]
    public Guid? DomainId { get; init; }
}

internal sealed class PortableIpRangeWireReader(CloudDb db) : IReadWire<PortableIpRangeWire>
{
    public async Task<IReadOnlyList<PortableIpRangeWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<PublicIpRange>(id)).ToList();
        var ranges = await db.Set<PublicIpRange>().AsNoTracking().Where(r => keys.Contains(r.Id)).ToListAsync(ct);
        var addresses = await (
            from ip in db.Set<PublicIpAddress>().AsNoTracking()
            where keys.Contains(ip.RangeId)
            join scope in db.Set<RouterScope>() on ip.ScopeId equals scope.Id into scopes
            from scope in scopes.DefaultIfEmpty()
            join network in db.Set<Network>().Where(n => n.VpcId == null) on ip.ScopeId equals network.ScopeId into networks
            from network in networks.DefaultIfEmpty()
            join vpc in db.Set<Vpc>() on ip.ScopeId equals vpc.ScopeId into vpcs
            from vpc in vpcs.DefaultIfEmpty()
            orderby ip.Address
            select new { Ip = ip, Scope = scope, Network = network, Vpc = vpc }).ToListAsync(ct);
        var byRange = addresses.ToLookup(a => a.Ip.RangeId, a => new PortableIpWire
        {
            IpAddress = a.Ip.Address.ToString(),
            State = a.Ip.State,
            Allocated = a.Ip.AllocatedAt,
            ZoneId = a.Network?.ZoneId.Value ?? a.Vpc?.ZoneId.Value,
            NetworkId = a.Network?.Id.Value,
            VpcId = a.Vpc?.Id.Value,
            AccountId = a.Scope?.AccountId.Value,
            DomainId = a.Scope?.DomainId.Value,
        });
        return [.. ranges.InOrderOf(ids, r => r.Id.Value).Select(r => new PortableIpRangeWire
        {
            Id = r.Id.Value,
            Gateway = r.Gateway.ToString(),
            Netmask = r.Netmask.ToString(),
            StartIp = r.StartIp.ToString(),
            EndIp = r.EndIp.ToString(),
            Vlan = r.Wires,
            PortableIpAddress = [.. byRange[r.Id]],
        })];
    }
}
