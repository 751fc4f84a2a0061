using Stratiform.Management.Images.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A template comes into an image store.</summary>
internal sealed class StoreTemplate : Scenario<CopyImageToStore>
{
    // What was learnt of the template stays true.
    public override IReadOnlyList<string> Shared => ["template"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync();
    }

    public override Order? OrderIn(SmallZone zone) =>
        zone.Store is { } store ? CopyImageToStore.For(zone.Template.Id, store.Id) : null;

    public override void Check(Footprint after) =>
        after.ShouldSay("original original ready=True", "in store: image original", "template template Ready");
}
