using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>An administrator throws a router away, whatever is under way with it: it is built anew.</summary>
internal sealed class DestroyRouter : Scenario<StopRouter>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementNetworkAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Router is null ? null : StopRouter.For(zone.Router, [zone.Network.Id], hold: false, overtakes: true);

    public override void Check(Footprint after) => after.ShouldSay("router router Running on=host1", "on host1: configuration router");
}
