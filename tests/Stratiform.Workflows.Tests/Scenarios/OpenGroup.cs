using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A security group gets a rule.</summary>
internal sealed class OpenGroup : Scenario<ChangeGroup>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
        await zone.JoinGroupAsync(isTold: true);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Group is null ? null : ChangeGroup.ToAdd(zone.Group, SmallZone.SecurityRules(80));

    public override void Check(Footprint after) => after.ShouldSay("group rule new of=group port=80", "group rule grouprule of=group port=22", "groups told=host1");
}
