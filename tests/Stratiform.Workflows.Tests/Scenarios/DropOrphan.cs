using Stratiform.Management.Images.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>What no row names goes from a store, and what one names stays.</summary>
internal sealed class DropOrphan : Scenario<RemoveStoreOrphan>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync();
        await zone.StoreTemplateAsync();
        await zone.LeaveOrphanAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Orphan is { } orphan ? RemoveStoreOrphan.For(zone.Store!.Id, orphan) : null;

    public override void Check(Footprint after)
    {
        after.ShouldNotName("orphan");
        after.ShouldSay("in store: image original");
    }
}
