using Stratiform.Management.Images;
using Stratiform.Management.Images.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>The copy of a deleted template goes from its pool.</summary>
internal sealed class DropImage : Scenario<RemovePoolImage>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.CopyTemplateAsync();
        zone.Template.Remove(zone.Cloud.Clock.GetUtcNow());
    }

    // Nobody asks for it while disks need the copy.
    public override Order? OrderIn(SmallZone zone) =>
        zone.Vm is null ? RemovePoolImage.For(new PoolImage(zone.Template.Id, zone.Pool.Id)) : null;

    public override void Check(Footprint after) => after.ShouldNotName("copy");
}
