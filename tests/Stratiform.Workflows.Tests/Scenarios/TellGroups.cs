using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A host is told of its guests' security groups.</summary>
internal sealed class TellGroups : Scenario<ApplyGroups>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
        await zone.JoinGroupAsync(isTold: false);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Group is null ? null : ApplyGroups.For(zone.Hosts[0].Id);

    public override void Check(Footprint after) => after.ShouldSay("groups told=host1", "group group member=vm");
}
