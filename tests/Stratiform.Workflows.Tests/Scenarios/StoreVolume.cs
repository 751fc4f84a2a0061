using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Images;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A template is made of a stopped virtual machine's disk.</summary>
internal sealed class StoreVolume : Scenario<CopyVolumeToStore>
{
    // That it failed is said of it.
    public override IReadOnlyList<string> Shared => ["template"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.AddStoreAsync();
        zone.AddMade();
    }

    public override Order? OrderIn(SmallZone zone) => zone is { Made: { State: TemplateState.Registered } made, Store: { } store, Root: { } root }
        ? CopyVolumeToStore.For(made, root, store)
        : null;

    public override void Check(Footprint after) =>
        after.ShouldSay("original original ready=True", "in store: image original", "template made Ready", "volume root Ready on=pool");
}
