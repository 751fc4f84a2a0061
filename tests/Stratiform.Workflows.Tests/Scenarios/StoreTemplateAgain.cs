using Stratiform.Agent.Storage;
using Stratiform.Management.Images.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A template comes into an image store from another of its zone.</summary>
internal sealed class StoreTemplateAgain : Scenario<CopyImageToStore>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync(withAnother: true);
        await zone.StoreTemplateAsync();
        // Where it came from is no more.
        zone.Cloud.Hosts.Disks.Sources[zone.Template.Url] = new FakeSource(IsMissing: true);
    }

    public override Order? OrderIn(SmallZone zone) =>
        zone.OtherStore is { } store ? CopyImageToStore.For(zone.Template.Id, store.Id, from: zone.Template.Id) : null;

    public override void Check(Footprint after) =>
        after.ShouldSay("original original ready=True", "original twin ready=True", "in store: image original", "in store: image twin");
}
