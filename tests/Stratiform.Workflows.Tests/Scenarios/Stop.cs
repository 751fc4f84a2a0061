using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A guest is asked to shut down.</summary>
internal sealed class Stop : Scenario<StopVm>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Vm is null ? null : StopVm.For(zone.Vm, zone.VmSubjects, forced: false);

    public override void Check(Footprint after) => after.ShouldSay("vm vm Stopped on=");
}
