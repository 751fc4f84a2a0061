using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>The one router of a pair that has a host is built anew, and the other one waits on for a host.</summary>
internal sealed class RestartLonely : Scenario<RestartNetwork>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementPairAsync(secondRuns: false);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Second is null ? null : RestartNetwork.For(zone.Network, cleanup: true);

    public override void Check(Footprint after) => after.ShouldSay("router router Running on=host1", "router second Stopped on=");
}
