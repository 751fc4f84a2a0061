using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A stopped virtual machine gets an ISO: nothing but a note for its next start.</summary>
internal sealed class NoteDisc : Scenario<AttachIso>
{
    public override Task ArrangeAsync(SmallZone zone) => zone.FillAsync();

    public override Order? OrderIn(SmallZone zone) => zone.Vm is null ? null : AttachIso.For(zone.Vm, zone.Iso.Id, forced: false);

    public override void Check(Footprint after)
    {
        after.ShouldSay("drive of=vm wants=iso", "vm vm Stopped on=");
        after.ShouldNotName("disc");
    }
}
