using Stratiform.Agent.Storage;
using Stratiform.Management.Images;
using Stratiform.Management.Images.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A template's owner uploads it into an image store.</summary>
internal sealed class UploadTemplate : Scenario<ReceiveTemplate>
{
    // That it failed is said of it.
    public override IReadOnlyList<string> Shared => ["template"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync();
        zone.Template.AwaitUpload();
        zone.Cloud.Hosts.Disks.Store(zone.Store!.Url).Uploaded = new FakeSource();
    }

    // Elsewhere nobody uploads anything, and it would wait.
    public override Order? OrderIn(SmallZone zone)
    {
        if (zone is not { Store: { } store, Worker: { } worker, Template.State: TemplateState.Awaited }) return null;
        var seat = new WorkerSeat(worker.Id.Value, zone.Hosts[0].Id, $"{zone.WorkerIp}", "");
        return ReceiveTemplate.For(zone.Template.Id, store.Id, seat, zone.Cloud.Clock.GetUtcNow().AddHours(1));
    }

    public override void Check(Footprint after) =>
        after.ShouldSay("original original ready=True", "in store: image original", "template template Ready");
}
