using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>Both routers of a VPC leave the network of a private gateway that is deleted.</summary>
internal sealed class CloseBothDoors : Scenario<CloseGateway>
{
    public override int Hosts => 2;

    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddVpcAsync();
        await zone.AddTiersAsync(withBack: false, withDoor: true, asPair: true);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Door is null ? null : CloseGateway.For(zone.Door);

    public override void Check(Footprint after) => after.ShouldNotName("door");
}
