using Stratiform.Agent.Storage;
using Stratiform.Management.Images;
using Stratiform.Management.Images.Workflows;
using Stratiform.Management.Storage;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A volume's owner uploads it.</summary>
internal sealed class TakeVolume : Scenario<UploadVolume>
{
    // That it failed is said of it; ImageGc takes what had come.
    public override IReadOnlyList<string> Shared => ["template", "volume", "original", "in"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync();
        zone.AddUpload("upload:");
        zone.Content!.AwaitUpload();
        zone.Cloud.Hosts.Disks.Store(zone.Store!.Url).Uploaded = new FakeSource();
    }

    public override Order? OrderIn(SmallZone zone)
    {
        if (zone is not { Disk: { State: VolumeState.NotUploaded } disk, Content: { } content, Store: { } store, Worker: { } worker }) return null;
        var seat = new WorkerSeat(worker.Id.Value, zone.Hosts[0].Id, $"{zone.WorkerIp}", "");
        return UploadVolume.For(disk, content, new(content.Id, store.Id, seat, zone.Cloud.Clock.GetUtcNow().AddHours(1)));
    }

    public override void Check(Footprint after) =>
        after.ShouldSay("original original ready=True", "in store: image original", "template content Ready", "volume disk Uploaded on=");
}
