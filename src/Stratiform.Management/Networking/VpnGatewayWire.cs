using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A VPC's VPN gateway as clients see it.</summary>
[WireName("vpngateway")]
public sealed record VpnGatewayWire
{
    [Description("The VPN gateway's id")]
    public required Guid Id { get; init; }

    [Description("The address that the other ends connect with: the one that the VPC's guests go out by")]
    public string? PublicIp { get; init; }

    [Description("Its VPC")]
    public required Guid VpcId { get; init; }

    [Description("That VPC's name")]
    public required string VpcName { get; init; }

    [Description("The owner's name")]
    public required string Account { get; init; }

    [Description("The owner's domain's id")]
    public required Guid DomainId { get; init; }

    [Description("The owner's domain's name")]
    public required string Domain { get; init; }
}

internal sealed class VpnGatewayWireReader(CloudDb db) : IReadWire<VpnGatewayWire>
{
    public async Task<IReadOnlyList<VpnGatewayWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<VpnGateway>(id)).ToList();
        var rows = await (
            from gateway in db.Set<VpnGateway>().AsNoTracking()
            where keys.Contains(gateway.Id)
            join vpc in db.Set<Vpc>() on gateway.VpcId equals vpc.Id
            join address in db.Set<PublicIpAddress>().Where(a => a.IsSourceNat) on (Id<RouterScope>?)vpc.ScopeId equals address.ScopeId into addresses
            from address in addresses.DefaultIfEmpty()
            join account in db.Set<Account>().IgnoreQueryFilters() on gateway.AccountId equals account.Id
            join domain in db.Set<Domain>().IgnoreQueryFilters() on gateway.DomainId equals domain.Id
            select new { Gateway = gateway, Vpc = vpc.Name, Address = (Infrastructure.Ipv4Address?)address.Address, Account = account.Name, Domain = domain.Name }).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.Gateway.Id.Value).Select(r => new VpnGatewayWire
        {
            Id = r.Gateway.Id.Value,
            PublicIp = r.Address?.ToString(),
            VpcId = r.Gateway.VpcId.Value,
            VpcName = r.Vpc,
            Account = r.Account,
            DomainId = r.Gateway.DomainId.Value,
            Domain = r.Domain,
        })];
    }
}
