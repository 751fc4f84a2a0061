using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A network whose router runs gets a second one, on another host.</summary>
internal sealed class GainSecond : Scenario<RestartNetwork>
{
    public override int Hosts => 2;

    public override IReadOnlyList<string> Shared => ["plug", "reservation", "capacity", "on host2:", "router", "network"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementNetworkAsync();
    }

    public override Order? OrderIn(SmallZone zone) => RestartNetwork.For(zone.Network, cleanup: false, makeRedundant: true);

    public override void Check(Footprint after) => after.ShouldSay("router router Running on=host1", "router new Running on=host2", "on host2: configuration new");
}
