using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A VPC's router gets a card beside the VPC; the command's commit added the private gateway.</summary>
internal sealed class OpenDoor : Scenario<OpenGateway>
{
    // If the card cannot come, the gateway goes again.
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddVpcAsync();
        await zone.AddTiersAsync(withBack: false);
        zone.AddDoor();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Door is null ? null : OpenGateway.For(zone.Door);

    public override void Check(Footprint after) => after.ShouldSay("router card plugged=router network=beside", "router card plugged=router network=front", "on host1: network beside");
}
