using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A network without guests gives back what it has.</summary>
internal sealed class ShutDown : Scenario<ShutNetworkDown>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementNetworkAsync();
    }

    public override Order? OrderIn(SmallZone zone) => ShutNetworkDown.For(zone.Network, zone.Routers, remove: false);

    public override void Check(Footprint after) => after.ShouldSay("network net Allocated numbered=False");
}
