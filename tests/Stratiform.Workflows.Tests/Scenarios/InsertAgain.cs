using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>The disc that is in the drive already is asked for again.</summary>
internal sealed class InsertAgain : Scenario<AttachIso>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.CopyIsoAsync();
        await zone.RunVmAsync();
        await zone.InsertIsoAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Vm is null ? null : AttachIso.For(zone.Vm, zone.Iso.Id, forced: true);

    public override void Check(Footprint after) => after.ShouldSay("drive of=vm wants=iso", "disc in=vm image=disc", "vm vm Running on=host1");
}
