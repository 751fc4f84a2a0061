using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A network is deleted with both of its routers.</summary>
internal sealed class RemovePair : Scenario<ShutNetworkDown>
{
    public override int Hosts => 2;

    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementPairAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Second is null ? null : ShutNetworkDown.For(zone.Network, zone.Routers, remove: true);

    public override void Check(Footprint after) => after.ShouldNotName("net");
}
