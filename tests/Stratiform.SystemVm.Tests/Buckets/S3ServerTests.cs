using System.Net;
using System.Net.Http.Headers;
using Stratiform.Protocol;

namespace Stratiform.SystemVm.Tests.Buckets;

/// <summary>A worker with a store on a real S3 server: images come whole or not at all, and are read from wherever one likes.</summary>
[Trait("Needs", "S3")]
[Collection("S3")]
public sealed class S3ServerTests : IAsyncLifetime
{
    private const int TwentyMiB = 20 << 20;
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler());
    private S3Server? _server;
    private Bench? _bench;

    private Bench Worker => _bench!;

    public async Task InitializeAsync()
    {
        (_server, _bench) = (new S3Server(), await Bench.StartAsync(setUp: false));
        await Worker.AskAsync<WorkerReport>("EnsureWorker", Bench.Setup() with { Stores = [_server.Address(Bench.Store), _server.Address(Bench.Other, "wrong")] });
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        if (_bench is not null) await _bench.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_small_image_comes_is_listed_and_goes()
    {
        var disk = Disks.Qcow2();
        var image = Worker.Image(Worker.Serve("/disk", disk)) with { Checksum = Disks.Sum(disk) };
        var done = await Worker.BringAsync(image);
        done.State.ShouldBe(HostWorkState.Done, done.Error?.Text);
        (done.VirtualSizeBytes, done.PhysicalSizeBytes, done.Checksum).ShouldBe((Disks.VirtualSize, disk.Length, Disks.Sum(disk)));
        var inventory = await ReadAsync();
        inventory.Space.CapacityBytes.ShouldBe(0);
        inventory.Space.UsedBytes.ShouldBeGreaterThanOrEqualTo(disk.Length);
        inventory.Objects.Single(o => o.ImageId == image.ImageId).Whole.ShouldBeTrue();
        await RemoveAsync(image);
        (await ReadAsync()).Objects.ShouldNotContain(o => o.ImageId == image.ImageId);
        await RemoveAsync(image);
    }

    [Fact]
    public async Task A_large_image_comes_in_parts_and_is_served_whole_and_in_ranges()
    {
        var disk = Disks.Qcow2(TwentyMiB + 777);
        var image = Worker.Image(Worker.Serve("/disk", disk));
        var done = await Worker.BringAsync(image);
        done.State.ShouldBe(HostWorkState.Done, done.Error?.Text);
        done.Checksum.ShouldBe(Disks.Sum(disk));
        var link = new StoreLink(Bench.Store, image.ImageId, "disk", TimeProvider.System.GetUtcNow().AddMinutes(5)).Sign(Bench.Key);
        (await FetchAsync(link, null)).ShouldBe(disk);
        (await FetchAsync(link, new RangeHeaderValue(9_000_000, 9_000_999))).ShouldBe(disk[9_000_000..9_001_000]);
        (await FetchAsync(link, new RangeHeaderValue(null, 10))).ShouldBe(disk[^10..]);
        await RemoveAsync(image);
    }

    [Fact]
    public async Task An_image_that_is_not_as_it_should_be_leaves_nothing()
    {
        Worker.Serve("/wrong", Disks.Qcow2(TwentyMiB));
        Worker.Serve("/page", "<html>"u8.ToArray());
        var wrong = Worker.Image("/wrong") with { Checksum = new string('0', 64) };
        (await Worker.BringAsync(wrong)).Error!.Code.ShouldBe(HostErrorCode.Corrupt);
        (await Worker.BringAsync(Worker.Image("/page"))).Error!.Code.ShouldBe(HostErrorCode.Corrupt);
        (await Worker.BringAsync(Worker.Image("/wrong") with { MaxVirtualSizeBytes = 1 << 20 })).Error!.Code.ShouldBe(HostErrorCode.Invalid);
        (await ReadAsync()).Objects.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_transfer_that_is_given_up_leaves_nothing()
    {
        var image = Worker.Image(ServeWithoutEnd("/slow", Disks.Qcow2(TwentyMiB)));
        await Worker.AskAsync<ImageProgress>("EnsureImage", image);
        StoreObject? part = null;
        for (var ask = 0; ask < 200 && part is null; ask++)
        {
            await Task.Delay(50);
            part = (await ReadAsync()).Objects.SingleOrDefault(o => o.ImageId == image.ImageId && o.Bytes > 0);
        }
        part!.Whole.ShouldBeFalse();
        await RemoveAsync(image);
        (await ReadAsync()).Objects.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wrong_key_is_told_without_the_key_and_hurts_no_other_store()
    {
        var refusal = await Should.ThrowAsync<HostException>(() => Worker.AskAsync<StoreInventory>("ReadStore", new { storeId = Bench.Other }));
        refusal.Code.ShouldBe(HostErrorCode.Failed);
        refusal.Message.ShouldContain("refuses the keys");
        refusal.Message.ShouldNotContain("wrong");
        await ReadAsync();
    }

    [Fact]
    public async Task A_server_that_goes_away_is_waited_for_and_the_transfer_goes_on()
    {
        var disk = Disks.Qcow2(TwentyMiB);
        var image = Worker.Image(Worker.Serve("/disk", disk));
        await Worker.AskAsync<ImageProgress>("EnsureImage", image);
        for (var wait = 0; wait < 500 && _server!.Sent < 5 << 20; wait++) await Task.Delay(10);
        _server!.IsAway = true;
        var refusal = await Should.ThrowAsync<HostException>(ReadAsync);
        refusal.Code.ShouldBe(HostErrorCode.Busy);
        _server.IsAway = false;
        var done = await Worker.BringAsync(image);
        done.State.ShouldBe(HostWorkState.Done, done.Error?.Text);
        done.Checksum.ShouldBe(Disks.Sum(disk));
        await RemoveAsync(image);
    }

    [Fact]
    public async Task A_disc_comes_as_it_is()
    {
        var disc = Disks.Iso();
        var image = Worker.Image(Worker.Serve("/disc", disc)) with { Format = ImageFormat.Iso };
        var done = await Worker.BringAsync(image);
        done.State.ShouldBe(HostWorkState.Done, done.Error?.Text);
        done.Checksum.ShouldBe(Disks.Sum(disc));
        await RemoveAsync(image);
        Worker.Serve("/page", "<html>"u8.ToArray());
        (await Worker.BringAsync(Worker.Image("/page") with { Format = ImageFormat.Iso })).Error!.Code.ShouldBe(HostErrorCode.Corrupt);
    }

    [Fact]
    public async Task An_upload_goes_into_the_bucket_as_it_comes()
    {
        var disk = Disks.Qcow2(TwentyMiB + 777);
        var link = new UploadLink(Bench.Store, Guid.CreateVersion7(), TimeProvider.System.GetUtcNow().AddMinutes(5));
        var image = Worker.Image("/none") with { ImageId = link.ImageId, Source = link.Source };
        await Worker.AskAsync<ImageProgress>("EnsureImage", image);
        (await SendAsync(link, new byte[1 << 20])).ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync(link, disk)).ShouldBe(HttpStatusCode.OK);
        var done = await Worker.BringAsync(image);
        done.State.ShouldBe(HostWorkState.Done, done.Error?.Text);
        (done.VirtualSizeBytes, done.Checksum).ShouldBe((Disks.VirtualSize, Disks.Sum(disk)));
        (await SendAsync(link, disk)).ShouldBe(HttpStatusCode.Conflict);
        await RemoveAsync(image);
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

    private string ServeWithoutEnd(string path, byte[] content)
    {
        Worker.Answers[path] = async http =>
        {
            http.Response.ContentLength = content.Length;
            await http.Response.BodyWriter.WriteAsync(content.AsMemory(0, content.Length - 1), http.RequestAborted);
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        };
        return path;
    }

    private Task<StoreInventory> ReadAsync() => Worker.AskAsync<StoreInventory>("ReadStore", new { storeId = Bench.Store });

    private Task<Done> RemoveAsync(EnsureImage image) => Worker.AskAsync<Done>("EnsureNoImage", new EnsureNoImage(Bench.Store, image.ImageId));

    private async Task<byte[]> FetchAsync(string link, RangeHeaderValue? range)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Worker.Links, link));
        request.Headers.Range = range;
        using var answer = await _http.SendAsync(request, CancellationToken.None);
        answer.StatusCode.ShouldBe(range is null ? HttpStatusCode.OK : HttpStatusCode.PartialContent);
        return await answer.Content.ReadAsByteArrayAsync();
    }
}
