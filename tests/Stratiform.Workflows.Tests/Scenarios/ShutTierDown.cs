using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A tier without guests leaves the router of its VPC, which serves the other one on.</summary>
internal sealed class ShutTierDown : Scenario<ShutNetworkDown>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddVpcAsync();
        await zone.AddTiersAsync(withBack: true);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Back is null ? null : ShutNetworkDown.For(zone.Back, zone.Routers, remove: false);

    public override void Check(Footprint after) => after.ShouldSay("network back Allocated numbered=False", "router card plugged=router network=front", "router router Running on=host1");
}
