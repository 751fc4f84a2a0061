using Stratiform.Management.Images;
using Stratiform.Management.Storage;
using Stratiform.Management.Storage.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>An operator deletes a pool on which a copy lies of a template that lies in a store as well.</summary>
internal sealed class DropPool : Scenario<RemovePool>
{
    public override int Hosts => 2;

    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync();
        await zone.StoreTemplateAsync();
        await zone.CopyTemplateAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Pool.State == PoolState.Up
        ? RemovePool.For(zone.Pool, zone.Hosts, [new PoolImage(zone.Template.Id, zone.Pool.Id)])
        : null;

    public override void Check(Footprint after)
    {
        after.ShouldNotName("pool");
        after.ShouldNotName("copy");
    }
}
