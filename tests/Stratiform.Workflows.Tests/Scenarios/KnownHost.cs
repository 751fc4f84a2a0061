using Stratiform.Management.Storage.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A host booted: its networks are gone.</summary>
internal sealed class KnownHost : Scenario<ConnectHost>
{
    // It stays a host of the cloud, whatever fails.
    public override IReadOnlyList<string> Shared => ["on host1: network"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        zone.Machines[0].Fabric.LosePower();
    }

    public override Order? OrderIn(SmallZone zone) => ConnectHost.For(zone.Hosts[0], isNew: false);

    public override void Check(Footprint after) => after.ShouldSay("on host1: network outside");
}
