using Stratiform.Management.Images.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>An operator adds an image store.</summary>
internal sealed class NewStore : Scenario<AddStore>
{
    // The row that the command wrote goes again.
    public override IReadOnlyList<string> Shared => ["store"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync(withWorker: false);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Store is { } store ? AddStore.For(store) : null;

    public override void Check(Footprint after) => after.ShouldSay("store store readonly=False");
}
