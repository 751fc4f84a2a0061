using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>An administrator stops a router.</summary>
internal sealed class HoldRouter : Scenario<StopRouter>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementNetworkAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Router is null ? null : StopRouter.For(zone.Router, [zone.Network.Id], hold: true);

    public override void Check(Footprint after) => after.ShouldSay("router router Stopped on=", "router held=router");
}
