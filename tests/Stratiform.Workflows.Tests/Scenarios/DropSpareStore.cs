using Stratiform.Management.Images;
using Stratiform.Management.Images.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>An operator deletes an image store whose template lies in another as well.</summary>
internal sealed class DropSpareStore : Scenario<RemoveStore>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync(withAnother: true);
        await zone.StoreTemplateAsync();
        await zone.StoreTemplateAsync(zone.OtherStore!);
    }

    public override Order? OrderIn(SmallZone zone) => zone.OtherStore is { } store
        ? RemoveStore.For(store, [new StoreImage(zone.Template.Id, store.Id)])
        : null;

    public override void Check(Footprint after)
    {
        after.ShouldSay("original original ready=True", "in store: image original");
        after.ShouldNotName("annex");
        after.ShouldNotName("twin");
    }
}
