using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>Both routers of a VPC are led into the network of a new private gateway.</summary>
internal sealed class OpenBothDoors : Scenario<OpenGateway>
{
    public override int Hosts => 2;

    // If the cards cannot come, the gateway goes again.
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddVpcAsync();
        await zone.AddTiersAsync(withBack: false, asPair: true);
        zone.AddDoor();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Door is null ? null : OpenGateway.For(zone.Door);

    public override void Check(Footprint after) => after.ShouldSay("door Ready to=beside guarded=new", "router card plugged=router network=beside", "router card plugged=second network=beside");
}
