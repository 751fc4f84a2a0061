using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Stratiform.Linux;

namespace Stratiform.Transfers;

/// <summary>
/// Fetches files from servers that may be slow, broken or hostile: goes on after an interruption where the server lets it, gives
/// up on one that stalls, and follows a URL only to where <see cref="AddressGuard"/> allows.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class Fetcher(TimeProvider time)
{
    private const int MaxRedirects = 5;

    /// <summary>Where what is known of its origin lies beside a part.</summary>
    public static string OriginOf(string part) => part + ".origin";

    /// <summary>Size of the whole, bytes; null while it is not known.</summary>
    public static long? TotalOf(string part) => Origin.Read(OriginOf(part))?.LengthBytes;

    /// <summary>Fetches; the target is whole when the answer is <see cref="FetchEnd.Done"/>, and stays as it is otherwise.</summary>
    public async Task<FetchOutcome> RunAsync(Fetch fetch, CancellationToken ct)
    {
        if (fetch.Source.Scheme == "nfs") return await RunAsync(fetch, silence => ByNfsAsync(fetch, silence), ct);
        using var http = Client(fetch);
        return await RunAsync(fetch, silence => ByHttpAsync(http, fetch, silence), ct);
    }

    // What an attempt answers is null when it is worth another try.
    private async Task<FetchOutcome> RunAsync(Fetch fetch, Func<SilenceAlarm, Task<FetchOutcome?>> attemptAsync, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var before = fetch.Into.LengthBytes;
            try
            {
                if (await AttemptAsync(fetch, attemptAsync, ct) is { } end) return OfTrial(fetch, end);
                if (attempt >= fetch.Attempts) return new(FetchEnd.Failed, "the server does not send it from the beginning");
            }
            catch (Exception broken) when (EndOf(broken) is { } end)
            {
                return OfTrial(fetch, end);
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException or TimeoutException)
            {
                if (IsTrial(fetch)) return new(FetchEnd.Unreachable, ReasonOf(broken));
                if (fetch.Into.LengthBytes >= before + fetch.LeastBytes) attempt = 1;
                if (attempt >= fetch.Attempts) return new(FetchEnd.Failed, ReasonOf(broken));
            }
            await Task.Delay(fetch.Pause * (1 << (attempt - 1)), time, ct);
        }
    }

    private async Task<FetchOutcome?> AttemptAsync(Fetch fetch, Func<SilenceAlarm, Task<FetchOutcome?>> attemptAsync, CancellationToken ct)
    {
        using var silence = new SilenceAlarm(time, FirstPatience(fetch), fetch.Patience, ct);
        try
        {
            return await attemptAsync(silence);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"the server sent less than {fetch.LeastBytes} bytes in {FirstPatience(fetch).TotalSeconds:0} s");
        }
    }

    private static async Task<FetchOutcome?> ByHttpAsync(HttpMessageInvoker http, Fetch fetch, SilenceAlarm silence)
    {
        var have = fetch.Into.LengthBytes;
        var known = have > 0 && fetch.Into.Origin is { Validator: not null } same ? same : null;
        if (known is { LengthBytes: { } whole } && whole == have) return new(FetchEnd.Done);
        using var answer = await FollowAsync(http, fetch, url => Request(fetch, url, known?.Validator, have), silence.Token);
        return answer.StatusCode switch
        {
            HttpStatusCode.OK => await TakeAsync(answer.Content.ReadAsStreamAsync, fetch, Origin.Of(answer), from: 0, silence),
            HttpStatusCode.PartialContent when known is not null && answer.Content.Headers.ContentRange?.From == have =>
                await TakeAsync(answer.Content.ReadAsStreamAsync, fetch, known, have, silence),
            HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable => StartAnew(fetch),
            HttpStatusCode.NotFound or HttpStatusCode.Gone => new(FetchEnd.NotThere, "the server has nothing there"),
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError =>
                throw new HttpRequestException($"the server answered {(int)answer.StatusCode}"),
            _ => new(FetchEnd.Failed, $"the server answered {(int)answer.StatusCode}"),
        };
    }

    // A file with a name of its own is never another one; its checksum has the last word.
    private static async Task<FetchOutcome?> ByNfsAsync(Fetch fetch, SilenceAlarm silence)
    {
        try
        {
            // Silence is noticed here; libnfs, which has its own words for it, gives up later.
            using var file = await NfsDownload.OpenAsync(fetch.Source, 2 * fetch.Patience, silence.Token);
            var have = fetch.Into.LengthBytes;
            return have > file.LengthBytes
                ? StartAnew(fetch)
                : await TakeAsync(_ => Task.FromResult(file.Read(have)), fetch, new Origin(file.LengthBytes, null), have, silence);
        }
        catch (NfsException missing) when (missing.IsMissing)
        {
            return new(FetchEnd.NotThere, "the server has nothing there");
        }
    }

    private static async Task<FetchOutcome> TakeAsync(
        Func<CancellationToken, Task<Stream>> content, Fetch fetch, Origin origin, long from, SilenceAlarm silence)
    {
        if (origin.LengthBytes > fetch.MaxBytes) return TooLarge(fetch);
        await using var to = fetch.Into.Open(origin, from);
        await using var body = await content(silence.Token);
        var buffer = new byte[1 << 20];
        var (progress, length) = (0, from);
        fetch.Sum?.Begin(from);
        while (await body.ReadAsync(buffer, silence.Token) is var read && read > 0)
        {
            if ((progress += read) >= fetch.LeastBytes)
            {
                progress = 0;
                silence.Reset();
            }
            if ((length += read) > fetch.MaxBytes) return TooLarge(fetch);
            // Added up while it is written: either takes about as long as the other on a fast line.
            var writing = to.WriteAsync(buffer.AsMemory(0, read), silence.Token);
            fetch.Sum?.Add(buffer.AsSpan(0, read));
            await writing;
            if (fetch.Into.IsFull) await silence.PauseAsync(fetch.Into.MakeRoomAsync);
            fetch.Taken?.Invoke(read);
        }
        return origin.LengthBytes is { } whole && length != whole
            ? throw new IOException($"the server sent {length} of {whole} bytes")
            : new(FetchEnd.Done);
    }

    // By hand: the handler would follow to other schemes than http and https.
    private static async Task<HttpResponseMessage> FollowAsync(
        HttpMessageInvoker http, Fetch fetch, Func<Uri, HttpRequestMessage> ask, CancellationToken ct)
    {
        var url = fetch.Source;
        for (var hop = 0; ; hop++)
        {
            using var request = ask(url);
            var answer = await http.SendAsync(request, ct);
            if ((int)answer.StatusCode is not (301 or 302 or 303 or 307 or 308) || answer.Headers.Location is not { } location) return answer;
            answer.Dispose();
            var next = new Uri(url, location);
            var isOpen = next.Scheme == Uri.UriSchemeHttps || (next.Scheme == Uri.UriSchemeHttp && url.Scheme == Uri.UriSchemeHttp);
            if (hop == MaxRedirects || !isOpen) throw new UnfollowedException(next);
            url = next;
        }
    }

    // What lies here is of another file than the server has now.
    private static FetchOutcome? StartAnew(Fetch fetch)
    {
        fetch.Into.Clear();
        return null;
    }

    private static HttpMessageInvoker Client(Fetch fetch)
    {
        var guard = new AddressGuard(fetch.Forbidden, fetch.Allowed);
        return new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = (context, ct) => guard.ConnectAsync(context.DnsEndPoint, ct),
            ConnectTimeout = TimeSpan.FromSeconds(20),
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        });
    }

    private static HttpRequestMessage Request(Fetch fetch, Uri url, RangeConditionHeaderValue? same, long have)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Stratiform", null));
        // A compressed answer would count its bytes otherwise.
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (url == fetch.Source && url.UserInfo.Length > 0)
        {
            var secret = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo));
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(secret));
        }
        if (same is null) return request;
        request.Headers.Range = new RangeHeaderValue(have, null);
        request.Headers.IfRange = same;
        return request;
    }

    // An end that another try would not change; null when one might.
    private static FetchOutcome? EndOf(Exception broken)
    {
        for (var cause = broken; cause is not null; cause = cause.InnerException)
        {
            if (cause is ForbiddenAddressException forbidden) return new(FetchEnd.Forbidden, forbidden.Message);
            if (cause is IOException disk && FetchOutcome.OfDisk(disk) is { } end) return end;
            if (cause is UnfollowedException unfollowed) return new(FetchEnd.Failed, unfollowed.Message);
        }
        return null;
    }

    private static bool IsTrial(Fetch fetch) => fetch.Trial is not null && fetch.Into.LengthBytes == 0;

    private static TimeSpan FirstPatience(Fetch fetch) => IsTrial(fetch) ? fetch.Trial!.Value : fetch.Patience;

    // Whoever goes the other way finds out whether there is nothing at all.
    private static FetchOutcome OfTrial(Fetch fetch, FetchOutcome end) =>
        end.End is FetchEnd.NotThere or FetchEnd.Forbidden or FetchEnd.Failed && IsTrial(fetch) ? end with { End = FetchEnd.Unreachable } : end;

    private static string ReasonOf(Exception broken) => (broken.InnerException ?? broken).Message;

    private static FetchOutcome TooLarge(Fetch fetch) => new(FetchEnd.TooLarge, $"it is larger than {fetch.MaxBytes} bytes");
}

/// <summary>A redirect that is one too many, or leads to something else than http or from https to it.</summary>
internal sealed class UnfollowedException(Uri to) : Exception($"the server leads to {to}, which is not followed");
