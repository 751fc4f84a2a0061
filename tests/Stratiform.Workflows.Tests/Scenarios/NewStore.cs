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

    // Where a store stays that workers know already nobody tells them anew, and it would wait.
    public override Order? OrderIn(SmallZone zone) => zone is { Store: { } store, OtherStore: null } ? AddStore.For(store) : null;

    public override void Check(Footprint after) => after.ShouldSay("store store readonly=False");
}
