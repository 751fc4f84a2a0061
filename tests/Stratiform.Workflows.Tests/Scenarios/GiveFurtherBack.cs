using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>The card of a running virtual machine loses a further address.</summary>
internal sealed class GiveFurtherBack : Scenario<RemoveNicAddress>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        zone.AddFurther();
        await zone.RunVmAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Further is null ? null : RemoveNicAddress.For(zone.Vm!, zone.Further);

    public override void Check(Footprint after) => after.ShouldNotName("further");
}
