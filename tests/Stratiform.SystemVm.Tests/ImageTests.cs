using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.SystemVm.Tests;

/// <summary>Images that come to stores: whole or not at all.</summary>
public sealed class ImageTests
{
    [Fact]
    public async Task An_image_comes_whole_with_its_checksum_beside_it()
    {
        await using var bench = await Bench.StartAsync();
        var disk = Disks.Qcow2();
        var image = bench.Image(bench.Serve("/disk", disk));
        (await bench.AskAsync<ImageProgress>("EnsureImage", image)).State.ShouldBe(HostWorkState.Running);
        var done = await bench.BringAsync(image);
        done.State.ShouldBe(HostWorkState.Done, done.Error?.Text);
        (done.VirtualSizeBytes, done.PhysicalSizeBytes, done.Checksum).ShouldBe((Disks.VirtualSize, disk.Length, Disks.Sum(disk)));
        bench.Files(Bench.Store).ShouldBe([$"{image.ImageId}", $"{image.ImageId}.checksum"]);
        (await File.ReadAllTextAsync($"{bench.FolderOf(Bench.Store)}/images/{image.ImageId}.checksum")).ShouldBe(Disks.Sum(disk));
        (await bench.ReadAsync()).BytesIn.ShouldBe(disk.Length);
    }

    [Fact]
    public async Task What_lies_whole_is_not_brought_again()
    {
        await using var bench = await Bench.StartAsync();
        var image = bench.Image(bench.Serve("/disk", Disks.Qcow2()));
        await bench.BringAsync(image);
        bench.Answers.Clear();
        (await bench.AskAsync<ImageProgress>("EnsureImage", image)).State.ShouldBe(HostWorkState.Done);
    }

    [Fact]
    public async Task An_image_of_another_format_is_converted_and_a_packed_one_unpacked()
    {
        await using var bench = await Bench.StartAsync();
        var raw = bench.Folder + "/raw";
        await File.WriteAllBytesAsync(raw, new byte[4 << 20]);
        await Shell.RunAsync("gzip", [raw]);
        var image = bench.Image(bench.Serve("/raw.gz", await File.ReadAllBytesAsync(raw + ".gz"))) with { Format = ImageFormat.Raw };
        var done = await bench.BringAsync(image);
        done.State.ShouldBe(HostWorkState.Done, done.Error?.Text);
        done.VirtualSizeBytes.ShouldBe(4 << 20);
        var made = await File.ReadAllBytesAsync($"{bench.FolderOf(Bench.Store)}/images/{image.ImageId}");
        done.Checksum.ShouldBe(Disks.Sum(made));
    }

    [Theory]
    [InlineData("/missing", HostErrorCode.NotFound, "There is nothing at")]
    [InlineData("/backing", HostErrorCode.Corrupt, "it has a backing file")]
    [InlineData("/page", HostErrorCode.Corrupt, "it is no QCOW2 image but RAW")]
    [InlineData("/large", HostErrorCode.Invalid, "its virtual size is 1099511627776 bytes")]
    [InlineData("/wrong", HostErrorCode.Corrupt, "it has the checksum")]
    [InlineData("/outside", HostErrorCode.Invalid, "is not accepted")]
    public async Task What_is_not_welcome_leaves_nothing(string path, HostErrorCode code, string text)
    {
        await using var bench = await Bench.StartAsync();
        bench.Serve("/backing", Disks.WithBackingFile());
        bench.Serve("/page", "<html>"u8.ToArray());
        bench.Serve("/large", Disks.Qcow2(virtualSize: 1L << 40));
        bench.Serve("/wrong", Disks.Qcow2());
        bench.Serve("/outside", Disks.Qcow2());
        var image = bench.Image(path) with { MaxVirtualSizeBytes = 1L << 31 };
        if (path == "/wrong") image = image with { Checksum = new string('0', 64) };
        if (path == "/outside") image = image with { Allowed = [] };
        var failed = await bench.BringAsync(image);
        failed.State.ShouldBe(HostWorkState.Failed);
        failed.Error!.Code.ShouldBe(code);
        failed.Error.Text.ShouldContain(text);
        bench.Files(Bench.Store).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_truncated_image_goes_on_where_it_was_and_failing_that_leaves_nothing()
    {
        await using var bench = await Bench.StartAsync();
        var disk = Disks.Qcow2();
        bench.Answers["/short"] = async http =>
        {
            http.Response.ContentLength = disk.Length;
            await http.Response.BodyWriter.WriteAsync(disk.AsMemory(0, 1000), CancellationToken.None);
            http.Abort();
        };
        var image = bench.Image("/short");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var failed = await bench.BringAsync(image);
        failed.Error!.Code.ShouldBe(HostErrorCode.Failed);
        bench.Files(Bench.Store).ShouldBeEmpty();
        bench.Serve("/short", disk);
        (await bench.BringAsync(image)).State.ShouldBe(HostWorkState.Done, "asking again after a failure begins anew");
    }

    [Fact]
    public async Task A_part_that_another_worker_left_is_thrown_away()
    {
        await using var bench = await Bench.StartAsync();
        var image = bench.Image(bench.Serve("/disk", Disks.Qcow2()));
        Directory.CreateDirectory(bench.FolderOf(Bench.Store) + "/images");
        foreach (var left in new[] { ".partial", ".partial.origin", ".partial-x", ".checksum" })
            await File.WriteAllTextAsync($"{bench.FolderOf(Bench.Store)}/images/{image.ImageId}{left}", "left");
        (await InventoryAsync(bench)).Objects.Single().Whole.ShouldBeFalse();
        (await bench.BringAsync(image)).State.ShouldBe(HostWorkState.Done);
        bench.Files(Bench.Store).ShouldBe([$"{image.ImageId}", $"{image.ImageId}.checksum"]);
        var found = (await InventoryAsync(bench)).Objects.Single();
        (found.ImageId, found.Whole).ShouldBe((image.ImageId, true));
    }

    [Fact]
    public async Task Work_under_way_counts_as_a_session_until_it_is_taken_back()
    {
        await using var bench = await Bench.StartAsync();
        bench.Answers["/slow"] = async http =>
        {
            await http.Response.BodyWriter.WriteAsync(Disks.Qcow2(), http.RequestAborted);
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        };
        var image = bench.Image("/slow");
        await bench.AskAsync<ImageProgress>("EnsureImage", image);
        (await bench.AskAsync<ImageProgress>("EnsureImage", image)).State.ShouldBe(HostWorkState.Running);
        (await bench.ReadAsync()).Sessions.ShouldBe(1);
        await bench.AskAsync<Done>("EnsureNoImage", new EnsureNoImage(Bench.Store, image.ImageId));
        (await bench.ReadAsync()).Sessions.ShouldBe(0);
        bench.Files(Bench.Store).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_image_that_is_not_wanted_is_gone_and_asking_again_is_no_error()
    {
        await using var bench = await Bench.StartAsync();
        var image = bench.Image(bench.Serve("/disk", Disks.Qcow2()));
        await bench.BringAsync(image);
        for (var time = 0; time < 2; time++) await bench.AskAsync<Done>("EnsureNoImage", new EnsureNoImage(Bench.Store, image.ImageId));
        bench.Files(Bench.Store).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_worker_has_no_files_to_copy_from()
    {
        await using var bench = await Bench.StartAsync();
        var refusal = await Should.ThrowAsync<HostException>(
            () => bench.AskAsync<ImageProgress>("EnsureImage", bench.Image("/x") with { Source = "file:///etc/passwd" }));
        refusal.Code.ShouldBe(HostErrorCode.Invalid);
    }

    private static Task<StoreInventory> InventoryAsync(Bench bench) =>
        bench.AskAsync<StoreInventory>("ReadStore", new { storeId = Bench.Store });
}
