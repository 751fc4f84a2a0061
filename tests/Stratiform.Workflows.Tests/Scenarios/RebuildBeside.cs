using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A network's router is built anew beside the one that serves.</summary>
internal class RebuildBeside : Scenario<RebuildRouter>
{
    // From when the new one serves, the old one is what is left.
    public override IReadOnlyList<string> Shared =>
    [
        "router rebuilt=router", "router large=router", "twin of=router is=router", "on host1: domain", "on host1: configuration", "reservation", "capacity",
    ];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementNetworkAsync();
        zone.RaiseGeneration();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Router is null ? null : RebuildRouter.For(zone.Router, [zone.Network.Id]);

    public override void Check(Footprint after)
    {
        after.ShouldSay("router router Running on=host1", "router rebuilt=router", "on host1: domain new Running", "on host1: configuration new");
        after.Lines.ShouldNotContain("on host1: domain router Running");
        after.ShouldNotName("twin");
    }
}
