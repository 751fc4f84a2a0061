using Stratiform.Management.Images.Workflows;
using Stratiform.Management.Storage;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A volume is uploaded from a URL.</summary>
internal sealed class BringVolume : Scenario<UploadVolume>
{
    // That it failed is said of it; ImageGc takes what had come.
    public override IReadOnlyList<string> Shared => ["template", "volume", "original", "in"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync();
        zone.AddUpload("http://images/disk.qcow2");
    }

    public override Order? OrderIn(SmallZone zone) =>
        zone is { Disk: { State: VolumeState.NotUploaded } disk, Content: { } content } ? UploadVolume.For(disk, content, upload: null) : null;

    public override void Check(Footprint after) =>
        after.ShouldSay("original original ready=True", "in store: image original", "template content Ready", "volume disk Uploaded on=");
}
