using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A static route as clients see it.</summary>
[WireName("staticroute")]
public sealed record StaticRouteWire
{
    [Description("The route's id")]
    public required Guid Id { get; init; }

    [Description("The network that it leads to")]
    public required string Cidr { get; init; }

    [Description("Who forwards there")]
    public required string NextHop { get; init; }

    [Description("The private gateway that it leads by")]
    public Guid? VpcGatewayId { get; init; }

    [Description("That one's address")]
    public string? VpcGatewayIp { get; init; }

    [Description("Add while it is brought into force, Active while it is, Revoke while it is taken out")]
    public required RuleState State { get; init; }

    [Description("Its VPC")]
    public required Guid VpcId { get; init; }

    [Description("The owner's name")]
    public required string Account { get; init; }

    [Description("The owner's domain's id")]
    public required Guid DomainId { get; init; }

    [Description("The owner's domain's name")]
    public required string Domain { get; init; }

    [Description("The owner's domain's path")]
    public required string DomainPath { get; init; }

    [Description("Its tags: none")]
    public IReadOnlyList<string> Tags { get; init; } = [];
}

internal sealed class StaticRouteWireReader(CloudDb db) : IReadWire<StaticRouteWire>
{
    public async Task<IReadOnlyList<StaticRouteWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<StaticRoute>(id)).ToList();
        var rows = await (
            from route in db.Set<StaticRoute>().AsNoTracking()
            where keys.Contains(route.Id)
            join account in db.Set<Account>().IgnoreQueryFilters() on route.AccountId equals account.Id
            join domain in db.Set<Domain>().IgnoreQueryFilters() on route.DomainId equals domain.Id
            join gateway in db.Set<PrivateGateway>() on route.GatewayId equals gateway.Id into gateways
            from gateway in gateways.DefaultIfEmpty()
            select new { Route = route, Gateway = gateway, Account = account.Name, Domain = domain.Name, domain.Path }).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.Route.Id.Value).Select(r => new StaticRouteWire
        {
            Id = r.Route.Id.Value,
            Cidr = r.Route.Cidr.ToString(),
            NextHop = r.Route.NextHop.ToString(),
            VpcGatewayId = r.Gateway?.Id.Value,
            VpcGatewayIp = r.Gateway?.Ip.ToString(),
            State = r.Route.State,
            VpcId = r.Route.VpcId.Value,
            Account = r.Account,
            DomainId = r.Route.DomainId.Value,
            Domain = r.Domain,
            DomainPath = DomainWire.ShownPath(r.Path),
        })];
    }
}
