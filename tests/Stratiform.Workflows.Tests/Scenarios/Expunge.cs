using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Infrastructure;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>What is left of a destroyed virtual machine goes.</summary>
internal sealed class Expunge : Scenario<ExpungeVm>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        zone.Vm!.Become(VmState.Destroyed, zone.Cloud.Clock.GetUtcNow());
    }

    public override Order? OrderIn(SmallZone zone) => zone.Vm is null ? null : ExpungeVm.For(zone.Vm, zone.VmSubjects);

    public override void Check(Footprint after)
    {
        after.ShouldNotName("vm");
        after.ShouldNotName("root");
        after.ShouldNotName("nic");
    }
}
