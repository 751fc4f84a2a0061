using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A running virtual machine's drive is emptied.</summary>
internal sealed class EjectDisc : Scenario<DetachIso>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.CopyIsoAsync();
        await zone.RunVmAsync();
        await zone.InsertIsoAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Vm is null ? null : DetachIso.For(zone.Vm, forced: false);

    public override void Check(Footprint after)
    {
        after.ShouldSay("copy disc ready=True", "vm vm Running on=host1");
        after.ShouldNotName("drive");
        after.ShouldNotName("in");
    }
}
