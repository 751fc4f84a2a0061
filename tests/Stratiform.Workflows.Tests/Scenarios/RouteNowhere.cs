using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A VPC's router leads to that network no more.</summary>
internal sealed class RouteNowhere : Scenario<RevokeStaticRoute>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddVpcAsync();
        await zone.AddTiersAsync(withBack: false);
        zone.AddRoute();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Route is null ? null : RevokeStaticRoute.For(zone.Route);

    public override void Check(Footprint after) => after.ShouldNotName("route");
}
