using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>The router of a VPC is built anew beside the one that serves, for all tiers at once.</summary>
internal sealed class RebuildForVpc : RebuildBeside
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddVpcAsync();
        await zone.AddTiersAsync(withBack: true);
    }

    public override Order? OrderIn(SmallZone zone) =>
        zone.Router is null || zone.Front is null ? null : RebuildRouter.For(zone.Router, [zone.Front.Id, zone.Back!.Id]);

    public override void Check(Footprint after)
    {
        base.Check(after);
        after.ShouldSay("router card plugged=router network=front", "router card plugged=router network=back");
    }
}
