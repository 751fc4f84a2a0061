using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A router was rebuilt, and nobody has ended its old domain yet.</summary>
internal sealed class EndOldDomain : Scenario<EndTwin>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementNetworkAsync();
        await zone.LeaveTwinAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Router is null ? null : EndTwin.For(zone.Router);

    public override void Check(Footprint after)
    {
        after.ShouldSay("router router Running on=host1", "on host1: domain router Running");
        after.ShouldNotName("twin");
        after.ShouldNotName("new");
    }
}
