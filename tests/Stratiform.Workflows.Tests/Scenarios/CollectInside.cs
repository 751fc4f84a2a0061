using Stratiform.Management.SystemVms.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>What tells how a running router is is collected, to be downloaded.</summary>
internal sealed class CollectInside : Scenario<CollectDiagnostics>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementNetworkAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Router is null ? null : CollectDiagnostics.In(zone.Router.Id.Value, ["ipaddr"]);

    public override void Check(Footprint after) => after.ShouldSay("router router Running on=host1", "diagnostics of=router");
}
