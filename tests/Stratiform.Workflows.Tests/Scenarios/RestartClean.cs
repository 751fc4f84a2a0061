using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A network's router is built anew.</summary>
internal sealed class RestartClean : Scenario<RestartNetwork>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementNetworkAsync();
    }

    public override Order? OrderIn(SmallZone zone) => RestartNetwork.For(zone.Network, cleanup: true);

    public override void Check(Footprint after) => after.ShouldSay("router router Running on=host1", "on host1: configuration new");
}
