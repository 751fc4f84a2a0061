using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A running virtual machine is destroyed, and nothing is kept.</summary>
internal sealed class DestroyAndExpunge : Scenario<DestroyVm>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Vm is null ? null : DestroyVm.For(zone.Vm, zone.VmSubjects, expunge: true);

    public override void Check(Footprint after) => after.ShouldNotName("root");
}
