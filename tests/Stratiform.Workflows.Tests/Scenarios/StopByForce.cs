using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>The power is cut.</summary>
internal sealed class StopByForce : Scenario<StopVm>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Vm is null ? null : StopVm.For(zone.Vm, zone.VmSubjects, forced: true);

    public override void Check(Footprint after) => after.ShouldSay("vm vm Stopped on=");
}
