using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>The second router of a pair starts, where the first one is not.</summary>
internal sealed class StartSecond : Scenario<StartRouter>
{
    public override int Hosts => 2;

    public override IReadOnlyList<string> Shared => ["plug", "reservation", "capacity", "on host2:"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementPairAsync(secondRuns: false);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Second is null ? null : StartRouter.UnlessHeld(zone.Second, [zone.Network.Id]);

    public override void Check(Footprint after) => after.ShouldSay("router router Running on=host1", "router second Running on=host2", "on host2: configuration second");
}
