using Stratiform.Agent.Storage;
using Stratiform.Management.Images.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A template comes into an image store from one of another zone.</summary>
internal sealed class StoreTemplateFromElsewhere : Scenario<CopyImageToStore>
{
    public override IReadOnlyList<string> Shared => ["template"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.AddZoneAsync();
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync();
        zone.Cloud.Hosts.Disks.Sources[zone.Template.Url] = new FakeSource(IsMissing: true);
    }

    public override Order? OrderIn(SmallZone zone) => zone is { Store: { } store, Elsewhere: { } elsewhere }
        ? CopyImageToStore.For(zone.Template.Id, store.Id, from: elsewhere.Template.Id)
        : null;

    public override void Check(Footprint after) =>
        after.ShouldSay("original original ready=True", "in store: image original", "template template Ready");
}
