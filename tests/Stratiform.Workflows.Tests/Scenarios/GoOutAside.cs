using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A virtual machine's way out goes by its other card.</summary>
internal sealed class GoOutAside : Scenario<SetDefaultNic>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.JoinSideAsync();
        await zone.RunVmAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.SideNic is null ? null : SetDefaultNic.For(zone.Vm!, zone.SideNic);

    public override void Check(Footprint after) => after.ShouldSay("way out by=sidenic");
}
