using Stratiform.Management.Images.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>An operator adds an image store to two hosts.</summary>
internal sealed class NewStore : Scenario<AddStore>
{
    public override int Hosts => 2;

    // The row that the command wrote goes again.
    public override IReadOnlyList<string> Shared => ["store"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync(connected: false);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Store is { } store ? AddStore.For(store, zone.Hosts) : null;

    public override void Check(Footprint after) => after.ShouldSay("on host1: pool store", "on host2: pool store", "store store readonly=False");
}
