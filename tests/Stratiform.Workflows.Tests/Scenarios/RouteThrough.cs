using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A VPC's router leads to a network behind a guest; the command's commit added the route.</summary>
internal sealed class RouteThrough : Scenario<ApplyStaticRoute>
{
    // If the router does not take it, the route goes again.
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddVpcAsync();
        await zone.AddTiersAsync(withBack: false);
        zone.AddRoute(isActive: false);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Route is null ? null : ApplyStaticRoute.For(zone.Route);

    public override void Check(Footprint after) => after.ShouldSay("route Active to=192.168.7.0/24 by=10.2.1.9");
}
