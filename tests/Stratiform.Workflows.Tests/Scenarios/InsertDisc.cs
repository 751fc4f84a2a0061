using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A running virtual machine gets an ISO that its pool has yet to get.</summary>
internal sealed class InsertDisc : Scenario<AttachIso>
{
    // The pool keeps its copy; what was learnt of the ISO stays true.
    public override IReadOnlyList<string> Shared => ["copy", "on", "template"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Vm is null ? null : AttachIso.For(zone.Vm, zone.Iso.Id, forced: false);

    public override void Check(Footprint after) =>
        after.ShouldSay("drive of=vm wants=iso", "disc in=vm image=disc", "copy disc ready=True", "vm vm Running on=host1");
}
