using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>An operator deletes the second host, on which a network is left of a guest that moved on.</summary>
internal sealed class DropHost : Scenario<RemoveHost>
{
    public override int Hosts => 2;

    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementNetworkAsync();
        await zone.PlugAsync(1);
    }

    public override Order? OrderIn(SmallZone zone) =>
        zone.Hosts[^1].MachineId == default ? null : RemoveHost.For(zone.Hosts[^1], [zone.Network.Id], forced: false);

    public override void Check(Footprint after)
    {
        after.ShouldNotName("host2");
        after.ShouldNotName("host2:");
    }
}
