using Stratiform.Agent.Storage;
using Stratiform.Management.Images.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A template comes to a pool from an image store that the host reads itself.</summary>
internal sealed class CopyFromStore : Scenario<CopyImageToPool>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync();
        await zone.StoreTemplateAsync();
        // Where it came from is no more.
        zone.Cloud.Hosts.Disks.Sources[zone.Template.Url] = new FakeSource(IsMissing: true);
    }

    public override Order? OrderIn(SmallZone zone) =>
        zone.Store is null ? null : CopyImageToPool.For(zone.Template.Id, zone.Pool.Id, zone.Hosts[0].Id);

    public override void Check(Footprint after) => after.ShouldSay("copy copy ready=True", "on pool: image copy", "in store: image original");
}
