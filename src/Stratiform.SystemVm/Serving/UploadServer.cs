using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Stratiform.Protocol;
using Stratiform.SystemVm.Stores;
using Stratiform.Transfers;

namespace Stratiform.SystemVm.Serving;

/// <summary>
/// Takes images from whoever brings a good upload link, browsers of consoles elsewhere too. The answer comes when the bytes are
/// there; whether they are an image is told by the cloud, which awaits it.
/// </summary>
/// <param name="worker">Who knows the key.</param>
/// <param name="stores">Where images are to lie.</param>
/// <param name="jobs">Who awaits them.</param>
/// <param name="time">The clock.</param>
internal sealed class UploadServer(Worker worker, StoreShelf stores, ImageJobs jobs, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a file waits until this worker is told of it: who was given the link may be faster than the cloud.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Answers one request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="target">Path and query as they came.</param>
    public async Task AnswerAsync(HttpContext http, string target)
    {
        // Without a limit what comes along with a refusal is read off, and who sent it learns why instead of losing the connection.
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        AllowBrowsers(http.Response.Headers);
        if (HttpMethods.IsOptions(http.Request.Method)) await http.SayAsync(HttpStatusCode.NoContent);
        else if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = "POST, OPTIONS";
            await http.SayAsync(HttpStatusCode.MethodNotAllowed);
        }
        else if (Read(http.Request.Headers, target) is not { } link)
            await http.SayAsync(HttpStatusCode.Forbidden, "This is no upload link of ours: send to postURL as it was given, with X-signature, X-metadata and X-expires.\n");
        else if (link.Expires <= time.GetUtcNow())
            await http.SayAsync(HttpStatusCode.Forbidden, "This upload link has expired; ask for a new one.\n");
        else await TakeAsync(http, link);
    }

    // What a link allows does not depend on the page that it is used on.
    private static void AllowBrowsers(IHeaderDictionary headers)
    {
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlAllowMethods = "POST, OPTIONS";
        headers.AccessControlAllowHeaders = "content-type, x-signature, x-metadata, x-expires";
        headers.AccessControlMaxAge = "600";
        headers[HeaderNames.XContentTypeOptions] = "nosniff";
    }

    private UploadLink? Read(IHeaderDictionary headers, string target) => worker.LinkKey is { Length: > 0 } key
        ? UploadLink.Read(target, headers["X-metadata"].ToString(), headers["X-expires"].ToString(), headers["X-signature"].ToString(), key)
        : null;

    private async Task TakeAsync(HttpContext http, UploadLink link)
    {
        var ct = http.RequestAborted;
        if (await AwaitedAsync(link, ct) is not { IsUnderWay: true } job)
        {
            await http.SayAsync(HttpStatusCode.Conflict, "This upload link is used up, or its image is not wanted any more; ask for a new one.\n");
            return;
        }
        var most = job.MaxBytes + (UploadBody.IsForm(http.Request) ? UploadBody.FormBytes : 0);
        var outcome = http.Request.ContentLength > most
            ? new(FetchEnd.TooLarge, $"it is larger than {job.MaxBytes} bytes")
            : await ReceiveAsync(http.Request, job, ct);
        await SayAsync(http, outcome);
    }

    private static async Task<FetchOutcome?> ReceiveAsync(HttpRequest request, UploadJob job, CancellationToken ct)
    {
        try
        {
            return await UploadBody.FileAsync(request, ct) is { } file
                ? await job.TakeAsync(file, request.ContentLength, ct)
                : new(FetchEnd.NotThere, "the form has no file");
        }
        catch (InvalidDataException)
        {
            return new(FetchEnd.NotThere, "the form cannot be read");
        }
    }

    private static Task SayAsync(HttpContext http, FetchOutcome? outcome) => outcome switch
    {
        null => http.SayAsync(HttpStatusCode.Conflict, "This upload link is in use.\n"),
        { End: FetchEnd.Done } => http.SayAsync(HttpStatusCode.OK, "The file is there; the cloud's lists tell what becomes of it.\n"),
        { End: FetchEnd.TooLarge } => http.SayAsync(HttpStatusCode.RequestEntityTooLarge, $"The file is refused: {outcome.Text}.\n"),
        { End: FetchEnd.NotThere } => http.SayAsync(HttpStatusCode.BadRequest, $"Nothing was taken: {outcome.Text}.\n"),
        { End: FetchEnd.NoSpace } => http.SayAsync(HttpStatusCode.InsufficientStorage, "There is no room for the file; try again later, or tell who runs this cloud.\n"),
        _ => http.SayAsync(HttpStatusCode.ServiceUnavailable, "The file could not be taken; send it again.\n"),
    };

    // An image that lies there is awaited by nobody.
    private async Task<UploadJob?> AwaitedAsync(UploadLink link, CancellationToken ct)
    {
        var store = await stores.RequireAsync(link.StoreId, ct);
        for (var waited = TimeSpan.Zero; ; waited += Pause)
        {
            if (jobs.UploadOf(link.StoreId, link.ImageId) is { } job) return job;
            if (waited >= Patience || await store.FindAsync(link.ImageId, ct) is not null) return null;
            await Task.Delay(Pause, time, ct);
        }
    }
}
