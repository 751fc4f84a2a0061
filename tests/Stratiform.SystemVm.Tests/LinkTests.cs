using System.Net;
using System.Net.Http.Headers;
using Stratiform.Protocol;

namespace Stratiform.SystemVm.Tests;

/// <summary>What a worker serves, to whom.</summary>
public sealed class LinkTests : IAsyncLifetime
{
    private readonly byte[] _disk = Disks.Qcow2(3 << 20);
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly Guid _image = Guid.CreateVersion7();
    private Bench? _bench;

    private StoreLink Link => new(Bench.Store, _image, "disk-1.qcow2", TimeProvider.System.GetUtcNow().AddMinutes(5));

    public async Task InitializeAsync()
    {
        _bench = await Bench.StartAsync();
        await _bench.BringAsync(_bench.Image(_bench.Serve("/disk", _disk)) with { ImageId = _image });
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _bench!.DisposeAsync();
    }

    [Fact]
    public async Task A_good_link_brings_the_image()
    {
        using var answer = await AskAsync(Link.Sign(Bench.Key));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(_disk);
        answer.Headers.ETag!.Tag.ShouldBe($"\"{Disks.Sum(_disk)}\"");
        answer.Content.Headers.ContentDisposition!.ToString().ShouldBe("attachment; filename=\"disk-1.qcow2\"");
        (await _bench!.ReadAsync()).BytesOut.ShouldBe(_disk.Length);
    }

    [Theory]
    [InlineData(0L, 99L, 0, 100)]
    [InlineData(3145000L, null, 3145000, 728)]
    [InlineData(null, 5L, (3 << 20) - 5, 5)]
    [InlineData(100L, 9999999L, 100, (3 << 20) - 100)]
    public async Task A_range_brings_that_part(long? from, long? to, int first, int length)
    {
        using var answer = await AskAsync(Link.Sign(Bench.Key), ask: request => request.Headers.Range = new RangeHeaderValue(from, to));
        answer.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        answer.Content.Headers.ContentRange!.ToString().ShouldBe($"bytes {first}-{first + length - 1}/{_disk.Length}");
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(_disk[first..(first + length)]);
    }

    [Fact]
    public async Task A_range_that_is_not_there_is_refused_and_one_of_another_file_brings_all()
    {
        using var behind = await AskAsync(Link.Sign(Bench.Key), ask: request => request.Headers.Range = new(_disk.Length, null));
        behind.StatusCode.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
        using var other = await AskAsync(Link.Sign(Bench.Key), ask: request =>
        {
            request.Headers.Range = new RangeHeaderValue(10, 20);
            request.Headers.IfRange = new RangeConditionHeaderValue("\"another\"");
        });
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_head_alone_has_the_size()
    {
        using var answer = await AskAsync(Link.Sign(Bench.Key), HttpMethod.Head);
        answer.Content.Headers.ContentLength.ShouldBe(_disk.Length);
        (await _bench!.ReadAsync()).BytesOut.ShouldBe(0);
    }

    [Fact]
    public async Task An_expired_link_says_so()
    {
        using var answer = await AskAsync((Link with { Expires = TimeProvider.System.GetUtcNow().AddSeconds(-1) }).Sign(Bench.Key));
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync()).ShouldStartWith("This link has expired");
    }

    [Fact]
    public async Task Nothing_else_is_there()
    {
        var good = Link.Sign(Bench.Key);
        string[] bad =
        [
            "/", "/images/", good.Replace("expires=", "expires=9", StringComparison.Ordinal), good[..^1] + (good[^1] == '0' ? '1' : '0'),
            good.Replace(Bench.Store.ToString(), Bench.Other.ToString(), StringComparison.Ordinal), Link.Sign([9]),
            good.Replace("/disk-1", "/../disk-1", StringComparison.Ordinal), $"/images/{Bench.Store}/../../../etc/passwd", "/images/%2e%2e/x",
            (Link with { ImageId = Guid.CreateVersion7() }).Sign(Bench.Key), (Link with { StoreId = Guid.CreateVersion7() }).Sign(Bench.Key),
            good + "&x=1", good.ToUpperInvariant(),
        ];
        foreach (var target in bad)
        {
            using var answer = await AskAsync(target);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, target);
            (await answer.Content.ReadAsStringAsync()).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Other_methods_are_not_allowed()
    {
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete })
        {
            using var answer = await AskAsync(Link.Sign(Bench.Key), method);
            answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        }
    }

    [Fact]
    public async Task Before_it_is_set_up_no_link_is_good()
    {
        await using var bench = await Bench.StartAsync(setUp: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(bench.Links, Link.Sign([])));
        using var answer = await _http.SendAsync(request, CancellationToken.None);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Whoever_is_being_served_counts_as_a_session()
    {
        await _bench!.BringAsync(_bench.Image(_bench.Serve("/big", Disks.Qcow2(64 << 20))) with { ImageId = _image, PoolId = Bench.Other });
        using (var answer = await AskAsync((Link with { StoreId = Bench.Other }).Sign(Bench.Key)))
        {
            await using var body = await answer.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[1000]);
            (await _bench.ReadAsync()).Sessions.ShouldBe(1);
        }
        for (var look = 0; look < 500 && (await _bench.ReadAsync()).Sessions > 0; look++) await Task.Delay(20, CancellationToken.None);
        (await _bench.ReadAsync()).Sessions.ShouldBe(0);
    }

    private async Task<HttpResponseMessage> AskAsync(string target, HttpMethod? method = null, Action<HttpRequestMessage>? ask = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri(_bench!.Links, target));
        ask?.Invoke(request);
        return await _http.SendAsync(request, CancellationToken.None);
    }
}
