using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Http;
using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.SystemVm.Tests.Buckets;

/// <summary>What a bucket cannot take as it comes gets there by a worker's scratch disk. Real tools, a real disk, a real S3 server.</summary>
[Trait("Needs", "S3")]
[Collection("S3")]
public sealed class S3ScratchTests : IAsyncLifetime
{
    private const int DiskBytes = 24 << 20;

    // What its file system needs of the host while nothing is on it, and no more.
    private const long FewBytes = 4 << 20;
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler());
    private readonly string _folder = Directory.CreateTempSubdirectory("formats").FullName;
    private readonly byte[] _disk = new byte[DiskBytes];
    private readonly S3Server _server = new();
    private LoopScratch? _scratch;
    private Bench? _bench;

    private Bench Worker => _bench!;

    private LoopScratch Scratch => _scratch!;

    private string Raw => $"{_folder}/disk.raw";

    public async Task InitializeAsync()
    {
        new Random(7).NextBytes(_disk.AsSpan(0, 12 << 20));
        await File.WriteAllBytesAsync(Raw, _disk);
        await StartAsync(512, hostMib: 512);
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(ImageFormat.Raw, "raw", "")]
    [InlineData(ImageFormat.Vmdk, "vmdk", "subformat=streamOptimized")]
    [InlineData(ImageFormat.Vhd, "vpc", "subformat=dynamic,force_size=on")]
    [InlineData(ImageFormat.Vhdx, "vhdx", "")]
    [InlineData(ImageFormat.Ova, "vmdk", "subformat=streamOptimized")]
    public async Task Every_format_becomes_the_same_disk_in_the_bucket(ImageFormat format, string driver, string options)
    {
        var path = await MakeAsync(driver, options);
        if (format == ImageFormat.Ova) path = await ArchiveAsync(path);
        await ShouldBecomeTheDiskAsync(Worker.Image(Worker.Serve("/disk", await File.ReadAllBytesAsync(path))) with { Format = format });
    }

    [Theory]
    [InlineData("gzip -c", "qcow2")]
    [InlineData("bzip2 -c", "vmdk")]
    [InlineData("xz -c", "qcow2")]
    [InlineData("zstd -cq", "raw")]
    [InlineData("zip", "qcow2")]
    public async Task Every_packing_is_undone_on_the_way(string program, string driver)
    {
        var packed = await PackAsync(program, await MakeAsync(driver, ""));
        var format = driver switch { "qcow2" => ImageFormat.Qcow2, "vmdk" => ImageFormat.Vmdk, _ => ImageFormat.Raw };
        await ShouldBecomeTheDiskAsync(Worker.Image(Worker.Serve("/packed", packed)) with { Format = format, Checksum = Disks.Sum(packed) });
    }

    [Fact]
    public async Task A_packed_disc_comes_as_the_disc_it_is()
    {
        var disc = Disks.Iso();
        await File.WriteAllBytesAsync($"{_folder}/disc.iso", disc);
        var image = Worker.Image(Worker.Serve("/disc.gz", await PackAsync("gzip -c", $"{_folder}/disc.iso"))) with { Format = ImageFormat.Iso };
        var done = await Worker.BringAsync(image);
        (done.State, done.Checksum).ShouldBe((HostWorkState.Done, Disks.Sum(disc)), done.Error?.Text);
        await RemoveAsync(image);
    }

    [Theory]
    [InlineData("qcow2", "xz -c")]
    [InlineData("vmdk", null)]
    public async Task What_is_uploaded_is_unpacked_and_converted_as_well(string driver, string? program)
    {
        var made = await MakeAsync(driver, "");
        var sent = program is null ? await File.ReadAllBytesAsync(made) : await PackAsync(program, made);
        var link = new UploadLink(Bench.Store, Guid.CreateVersion7(), TimeProvider.System.GetUtcNow().AddMinutes(5));
        var format = driver == "vmdk" ? ImageFormat.Vmdk : ImageFormat.Qcow2;
        var image = Worker.Image("/none") with { ImageId = link.ImageId, Source = link.Source, Format = format };
        await Worker.AskAsync<ImageProgress>("EnsureImage", image);
        (await SendAsync(link, sent)).ShouldBe(HttpStatusCode.OK);
        await ShouldBecomeTheDiskAsync(image);
    }

    [Fact]
    public async Task What_is_not_what_it_should_be_leaves_nothing_in_the_bucket_and_on_the_disk()
    {
        var packed = await PackAsync("gzip -c", Raw);
        Worker.Serve("/packed", packed);
        var image = Worker.Image("/packed");
        (await Worker.BringAsync(image)).Error!.Code.ShouldBe(HostErrorCode.Corrupt);
        (await Worker.BringAsync(Again(image) with { Format = ImageFormat.Raw, Checksum = new string('0', 64) })).Error!.Code.ShouldBe(HostErrorCode.Corrupt);
        (await Worker.BringAsync(Again(image) with { Format = ImageFormat.Raw, MaxVirtualSizeBytes = 1 << 20 })).Error!.Code.ShouldBe(HostErrorCode.Invalid);
        await ShouldBeEmptyAsync();
    }

    [Fact]
    public async Task Without_a_scratch_disk_it_is_refused_with_what_to_do()
    {
        await RestartAsync(0, hostMib: 8);
        Worker.Serve("/packed", [0x1f, 0x8b, .. new byte[1000]]);
        foreach (var image in new[] { Worker.Image("/packed"), Worker.Image("/packed") with { Format = ImageFormat.Vmdk } })
        {
            var refused = (await Worker.BringAsync(image)).Error!;
            refused.Code.ShouldBe(HostErrorCode.Unsupported);
            refused.Text.ShouldContain("has no scratch disk");
            refused.Text.ShouldContain("add an NFS store to the zone");
        }
        var plain = Disks.Qcow2();
        (await Worker.BringAsync(Worker.Image(Worker.Serve("/plain", plain)))).Checksum.ShouldBe(Disks.Sum(plain));
    }

    [Theory]
    [InlineData(32, 512)]
    [InlineData(512, 16)]
    public async Task A_full_disk_or_host_fails_that_transfer_alone(int mib, int hostMib)
    {
        await RestartAsync(mib, hostMib);
        var image = Worker.Image(Worker.Serve("/disk", _disk)) with { Format = ImageFormat.Raw };
        var full = (await Worker.BringAsync(image)).Error!;
        full.Code.ShouldBe(HostErrorCode.NoSpace, full.Text);
        full.Text.ShouldContain("the scratch disk of the secondary storage VM is full, or that of its host");
        await ShouldBeEmptyAsync();
        var plain = Disks.Qcow2();
        (await Worker.BringAsync(Worker.Image(Worker.Serve("/plain", plain)))).Checksum.ShouldBe(Disks.Sum(plain));
        var small = Worker.Image(Worker.Serve("/small", _disk[..(2 << 20)])) with { Format = ImageFormat.Raw };
        (await Worker.BringAsync(small)).State.ShouldBe(HostWorkState.Done);
    }

    [Fact]
    public async Task Several_share_the_disk_and_the_last_gives_it_back()
    {
        var images = Enumerable.Range(0, 3).Select(_ => Worker.Image(Worker.Serve("/disk", _disk)) with { Format = ImageFormat.Raw }).ToList();
        foreach (var image in images) await Worker.AskAsync<ImageProgress>("EnsureImage", image);
        foreach (var image in images) (await Worker.BringAsync(image)).State.ShouldBe(HostWorkState.Done);
        Scratch.IsMounted.ShouldBeFalse();
        Scratch.UsedBytes.ShouldBeLessThan(FewBytes);
        foreach (var image in images) await RemoveAsync(image);
    }

    [Fact]
    public async Task What_is_deleted_there_is_the_hosts_again_at_once()
    {
        var folder = await Scratch.MountAsync(default);
        await File.WriteAllBytesAsync($"{folder}/deleted", _disk);
        await Shell.RunAsync("sync", ["-f", folder]);
        Scratch.UsedBytes.ShouldBeGreaterThan(DiskBytes);
        File.Delete($"{folder}/deleted");
        await Shell.RunAsync("sync", ["-f", folder]);
        Scratch.UsedBytes.ShouldBeLessThan(FewBytes);
    }

    [Fact]
    public async Task What_a_dead_program_left_there_is_gone_with_its_successors_first_image()
    {
        var folder = await Scratch.MountAsync(default);
        await File.WriteAllBytesAsync($"{folder}/left", _disk);
        await ShouldBecomeTheDiskAsync(Worker.Image(Worker.Serve("/disk", _disk)) with { Format = ImageFormat.Raw });
    }

    [Fact]
    public async Task A_transfer_that_is_given_up_there_leaves_nothing()
    {
        Worker.Answers["/slow"] = async http =>
        {
            http.Response.ContentLength = DiskBytes + 1;
            await http.Response.BodyWriter.WriteAsync(_disk, http.RequestAborted);
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        };
        var image = Worker.Image("/slow") with { Format = ImageFormat.Raw };
        for (var ask = 0; ask < 500 && (await Worker.AskAsync<ImageProgress>("EnsureImage", image)).Percent < 50; ask++) await Task.Delay(20);
        Scratch.Files.ShouldContain(file => file.StartsWith($"{image.ImageId}", StringComparison.Ordinal));
        await RemoveAsync(image);
        await ShouldBeEmptyAsync();
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("qemu-img")]
    public async Task What_is_given_up_while_it_is_worked_on_ends_with_its_program(string program)
    {
        await RestartAsync(4096, hostMib: 2048);
        // As long as it takes to see the program at work; of little that repeats.
        await Shell.RunAsync("sh", ["-c", $"yes scratch | head -c 512M >'{_folder}/large'"]);
        var path = $"{_folder}/large.{program}";
        if (program == "gzip") await Shell.RunAsync("sh", ["-c", $"gzip -1c '{_folder}/large' >'{path}'"]);
        else await Shell.RunAsync("qemu-img", ["convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=streamOptimized", $"{_folder}/large", path]);
        File.Delete($"{_folder}/large");
        Worker.Answers["/large"] = http => Results.File(path).ExecuteAsync(http);
        for (var time = 0; time < 3; time++)
        {
            var image = Worker.Image("/large") with { Format = program == "gzip" ? ImageFormat.Raw : ImageFormat.Vmdk };
            for (var ask = 0; ask < 3000 && !Scratch.Users.Contains(program); ask++)
            {
                (await Worker.AskAsync<ImageProgress>("EnsureImage", image)).Error.ShouldBeNull();
                await Task.Delay(2);
            }
            Scratch.Users.ShouldContain(program);
            await RemoveAsync(image);
            Scratch.Users.ShouldBeEmpty();
            await ShouldBeEmptyAsync();
        }
    }

    private async Task ShouldBecomeTheDiskAsync(EnsureImage image)
    {
        var done = await Worker.BringAsync(image);
        done.State.ShouldBe(HostWorkState.Done, done.Error?.Text);
        done.VirtualSizeBytes.ShouldBe(DiskBytes);
        var kept = await FetchAsync(image);
        Disks.Sum(kept).ShouldBe(done.Checksum);
        await File.WriteAllBytesAsync($"{_folder}/kept", kept);
        await Shell.RunAsync("qemu-img", ["compare", "-f", "qcow2", "-F", "raw", $"{_folder}/kept", Raw]);
        await RemoveAsync(image);
        await ShouldBeEmptyAsync();
    }

    private async Task ShouldBeEmptyAsync()
    {
        (await Worker.AskAsync<StoreInventory>("ReadStore", new { storeId = Bench.Store })).Objects.ShouldBeEmpty();
        Scratch.IsMounted.ShouldBeFalse();
        Scratch.UsedBytes.ShouldBeLessThan(FewBytes);
    }

    private async Task StartAsync(int mib, int hostMib)
    {
        var store = _server.Address(Bench.Store);
        _scratch = await LoopScratch.MakeAsync(mib, hostMib);
        _bench = await Bench.StartAsync(setUp: false, _scratch);
        await Worker.AskAsync<WorkerReport>("EnsureWorker", Bench.Setup() with { Stores = [store] });
        foreach (var left in (await Worker.AskAsync<StoreInventory>("ReadStore", new { storeId = Bench.Store })).Objects)
            await Worker.AskAsync<Done>("EnsureNoImage", new EnsureNoImage(Bench.Store, left.ImageId));
    }

    private async Task StopAsync()
    {
        if (_bench is not null) await _bench.DisposeAsync();
        if (_scratch is not null) await _scratch.DisposeAsync();
    }

    private async Task RestartAsync(int mib, int hostMib)
    {
        await StopAsync();
        await StartAsync(mib, hostMib);
    }

    private async Task<string> MakeAsync(string driver, string options)
    {
        var path = $"{_folder}/disk.{driver}";
        if (driver != "raw")
            await Shell.RunAsync("qemu-img", ["convert", "-f", "raw", "-O", driver, .. options.Length > 0 ? new[] { "-o", options } : [], Raw, path]);
        return path;
    }

    private async Task<byte[]> PackAsync(string program, string path)
    {
        var packed = $"{_folder}/packed";
        if (program != "zip")
        {
            await Shell.RunAsync("sh", ["-c", $"{program} '{path}' >'{packed}'"]);
            return await File.ReadAllBytesAsync(packed);
        }
        await using (var zip = await ZipFile.OpenAsync(packed, ZipArchiveMode.Create)) await zip.CreateEntryFromFileAsync(path, "disk");
        return await File.ReadAllBytesAsync(packed);
    }

    private async Task<string> ArchiveAsync(string disk)
    {
        var path = $"{_folder}/disk.ova";
        await using var tar = new TarWriter(File.Create(path), TarEntryFormat.Ustar);
        await tar.WriteEntryAsync(disk, "disk.vmdk");
        return path;
    }

    // Who was refused is forgotten when it is told; another attempt has another name.
    private static EnsureImage Again(EnsureImage image) => image with { ImageId = Guid.CreateVersion7() };

    private Task<Done> RemoveAsync(EnsureImage image) => Worker.AskAsync<Done>("EnsureNoImage", new EnsureNoImage(Bench.Store, image.ImageId));

    private async Task<byte[]> FetchAsync(EnsureImage image)
    {
        var link = new StoreLink(Bench.Store, image.ImageId, "disk", TimeProvider.System.GetUtcNow().AddMinutes(5)).Sign(Bench.Key);
        using var answer = await _http.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(Worker.Links, link)), CancellationToken.None);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private async Task<HttpStatusCode> SendAsync(UploadLink link, byte[] content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Worker.Links, link.Path)) { Content = new ByteArrayContent(content) };
        request.Headers.Add("X-metadata", link.Metadata);
        request.Headers.Add("X-expires", link.ExpiryText);
        request.Headers.Add("X-signature", link.Sign(Bench.Key));
        using var answer = await _http.SendAsync(request, CancellationToken.None);
        return answer.StatusCode;
    }
}
