using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A network is deleted.</summary>
internal sealed class RemoveNetwork : Scenario<ShutNetworkDown>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementNetworkAsync();
    }

    public override Order? OrderIn(SmallZone zone) => ShutNetworkDown.For(zone.Network, zone.Routers, remove: true);

    public override void Check(Footprint after) => after.ShouldNotName("net");
}
