using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A virtual machine's QEMU died.</summary>
internal sealed class Revive : Scenario<ReviveVm>
{
    // What is wanted stands, so a failure takes nothing back.
    public override IReadOnlyList<string> Shared => ["on host1: domain vm", "card nic"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync(withDomain: false);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Vm is null ? null : ReviveVm.For(zone.Vm.Id, zone.VmSubjects);

    public override void Check(Footprint after) => after.ShouldSay("vm vm Running on=host1", "on host1: domain vm Running");
}
