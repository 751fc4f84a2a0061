using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A VPC's private gateway as clients see it.</summary>
[WireName("privategateway")]
public sealed record PrivateGatewayWire
{
    [Description("The private gateway's id")]
    public required Guid Id { get; init; }

    [Description("The router's address in the network beside the VPC")]
    public required string IpAddress { get; init; }

    [Description("Who forwards there to what lies behind")]
    public required string Gateway { get; init; }

    [Description("Mask of that network")]
    public required string Netmask { get; init; }

    [Description("Where that network is: untagged, or a VXLAN's number")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public string? Vlan { get; init; }

    [Description("The physical network that carries it")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public Guid? PhysicalNetworkId { get; init; }

    [Description("The network beside the VPC, where that is no operator's")]
    public Guid? AssociatedNetworkId { get; init; }

    [Description("That network's name")]
    public string? AssociatedNetwork { get; init; }

    [Description("Its VPC")]
    public required Guid VpcId { get; init; }

    [Description("That VPC's name")]
    public required string VpcName { get; init; }

    [Description("Its zone's id")]
    public required Guid ZoneId { get; init; }

    [Description("Its zone's name")]
    public required string ZoneName { get; init; }

    [Description("Creating, Ready or Deleting")]
    public required GatewayState State { get; init; }

    [Description("Whether what goes out by it has its address")]
    public required bool SourceNatSupported { get; init; }

    [Description("The ACL list that says what may come in by it and go out by it")]
    public required Guid AclId { get; init; }

    [Description("That list's name")]
    public required string AclName { get; init; }

    [Description("The owner's name")]
    public required string Account { get; init; }

    [Description("The owner's domain's id")]
    public required Guid DomainId { get; init; }

    [Description("The owner's domain's name")]
    public required string Domain { get; init; }

    [Description("The owner's domain's path")]
    public required string DomainPath { get; init; }
}

internal sealed class PrivateGatewayWireReader(CloudDb db) : IReadWire<PrivateGatewayWire>
{
    public async Task<IReadOnlyList<PrivateGatewayWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<PrivateGateway>(id)).ToList();
        var rows = await (
            from gateway in db.Set<PrivateGateway>().AsNoTracking()
            where keys.Contains(gateway.Id)
            join vpc in db.Set<Vpc>().IgnoreQueryFilters() on gateway.VpcId equals vpc.Id
            join zone in db.Set<Zone>().IgnoreQueryFilters() on vpc.ZoneId equals zone.Id
            join network in db.Set<Network>().IgnoreQueryFilters() on gateway.NetworkId equals network.Id
            join list in db.Set<AclList>() on gateway.AclId equals list.Id
            join account in db.Set<Account>().IgnoreQueryFilters() on gateway.AccountId equals account.Id
            join domain in db.Set<Domain>().IgnoreQueryFilters() on gateway.DomainId equals domain.Id
            select new { Gateway = gateway, Vpc = vpc.Name, Zone = zone, Network = network, Acl = list.Name, Account = account.Name, Domain = domain }).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.Gateway.Id.Value).Select(r => new PrivateGatewayWire
        {
            Id = r.Gateway.Id.Value,
            IpAddress = r.Gateway.Ip.ToString(),
            Gateway = r.Gateway.Gateway.ToString(),
            Netmask = Ipv4.MaskOf(r.Gateway.Cidr.PrefixLength).ToString(),
            Vlan = r.Network.Wires,
            PhysicalNetworkId = r.Network.PhysicalNetworkId.Value,
            AssociatedNetworkId = r.Network.IsPrivate ? null : r.Network.Id.Value,
            AssociatedNetwork = r.Network.IsPrivate ? null : r.Network.Name,
            VpcId = r.Gateway.VpcId.Value,
            VpcName = r.Vpc,
            ZoneId = r.Zone.Id.Value,
            ZoneName = r.Zone.Name,
            State = r.Gateway.State,
            SourceNatSupported = r.Gateway.SourceNat,
            AclId = r.Gateway.AclId.Value,
            AclName = r.Acl,
            Account = r.Account,
            DomainId = r.Domain.Id.Value,
            Domain = r.Domain.Name,
            DomainPath = DomainWire.ShownPath(r.Domain.Path),
        })];
    }
}
