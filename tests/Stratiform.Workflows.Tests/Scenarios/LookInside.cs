using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A running router looks at itself.</summary>
internal sealed class LookInside : Scenario<LookAtRouter>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementNetworkAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Router is null ? null : LookAtRouter.For(zone.Router);

    public override void Check(Footprint after) => after.ShouldSay("router router Running on=host1", "sight of=router well=True");
}
