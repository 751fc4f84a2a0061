using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A network's configuration is applied again.</summary>
internal sealed class RestartAsIs : Scenario<RestartNetwork>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementNetworkAsync();
    }

    public override Order? OrderIn(SmallZone zone) => RestartNetwork.For(zone.Network, cleanup: false);

    public override void Check(Footprint after) => after.ShouldSay("router router Running on=host1", "on host1: configuration router");
}
