using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A running virtual machine loses a card.</summary>
internal sealed class LeaveNetwork : Scenario<RemoveNic>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.JoinSideAsync();
        await zone.RunVmAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.SideNic is null ? null : RemoveNic.For(zone.Vm!, zone.SideNic);

    public override void Check(Footprint after)
    {
        after.ShouldSay("card nic plugged=vm", "vm vm Running on=host1");
        after.ShouldNotName("sidenic");
    }
}
