using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A router is half off, since its host did not answer when an administrator stopped it.</summary>
internal sealed class EndStop : Scenario<StopRouter>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementNetworkAsync();
        zone.Router!.MarkStopping(hold: true);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Router is null ? null : StopRouter.RestFor(zone.Router, [zone.Network.Id]);

    public override void Check(Footprint after) => after.ShouldSay("router router Stopped on=", "router held=router");
}
