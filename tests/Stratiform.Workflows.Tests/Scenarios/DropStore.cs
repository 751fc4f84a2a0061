using Stratiform.Management.Images;
using Stratiform.Management.Images.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>An operator deletes an image store with the image of a deleted template.</summary>
internal sealed class DropStore : Scenario<RemoveStore>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync();
        await zone.StoreTemplateAsync();
        zone.Template.Remove(zone.Cloud.Clock.GetUtcNow());
    }

    public override Order? OrderIn(SmallZone zone) => zone.Store is { } store
        ? RemoveStore.For(store, [new StoreImage(zone.Template.Id, store.Id)])
        : null;

    public override void Check(Footprint after)
    {
        after.ShouldNotName("store");
        after.ShouldNotName("original");
    }
}
