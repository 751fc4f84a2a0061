using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Stratiform.Protocol;
using Stratiform.Transfers;
using Stratiform.Transfers.Images;

namespace Stratiform.Agent.Tests.Storage;

/// <summary>Files from servers that break off, lie, stall, and lead astray.</summary>
public sealed class FetcherTests : IAsyncLifetime
{
    private const int Size = 1 << 20;
    private static readonly IPNetwork Here = IPNetwork.Parse("127.0.0.1/32");
    private readonly string _folder = Directory.CreateTempSubdirectory("fetcher").FullName;
    private readonly byte[] _content = new byte[Size];
    private readonly Dictionary<string, RequestDelegate> _answers = [];
    private readonly List<(string Path, string Range, string Authorization)> _asked = [];
    private WebApplication? _server;

    private int Port => new Uri(_server!.Urls.Single()).Port;

    public async Task InitializeAsync()
    {
        new Random(7).NextBytes(_content);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(http =>
        {
            lock (_asked) _asked.Add((http.Request.Path, http.Request.Headers.Range.ToString(), http.Request.Headers.Authorization.ToString()));
            return _answers.TryGetValue(http.Request.Path, out var answer) ? answer(http) : Status(http, 404);
        });
        _answers["/whole"] = http => SendAsync(http, "\"v1\"");
        await _server.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _server!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_file_comes_whole()
    {
        await ShouldComeAsync("/whole");
        Fetcher.TotalOf(PartOf("/whole")).ShouldBe(Size);
    }

    [Fact]
    public async Task A_fetch_that_breaks_off_goes_on_where_it_was()
    {
        _answers["/breaks"] = http => SendAsync(http, "\"v1\"", upTo: Asked("/breaks") == 1 ? Size / 2 : Size);
        await ShouldComeAsync("/breaks");
        _asked[1].Range.ShouldStartWith("bytes=");
        _asked[1].Range.ShouldNotBe("bytes=0-");
    }

    [Fact]
    public async Task Another_process_goes_on_with_what_lies_there()
    {
        var works = false;
        _answers["/later"] = http => SendAsync(http, "\"v1\"", upTo: works ? Size : Size / 2);
        (await RunAsync("/later", fetch => fetch with { LeastBytes = int.MaxValue, Attempts = 1 })).End.ShouldBe(FetchEnd.Failed);
        works = true;
        await ShouldComeAsync("/later", isSeenWhole: false);
        _asked[1].Range.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_file_that_changed_meanwhile_comes_anew()
    {
        _answers["/changes"] = http => Asked("/changes") == 1
            ? SendAsync(http, "\"v1\"", upTo: Size / 2, content: new byte[Size])
            : SendAsync(http, "\"v2\"");
        await ShouldComeAsync("/changes");
    }

    [Fact]
    public async Task A_server_that_cannot_go_on_is_asked_from_the_beginning()
    {
        _answers["/plain"] = http => SendAsync(http, tag: null, upTo: Asked("/plain") == 1 ? Size / 2 : Size);
        await ShouldComeAsync("/plain");
        _asked[1].Range.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_that_is_busy_is_asked_again_and_one_that_refuses_is_not()
    {
        _answers["/busy"] = async http =>
        {
            if (Asked("/busy") < 3) http.Response.StatusCode = 503;
            else await SendAsync(http, "\"v1\"");
        };
        await ShouldComeAsync("/busy");
        _answers["/never"] = http => Status(http, 500);
        (await RunAsync("/never")).ShouldBe(new FetchOutcome(FetchEnd.Failed, "the server answered 500"));
        _answers["/private"] = http => Status(http, 403);
        (await RunAsync("/private")).ShouldBe(new FetchOutcome(FetchEnd.Failed, "the server answered 403"));
        Asked("/private").ShouldBe(1);
        (await RunAsync("/nothing")).End.ShouldBe(FetchEnd.NotThere);
    }

    [Fact]
    public async Task Where_there_is_another_way_a_server_that_sends_nothing_is_asked_once()
    {
        _answers["/refuses"] = http => Status(http, 403);
        _answers["/fails"] = http => Status(http, 500);
        _answers["/silent"] = http => Task.Delay(Timeout.Infinite, http.RequestAborted);
        foreach (var path in new[] { "/refuses", "/fails", "/silent", "/nothing-there" })
        {
            (await RunAsync(path, Tried)).End.ShouldBe(FetchEnd.Unreachable, path);
            Asked(path).ShouldBe(1, path);
        }
        (await RunAsync("/whole", fetch => Tried(fetch) with { Allowed = [] })).End.ShouldBe(FetchEnd.Unreachable);
        (await RunAsync("/whole", fetch => Tried(fetch) with { MaxBytes = 1 })).End.ShouldBe(FetchEnd.TooLarge);
        // One that has sent something is asked again, and has more time.
        _answers["/stutters"] = async http =>
        {
            if (Asked("/stutters") > 1)
            {
                await Task.Delay(2500, http.RequestAborted);
                await SendAsync(http, "\"v1\"");
            }
            else await SendAsync(http, "\"v1\"", upTo: Size / 2);
        };
        (await RunAsync("/stutters", Tried)).ShouldBe(new FetchOutcome(FetchEnd.Done));

        static Fetch Tried(Fetch fetch) => fetch with { Trial = TimeSpan.FromSeconds(2) };
    }

    [Fact]
    public async Task A_server_that_never_sends_it_from_the_beginning_is_given_up()
    {
        _answers["/range"] = http => Status(http, 416);
        (await RunAsync("/range")).ShouldBe(new FetchOutcome(FetchEnd.Failed, "the server does not send it from the beginning"));
        Asked("/range").ShouldBe(5);
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused_whether_its_size_is_told_or_not()
    {
        (await RunAsync("/whole", fetch => fetch with { MaxBytes = Size - 1 })).End.ShouldBe(FetchEnd.TooLarge);
        _answers["/endless"] = async http =>
        {
            while (!http.RequestAborted.IsCancellationRequested) await http.Response.Body.WriteAsync(_content, http.RequestAborted);
        };
        (await RunAsync("/endless", fetch => fetch with { MaxBytes = 3 * Size })).End.ShouldBe(FetchEnd.TooLarge);
        new FileInfo(PartOf("/endless")).Length.ShouldBeLessThanOrEqualTo(3 * Size);
    }

    [Fact]
    public async Task A_server_that_stalls_or_cuts_short_is_given_up()
    {
        _answers["/stalls"] = async http =>
        {
            await http.Response.Body.WriteAsync(_content.AsMemory(0, 10), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        };
        var stalled = await RunAsync("/stalls", fetch => fetch with { Patience = TimeSpan.FromMilliseconds(100), Attempts = 2 });
        stalled.End.ShouldBe(FetchEnd.Failed);
        stalled.Text.ShouldContain("sent less than");
        _answers["/short"] = http => SendAsync(http, tag: null, upTo: 100);
        (await RunAsync("/short")).End.ShouldBe(FetchEnd.Failed);
    }

    [Theory]
    [InlineData(30, "Read-only file system : '/stores/x'", FetchEnd.DiskFailed, "Read-only file system")]
    [InlineData(110, "Connection timed out : '/stores/x'", FetchEnd.DiskFailed, "Connection timed out")]
    [InlineData(28, "No space left on device : '/stores/x'", FetchEnd.NoSpace, "the disk is full")]
    [InlineData(122, "Disk quota exceeded : '/stores/x'", FetchEnd.NoSpace, "the disk is full")]
    public async Task What_the_disk_says_is_not_taken_for_the_servers_fault(int number, string said, FetchEnd end, string text)
    {
        var outcome = await RunAsync("/whole", fetch => fetch with { Into = new BrokenTarget(new IOException(said, number)) });
        outcome.ShouldBe(new FetchOutcome(end, text));
        Asked("/whole").ShouldBe(1);
    }

    [Fact]
    public void A_disk_that_fails_may_be_back_when_it_is_asked_again()
    {
        var image = new EnsureImage { PoolId = Guid.CreateVersion7(), ImageId = Guid.CreateVersion7(), Source = "http://images/a" };
        var error = ImageSource.Explain(image, new FetchOutcome(FetchEnd.DiskFailed, "Read-only file system"), "store");
        error.ShouldBe(new HostError(HostErrorCode.Busy, $"The store {image.PoolId} cannot be used: Read-only file system."));
    }

    [Fact]
    public void What_a_link_proves_itself_by_is_not_told()
    {
        var image = new EnsureImage { PoolId = default, ImageId = default, Source = "http://user:word@192.0.2.1:8080/images/a/image?expires=1&signature=f0" };
        ImageSource.Explain(image, new FetchOutcome(FetchEnd.NotThere), "pool").Text.ShouldBe("There is nothing at http://192.0.2.1:8080/images/a/image.");
    }

    [Fact]
    public async Task Redirects_are_followed_to_http_and_not_without_end()
    {
        _answers["/moved"] = http => Redirect(http, "/whole");
        await ShouldComeAsync("/moved");
        _answers["/file"] = http => Redirect(http, "file:///etc/passwd");
        var file = await RunAsync("/file");
        file.End.ShouldBe(FetchEnd.Failed);
        file.Text.ShouldContain("which is not followed");
        _answers["/circle"] = http => Redirect(http, "/circle");
        (await RunAsync("/circle")).End.ShouldBe(FetchEnd.Failed);
    }

    [Fact]
    public async Task Nothing_is_fetched_from_this_host_or_the_cloud_unless_it_is_allowed()
    {
        (await RunAsync("/whole", fetch => fetch with { Allowed = [] })).End.ShouldBe(FetchEnd.Forbidden);
        _answers["/astray"] = http => Redirect(http, $"http://127.0.0.2:{Port}/whole");
        (await RunAsync("/astray")).End.ShouldBe(FetchEnd.Forbidden);
        _answers["/named"] = http => Redirect(http, $"http://localhost:{Port}/whole");
        (await RunAsync("/named", fetch => fetch with { Source = new Uri($"http://localhost:{Port}/whole"), Allowed = [] })).End.ShouldBe(FetchEnd.Forbidden);
        File.Exists(PartOf("/whole")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_password_goes_to_its_own_host_alone()
    {
        _answers["/secret"] = http => Redirect(http, "/whole");
        await ShouldComeAsync("/secret", fetch => fetch with { Source = new Uri($"http://me:pass%20word@127.0.0.1:{Port}/secret") });
        _asked[0].Authorization.ShouldBe("Basic bWU6cGFzcyB3b3Jk");
        _asked[1].Authorization.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.8.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("172.28.0.9", false)]
    [InlineData("::ffff:172.28.0.9", false)]
    [InlineData("172.28.0.80", true)]
    [InlineData("10.0.0.1", true)]
    [InlineData("203.0.113.1", true)]
    [InlineData("2001:db8::1", true)]
    public void An_address_is_judged_in_whatever_clothes_it_comes(string address, bool allowed) =>
        new AddressGuard([IPNetwork.Parse("172.28.0.0/24")], [IPNetwork.Parse("172.28.0.80/32")]).Allows(IPAddress.Parse(address)).ShouldBe(allowed);

    private async Task ShouldComeAsync(string path, Func<Fetch, Fetch>? with = null, bool isSeenWhole = true)
    {
        using var sum = new RunningSum(HashAlgorithmName.SHA256);
        (await RunAsync(path, fetch => (with is null ? fetch : with(fetch)) with { Sum = sum })).ShouldBe(new FetchOutcome(FetchEnd.Done));
        (await File.ReadAllBytesAsync(PartOf(path), CancellationToken.None)).ShouldBe(_content);
        (sum.Of(PartOf(path))?.Hex).ShouldBe(isSeenWhole ? Convert.ToHexStringLower(SHA256.HashData(_content)) : null);
    }

    private Task<FetchOutcome> RunAsync(string path, Func<Fetch, Fetch>? with = null)
    {
        var fetch = new Fetch
        {
            Source = new Uri($"http://127.0.0.1:{Port}{path}"),
            Into = Fetch.File(PartOf(path)),
            MaxBytes = 1L << 30,
            Allowed = [Here],
            Pause = TimeSpan.FromMilliseconds(1),
            LeastBytes = 1000,
        };
        return new Fetcher(TimeProvider.System).RunAsync(with is null ? fetch : with(fetch), CancellationToken.None);
    }

    private string PartOf(string path) => _folder + path;

    private int Asked(string path)
    {
        lock (_asked) return _asked.Count(asked => asked.Path == path);
    }

    // As a plain web server does: ranges where the tag is still the same, and it may stop in the middle.
    private async Task SendAsync(HttpContext http, string? tag, int upTo = Size, byte[]? content = null)
    {
        var from = 0;
        if (tag is not null) http.Response.Headers.ETag = tag;
        if (tag is not null && http.Request.Headers.IfRange == tag && http.Request.GetTypedHeaders().Range is { } range)
        {
            from = (int)range.Ranges.Single().From!;
            http.Response.StatusCode = 206;
            http.Response.Headers.ContentRange = $"bytes {from}-{Size - 1}/{Size}";
        }
        http.Response.ContentLength = Size - from;
        await http.Response.Body.WriteAsync((content ?? _content).AsMemory(from, Math.Max(0, upTo - from)), http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        if (upTo < Size) http.Abort();
    }

    private static Task Status(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Task Redirect(HttpContext http, string to)
    {
        http.Response.Redirect(to);
        return Task.CompletedTask;
    }

    /// <summary>A file on a disk that takes nothing.</summary>
    private sealed class BrokenTarget(IOException says) : IFetchTarget
    {
        public long LengthBytes => 0;
        public Origin? Origin => null;
        public bool IsFull => false;
        public Stream Open(Origin origin, long from) => throw says;
        public Task MakeRoomAsync(CancellationToken ct) => Task.CompletedTask;
        public void Clear() { }
    }
}
