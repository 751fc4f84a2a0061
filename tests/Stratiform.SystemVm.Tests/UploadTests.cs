using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Stratiform.Protocol;

namespace Stratiform.SystemVm.Tests;

/// <summary>What a worker takes in, from whom.</summary>
public sealed class UploadTests : IAsyncLifetime
{
    private const long Limit = 1 << 20;

    // And what a format needs besides.
    private const long Most = Limit + Limit / 64 + (64 << 20);
    private readonly byte[] _disk = Disks.Qcow2(3 << 20, Limit);
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly Guid _image = Guid.CreateVersion7();
    private readonly UploadLink _link;
    private Bench? _bench;

    public UploadTests() => _link = new(Bench.Store, _image, TimeProvider.System.GetUtcNow().AddMinutes(5));

    public async Task InitializeAsync() => _bench = await Bench.StartAsync();

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _bench!.DisposeAsync();
    }

    [Fact]
    public async Task A_file_that_is_awaited_becomes_an_image()
    {
        var waiting = await AwaitAsync();
        (waiting.State, waiting.Percent).ShouldBe((HostWorkState.Running, 0));
        _bench!.Files(Bench.Store).ShouldBeEmpty();
        using (var answer = await SendAsync(new ByteArrayContent(_disk))) answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var done = await _bench.BringAsync(Wanted);
        done.State.ShouldBe(HostWorkState.Done, done.Error?.Text);
        (done.VirtualSizeBytes, done.PhysicalSizeBytes, done.Checksum).ShouldBe((Limit, _disk.Length, Disks.Sum(_disk)));
        _bench.Files(Bench.Store).ShouldBe([$"{_image}", $"{_image}.checksum"]);
        var report = await _bench.ReadAsync();
        (report.Sessions, report.BytesIn).ShouldBe((0, _disk.Length));
    }

    [Fact]
    public async Task A_browsers_form_is_taken_as_well()
    {
        await AwaitAsync();
        using var form = new MultipartFormDataContent { { new StringContent("disk"), "name" }, { new ByteArrayContent(_disk), "files[]", "disk.qcow2" } };
        using (var answer = await SendAsync(form))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        }
        (await _bench!.BringAsync(Wanted)).Checksum.ShouldBe(Disks.Sum(_disk));
    }

    [Fact]
    public async Task A_form_without_a_file_is_refused_and_another_may_follow()
    {
        await AwaitAsync();
        using (var answer = await SendAsync(new MultipartFormDataContent { { new StringContent("disk"), "name" } }))
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var nonsense = new ByteArrayContent(_disk);
        nonsense.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data");
        using (var answer = await SendAsync(nonsense)) answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await ShouldStillBeTakenAsync();
    }

    [Fact]
    public async Task A_file_may_come_a_moment_before_it_is_awaited()
    {
        var sending = SendAsync(new ByteArrayContent(_disk));
        await Task.Delay(300, CancellationToken.None);
        await AwaitAsync();
        using (var answer = await sending) answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _bench!.BringAsync(Wanted)).State.ShouldBe(HostWorkState.Done);
    }

    [Fact]
    public async Task A_browser_on_another_page_is_told_that_it_may_send()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, new Uri(_bench!.Links, _link.Path));
        request.Headers.Add("Origin", "https://console.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "x-signature,x-metadata,x-expires");
        using var answer = await _http.SendAsync(request, CancellationToken.None);
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        answer.Headers.GetValues("Access-Control-Allow-Headers").Single().ShouldContain("x-signature, x-metadata, x-expires");
        answer.Headers.GetValues("Access-Control-Allow-Methods").Single().ShouldContain("POST");
    }

    [Fact]
    public async Task What_is_no_image_fails_and_uses_the_link_up()
    {
        await AwaitAsync();
        using (var answer = await SendAsync(new ByteArrayContent(new byte[100_000]))) answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        using (var second = await SendAsync(new ByteArrayContent(_disk))) second.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var failed = await _bench!.BringAsync(Wanted);
        failed.Error!.Code.ShouldBe(HostErrorCode.Corrupt);
        failed.Error.Text.ShouldStartWith("The uploaded file is not accepted: it is no QCOW2 image");
        _bench.Files(Bench.Store).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_leads_out_of_itself_or_has_another_checksum_fails()
    {
        await AwaitAsync();
        using (await SendAsync(new ByteArrayContent(Disks.WithBackingFile()))) (await _bench!.BringAsync(Wanted)).Error!.Code.ShouldBe(HostErrorCode.Corrupt);
        var other = Wanted with { Checksum = "{SHA-256}" + new string('0', 64) };
        await _bench.AskAsync<ImageProgress>("EnsureImage", other);
        using (await SendAsync(new ByteArrayContent(_disk))) (await _bench.BringAsync(other)).Error!.Text.ShouldContain("it has the checksum");
        _bench.Files(Bench.Store).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_too_large_is_refused_and_another_may_follow(bool says)
    {
        await AwaitAsync();
        using var large = new ByteArrayContent(new byte[Most + 1]);
        var refused = says ? await SendAsync(large) : await SendAsync(large, request => request.Headers.TransferEncodingChunked = true);
        using (refused)
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
            (await refused.Content.ReadAsStringAsync()).ShouldContain($"larger than {Most} bytes");
        }
        await ShouldStillBeTakenAsync();
    }

    [Fact]
    public async Task What_breaks_off_leaves_nothing_and_may_be_sent_again()
    {
        await AwaitAsync();
        using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(_bench!.Links.Host, _bench.Links.Port);
            await socket.SendAsync(Encoding.ASCII.GetBytes(
                $"POST {_link.Path} HTTP/1.1\r\nHost: x\r\nX-metadata: {_link.Metadata}\r\nX-expires: {_link.ExpiryText}\r\nX-signature: {_link.Sign(Bench.Key)}\r\n"
                + string.Create(CultureInfo.InvariantCulture, $"Content-Length: {_disk.Length}\r\n\r\n")));
            await socket.SendAsync(_disk.AsMemory(0, _disk.Length / 2));
            for (var look = 0; look < 500 && (await AwaitAsync()).Percent < 40; look++) await Task.Delay(20, CancellationToken.None);
            _bench.Files(Bench.Store).ShouldContain(file => file.Contains(".partial", StringComparison.Ordinal));
            using var second = await SendAsync(new ByteArrayContent(_disk));
            second.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        }
        for (var look = 0; look < 500 && _bench!.Files(Bench.Store).Length > 0; look++) await Task.Delay(20, CancellationToken.None);
        _bench!.Files(Bench.Store).ShouldBeEmpty();
        await ShouldStillBeTakenAsync();
    }

    [Fact]
    public async Task A_link_is_used_up_when_its_image_has_come()
    {
        await AwaitAsync();
        using (await SendAsync(new ByteArrayContent(_disk))) await _bench!.BringAsync(Wanted);
        using var again = await SendAsync(new ByteArrayContent(_disk));
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await again.Content.ReadAsStringAsync()).ShouldStartWith("This upload link is used up");
    }

    [Fact]
    public async Task What_nobody_awaits_any_more_is_refused()
    {
        await AwaitAsync();
        await _bench!.AskAsync<Done>("EnsureNoImage", new EnsureNoImage(Bench.Store, _image));
        using var answer = await SendAsync(new ByteArrayContent(_disk));
        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        _bench.Files(Bench.Store).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_expired_link_is_refused_and_says_so()
    {
        var late = _link with { Expires = TimeProvider.System.GetUtcNow().AddSeconds(-1) };
        using (var answer = await SendAsync(new ByteArrayContent(_disk), link: late))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await answer.Content.ReadAsStringAsync()).ShouldStartWith("This upload link has expired");
        }
        var failed = await _bench!.BringAsync(Wanted with { Source = late.Source });
        (failed.Error!.Code, failed.Error.Text).ShouldBe((HostErrorCode.NotFound, "Nothing was uploaded before the link expired."));
    }

    [Fact]
    public async Task A_link_that_was_changed_is_no_link()
    {
        await AwaitAsync();
        Action<HttpRequestMessage>[] changes =
        [
            request => request.RequestUri = new Uri(_bench!.Links, UploadLink.Root + Guid.CreateVersion7()),
            request => request.RequestUri = new Uri(request.RequestUri + "?x=1"),
            request => Set(request, "X-metadata", $"{Bench.Other}"),
            request => Set(request, "X-expires", (_link with { Expires = _link.Expires.AddDays(1) }).ExpiryText),
            request => Set(request, "X-signature", _link.Sign([9])),
            request => request.Headers.Remove("X-signature"),
        ];
        foreach (var change in changes)
        {
            using var answer = await SendAsync(new ByteArrayContent([1]), change);
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await answer.Content.ReadAsStringAsync()).ShouldStartWith("This is no upload link of ours");
        }
        using var get = new HttpRequestMessage(HttpMethod.Get, new Uri(_bench!.Links, _link.Path));
        using var refused = await _http.SendAsync(get, CancellationToken.None);
        refused.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        await ShouldStillBeTakenAsync();
    }

    [Fact]
    public async Task A_refusal_leaves_the_connection_as_it_is()
    {
        var connections = 0;
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, ct) =>
            {
                Interlocked.Increment(ref connections);
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var http = new HttpClient(handler);
        for (var i = 0; i < 5; i++)
        {
            using var answer = await http.PostAsync(new Uri(_bench!.Links, _link.Path), new ByteArrayContent(new byte[1 << 20]));
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            await answer.Content.ReadAsStringAsync();
        }
        connections.ShouldBe(1);
    }

    private EnsureImage Wanted => new()
    {
        PoolId = Bench.Store,
        ImageId = _image,
        Source = _link.Source,
        MaxVirtualSizeBytes = Limit,
    };

    private Task<ImageProgress> AwaitAsync() => _bench!.AskAsync<ImageProgress>("EnsureImage", Wanted);

    private async Task ShouldStillBeTakenAsync()
    {
        (await AwaitAsync()).State.ShouldBe(HostWorkState.Running);
        (await SendOnceFreeAsync()).ShouldBe(HttpStatusCode.OK);
        (await _bench!.BringAsync(Wanted)).State.ShouldBe(HostWorkState.Done);
    }

    // The end of an attempt has still to be noted when its file is gone already.
    private async Task<HttpStatusCode> SendOnceFreeAsync()
    {
        for (var look = 0; ; look++)
        {
            using var answer = await SendAsync(new ByteArrayContent(_disk));
            if (answer.StatusCode != HttpStatusCode.Conflict || look == 500) return answer.StatusCode;
            await Task.Delay(20, CancellationToken.None);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpContent content, Action<HttpRequestMessage>? change = null, UploadLink? link = null)
    {
        link ??= _link;
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_bench!.Links, link.Path)) { Content = content };
        request.Headers.Add("X-metadata", link.Metadata);
        request.Headers.Add("X-expires", link.ExpiryText);
        request.Headers.Add("X-signature", link.Sign(Bench.Key));
        change?.Invoke(request);
        return await _http.SendAsync(request, CancellationToken.None);
    }

    private static void Set(HttpRequestMessage request, string header, string value)
    {
        request.Headers.Remove(header);
        request.Headers.Add(header, value);
    }
}
