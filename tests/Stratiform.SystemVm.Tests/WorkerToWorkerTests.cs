using Stratiform.Protocol;

namespace Stratiform.SystemVm.Tests;

/// <summary>A worker fetches from another worker by the link that the other serves, and gets the same object.</summary>
public sealed class WorkerToWorkerTests
{
    private const int SectorBytes = 2048;
    private readonly Guid _image = Guid.CreateVersion7();

    [Theory]
    [InlineData(ImageFormat.Qcow2)]
    [InlineData(ImageFormat.Iso)]
    public async Task What_arrives_is_what_is_served(ImageFormat format)
    {
        await using var here = await Bench.StartAsync();
        await using var there = await Bench.StartAsync();
        var content = format == ImageFormat.Iso ? Iso() : Disks.Qcow2(5 << 20);
        var original = await there.BringAsync(there.Image(there.Serve("/image", content)) with { ImageId = _image, Format = format });
        original.State.ShouldBe(HostWorkState.Done, original.Error?.Text);

        var copy = await here.BringAsync(Fetching(there, format, original.Checksum));
        copy.State.ShouldBe(HostWorkState.Done, copy.Error?.Text);
        (copy.Checksum, copy.VirtualSizeBytes, copy.PhysicalSizeBytes).ShouldBe((original.Checksum, original.VirtualSizeBytes, original.PhysicalSizeBytes));
        here.Files(Bench.Store).ShouldBe(there.Files(Bench.Store));
        foreach (var file in here.Files(Bench.Store))
            (await File.ReadAllBytesAsync(At(here, file))).ShouldBe(await File.ReadAllBytesAsync(At(there, file)));
        (await there.ReadAsync()).BytesOut.ShouldBe(content.Length);
    }

    [Fact]
    public async Task What_changed_on_the_way_is_not_taken()
    {
        await using var here = await Bench.StartAsync();
        await using var there = await Bench.StartAsync();
        var original = await there.BringAsync(there.Image(there.Serve("/image", Disks.Qcow2())) with { ImageId = _image });
        await using (var file = File.OpenWrite(At(there, $"{_image}")))
        {
            file.Seek(4096, SeekOrigin.Begin);
            file.WriteByte(1);
            file.WriteByte(2);
        }
        var copy = await here.BringAsync(Fetching(there, ImageFormat.Qcow2, original.Checksum));
        copy.Error!.Code.ShouldBe(HostErrorCode.Corrupt);
        here.Files(Bench.Store).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_gone_there_is_said_to_be_and_another_link_goes_on()
    {
        await using var here = await Bench.StartAsync();
        await using var there = await Bench.StartAsync();
        var disk = Disks.Qcow2();
        await there.BringAsync(there.Image(there.Serve("/image", disk)) with { ImageId = _image });
        var order = Fetching(there, ImageFormat.Qcow2, Disks.Sum(disk));
        File.Move(At(there, $"{_image}"), there.Folder + "/aside");
        (await here.BringAsync(order)).Error!.Code.ShouldBe(HostErrorCode.NotFound);
        File.Move(there.Folder + "/aside", At(there, $"{_image}"));
        (await here.BringAsync(order with { Source = Fetching(there, ImageFormat.Qcow2, "").Source })).State.ShouldBe(HostWorkState.Done);
    }

    private EnsureImage Fetching(Bench there, ImageFormat format, string checksum)
    {
        var link = new StoreLink(Bench.Store, _image, "image", TimeProvider.System.GetUtcNow().AddMinutes(5));
        return new EnsureImage
        {
            PoolId = Bench.Store,
            ImageId = _image,
            Source = new Uri(there.Links, link.Sign(Bench.Key)).AbsoluteUri,
            Checksum = checksum,
            Format = format,
            Allowed = [$"{there.Links.Host}/32"],
        };
    }

    private static string At(Bench bench, string file) => $"{bench.FolderOf(Bench.Store)}/images/{file}";

    // ECMA-119: the volume descriptors begin in the sixteenth sector.
    private static byte[] Iso()
    {
        var disc = new byte[64 * SectorBytes];
        disc[16 * SectorBytes] = 1;
        "CD001"u8.CopyTo(disc.AsSpan(16 * SectorBytes + 1));
        disc[16 * SectorBytes + 6] = 1;
        return disc;
    }
}
