using Stratiform.Agent.Storage;
using Stratiform.Management.Images.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A template moves from an image store to another of its zone.</summary>
internal sealed class MoveTemplate : Scenario<MoveImage>
{
    // Whole in both stores it is as good as in one.
    public override IReadOnlyList<string> Shared => ["original", "in store: image"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync(withAnother: true);
        await zone.StoreTemplateAsync();
        zone.Cloud.Hosts.Disks.Sources[zone.Template.Url] = new FakeSource(IsMissing: true);
    }

    public override Order? OrderIn(SmallZone zone) =>
        zone is { Store: { } from, OtherStore: { } to } ? MoveImage.For(zone.Template.Id, from.Id, to.Id) : null;

    public override void Check(Footprint after)
    {
        after.ShouldSay("original twin ready=True", "in store: image twin");
        after.ShouldNotName("original original");
    }
}
