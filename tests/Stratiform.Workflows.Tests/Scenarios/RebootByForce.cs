using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>The power is cut and comes back.</summary>
internal sealed class RebootByForce : Scenario<RebootVm>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Vm is null ? null : RebootVm.For(zone.Vm, zone.VmSubjects, forced: true);

    public override void Check(Footprint after) => after.ShouldSay("vm vm Running on=host1", "on host1: domain vm Running");
}
