using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Where VPCs' routers lead besides their tiers and the way out.</summary>
[Command("Lists static routes", AllowedTo.Everyone)]
internal sealed record ListStaticRoutes : OwnedListQuery<StaticRoute, StaticRouteWire>
{
    [Description("Lists only routes of this VPC")]
    public Id<Vpc>? VpcId { get; init; }

    [Description("Lists only routes by this private gateway")]
    public Id<PrivateGateway>? GatewayId { get; init; }

    [Description("Lists only routes in this state")]
    public RuleState? State { get; init; }
}

internal sealed class ListStaticRoutesHandler(CloudDb db, Lists<StaticRouteWire> lists) : IHandle<ListStaticRoutes, Page<StaticRouteWire>>
{
    public async Task<Page<StaticRouteWire>> HandleAsync(ListStaticRoutes command, Caller caller, CancellationToken ct)
    {
        var routes = await db.ListedAsync(command, caller, ct);
        if (command.VpcId is { } vpc) routes = routes.Where(r => r.VpcId == vpc);
        if (command.GatewayId is { } gateway) routes = routes.Where(r => r.GatewayId == gateway);
        if (command.State is { } state) routes = routes.Where(r => r.State == state);
        return await lists.PageAsync(routes.OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).Select(r => r.Id), command, caller, ct);
    }
}
