using Stratiform.Management.Storage.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>An operator adds a host to a zone that has a pool.</summary>
internal sealed class NewHost : Scenario<ConnectHost>
{
    // The row that the command wrote goes again.
    public override IReadOnlyList<string> Shared => ["host"];

    public override Task ArrangeAsync(SmallZone zone) => Task.CompletedTask;

    public override Order? OrderIn(SmallZone zone) =>
        zone.Hosts[0].MachineId == default ? ConnectHost.For(zone.Hosts[0], isNew: true) : null;

    public override void Check(Footprint after) => after.ShouldSay("on host1: pool pool", "on host1: network outside", "pool pool Up promised=0");
}
