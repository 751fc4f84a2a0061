using Stratiform.Management.SystemVms.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A running router probes the network.</summary>
internal sealed class ProbeFromInside : Scenario<Diagnose>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementNetworkAsync();
    }

    public override Order? OrderIn(SmallZone zone) =>
        zone.Router is null ? null : Diagnose.From(zone.Router.Id.Value, new(NetworkProbe.Ping, "192.0.2.1", ["-c", "1"]));

    public override void Check(Footprint after) => after.ShouldSay("router router Running on=host1");
}
