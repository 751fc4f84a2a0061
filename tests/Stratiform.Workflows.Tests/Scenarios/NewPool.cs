using Stratiform.Management.Storage;
using Stratiform.Management.Storage.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>An operator adds a pool to two hosts.</summary>
internal sealed class NewPool : Scenario<AddPool>
{
    public override int Hosts => 2;

    // The row that the command wrote goes again.
    public override IReadOnlyList<string> Shared => ["pool"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        for (var i = 0; i < zone.Hosts.Count; i++) await zone.ConnectAsync(zone.Hosts[i], zone.Machines[i]);
    }

    public override Order? OrderIn(SmallZone zone) =>
        zone.Pool.State == PoolState.Initialized ? AddPool.For(zone.Pool, zone.Hosts) : null;

    public override void Check(Footprint after) => after.ShouldSay("on host1: pool pool", "on host2: pool pool", "pool pool Up promised=0");
}
