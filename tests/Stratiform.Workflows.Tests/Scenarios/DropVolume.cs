using Stratiform.Management.Storage.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A volume that is attached to nothing is deleted.</summary>
internal sealed class DropVolume : Scenario<DeleteVolume>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.PutDiskAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Disk is { } disk ? DeleteVolume.For(disk) : null;

    public override void Check(Footprint after) => after.ShouldNotName("disk");
}
