using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A VPC without tiers goes, and its address with it.</summary>
internal sealed class DropVpc : Scenario<RemoveVpc>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.AddVpcAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone is { Vpc: not null, Front: null } ? RemoveVpc.For(zone.Vpc) : null;

    public override void Check(Footprint after) => after.ShouldNotName("vpc");
}
