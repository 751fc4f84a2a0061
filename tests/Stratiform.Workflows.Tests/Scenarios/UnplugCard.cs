using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A router leaves a network and serves the others on.</summary>
internal sealed class UnplugCard : Scenario<UnplugRouter>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddVpcAsync();
        await zone.AddTiersAsync(withBack: false, withDoor: true);
    }

    public override Order? OrderIn(SmallZone zone) => zone is { Beside: { } beside, Router: { } router } ? UnplugRouter.For(router, beside.Id) : null;

    public override void Check(Footprint after)
    {
        after.ShouldSay("router card plugged=router network=front", "router router Running on=host1");
        after.Lines.ShouldNotContain("router card of=router network=beside");
    }
}
