using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A network is restarted while an administrator holds its router.</summary>
internal sealed class RestartHeld : Scenario<RestartNetwork>
{
    public override IReadOnlyList<string> Shared => ["router", "reservation router", "capacity", "on host1: domain router", "on host1: configuration router"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.HoldRouterAsync();
    }

    public override Order? OrderIn(SmallZone zone) => RestartNetwork.For(zone.Network, cleanup: false);

    public override void Check(Footprint after)
    {
        after.ShouldSay("router router Running on=host1", "on host1: configuration router");
        after.ShouldNotName("held");
    }
}
