using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A security group loses a rule.</summary>
internal sealed class CloseGroup : Scenario<ChangeGroup>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
        await zone.JoinGroupAsync(isTold: true);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Group is null ? null : ChangeGroup.ToRemove(zone.Group, zone.GroupRule!);

    public override void Check(Footprint after) => after.ShouldNotName("grouprule");
}
