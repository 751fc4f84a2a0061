using Stratiform.Management.Images;
using Stratiform.Management.Images.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>The image of a deleted template goes from its store.</summary>
internal sealed class DropOriginal : Scenario<RemoveStoreImage>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync();
        await zone.StoreTemplateAsync();
        zone.Template.Remove(zone.Cloud.Clock.GetUtcNow());
    }

    public override Order? OrderIn(SmallZone zone) =>
        zone.Store is { } store ? RemoveStoreImage.For(new StoreImage(zone.Template.Id, store.Id)) : null;

    public override void Check(Footprint after) => after.ShouldNotName("original");
}
