using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A stopped virtual machine starts again.</summary>
internal sealed class StartAgain : Scenario<StartVm>
{
    public override Task ArrangeAsync(SmallZone zone) => zone.FillAsync();

    public override Order? OrderIn(SmallZone zone) => zone.Vm is null ? null : StartVm.For(zone.Vm, zone.VmSubjects, onlyHost: null);

    public override void Check(Footprint after) => after.ShouldSay("vm vm Running on=host1", "on host1: domain vm Running");
}
