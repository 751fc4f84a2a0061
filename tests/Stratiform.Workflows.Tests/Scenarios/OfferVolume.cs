using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A stopped virtual machine's disk is made ready to be downloaded.</summary>
internal sealed class OfferVolume : Scenario<ExtractVolume>
{
    // ImageGc takes what came into the store before it failed.
    public override IReadOnlyList<string> Shared => ["original", "in"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.AddStoreAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone is { Store: { } store, Root: { } root } ? ExtractVolume.For(root, store) : null;

    public override void Check(Footprint after) =>
        after.ShouldSay("original new ready=True", "in store: image original", "template new Ready", "volume root Ready on=pool");
}
