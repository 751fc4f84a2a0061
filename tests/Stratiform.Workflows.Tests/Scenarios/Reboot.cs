using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A guest is asked to shut down, and boots again.</summary>
internal sealed class Reboot : Scenario<RebootVm>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Vm is null ? null : RebootVm.For(zone.Vm, zone.VmSubjects, forced: false);

    public override void Check(Footprint after) => after.ShouldSay("vm vm Running on=host1", "on host1: domain vm Running");
}
