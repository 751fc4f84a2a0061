using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A VPC's router leaves the network beside it, and the operator's network goes with the last private gateway in it.</summary>
internal sealed class CloseDoor : Scenario<CloseGateway>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddVpcAsync();
        await zone.AddTiersAsync(withBack: false, withDoor: true);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Door is null ? null : CloseGateway.For(zone.Door);

    public override void Check(Footprint after)
    {
        after.ShouldSay("router card plugged=router network=front");
        after.ShouldNotName("door");
        after.ShouldNotName("beside");
    }
}
