using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A router learns what changed in its network.</summary>
internal sealed class BringRouterForward : Scenario<ApplyRouter>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementNetworkAsync();
        zone.RaiseGeneration();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Router is null ? null : ApplyRouter.For(zone.Router);

    public override void Check(Footprint after) => after.ShouldSay("router router Running on=host1", "on host1: configuration router");
}
