using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Stratiform.Protocol;
using Stratiform.SystemVm.Stores;

namespace Stratiform.SystemVm.Serving;

/// <summary>Serves images to whoever brings a good link, lets <see cref="UploadServer"/> take others, and does nothing else for anybody.</summary>
/// <param name="worker">Who knows the key.</param>
/// <param name="stores">Where the images lie.</param>
/// <param name="uploads">What takes images in.</param>
/// <param name="traffic">Where requests and bytes are counted.</param>
/// <param name="time">The clock.</param>
internal sealed class LinkServer(Worker worker, StoreShelf stores, UploadServer uploads, Traffic traffic, TimeProvider time)
{
    private const int ChunkBytes = 256 << 10;

    /// <summary>Answers one request.</summary>
    public async Task ServeAsync(HttpContext http)
    {
        traffic.BeginRequest();
        try
        {
            await AnswerAsync(http);
        }
        catch (HostException away)
        {
            await http.SayAsync(away.Code == HostErrorCode.NotFound ? HttpStatusCode.NotFound : HttpStatusCode.ServiceUnavailable);
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException)
        {
            http.Abort();
        }
        finally
        {
            traffic.EndRequest();
        }
    }

    private async Task AnswerAsync(HttpContext http)
    {
        // As it came: what was signed is the text, not what it may mean.
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (target.StartsWith(UploadLink.Root, StringComparison.Ordinal))
        {
            await uploads.AnswerAsync(http, target);
            return;
        }
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, HEAD";
            await http.SayAsync(HttpStatusCode.MethodNotAllowed);
            return;
        }
        var key = worker.LinkKey;
        if (key.Length == 0 || StoreLink.Read(target, key) is not { } link) await http.SayAsync(HttpStatusCode.NotFound);
        else if (link.Expires <= time.GetUtcNow()) await http.SayAsync(HttpStatusCode.Forbidden, "This link has expired; ask for a new one.\n");
        else await SendAsync(http, link);
    }

    private async Task SendAsync(HttpContext http, StoreLink link)
    {
        var ct = http.RequestAborted;
        var store = stores.Knows(link.StoreId) ? await stores.RequireAsync(link.StoreId, ct) : null;
        if (store is null || await store.FindAsync(link.ImageId, ct) is not { } image || await store.OpenAsync(link.ImageId, ct) is not { } content)
        {
            await http.SayAsync(HttpStatusCode.NotFound);
            return;
        }
        await using (content)
        {
            var tag = $"\"{image.Checksum}\"";
            Describe(http.Response.Headers, link, tag);
            if (AskedRange.Of(http.Request.Headers, tag, content.Length) is not { } range)
            {
                http.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{content.Length}");
                await http.SayAsync(HttpStatusCode.RequestedRangeNotSatisfiable);
                return;
            }
            if (range.IsPart)
            {
                http.Response.StatusCode = (int)HttpStatusCode.PartialContent;
                http.Response.Headers.ContentRange = string.Create(
                    CultureInfo.InvariantCulture, $"bytes {range.From}-{range.From + range.Length - 1}/{content.Length}");
            }
            http.Response.ContentLength = range.Length;
            if (!HttpMethods.IsHead(http.Request.Method)) await CopyAsync(content, range, http, ct);
        }
    }

    private static void Describe(IHeaderDictionary headers, StoreLink link, string tag)
    {
        headers.ETag = tag;
        headers.AcceptRanges = "bytes";
        headers.ContentType = "application/octet-stream";
        headers.ContentDisposition = $"attachment; filename=\"{link.Name}\"";
        headers[HeaderNames.XContentTypeOptions] = "nosniff";
    }

    // Read straight into what is sent: nothing is allocated on the way, and no more is read than is taken.
    private async Task CopyAsync(Stream content, AskedRange range, HttpContext http, CancellationToken ct)
    {
        var to = http.Response.BodyWriter;
        content.Position = range.From;
        for (var left = range.Length; left > 0;)
        {
            var chunk = to.GetMemory((int)Math.Min(left, ChunkBytes));
            var read = await content.ReadAsync(chunk[..(int)Math.Min(left, chunk.Length)], ct);
            if (read == 0) throw new IOException("The image ended early.");
            to.Advance(read);
            left -= read;
            traffic.WentOut(read);
            if ((await to.FlushAsync(ct)).IsCompleted) return;
        }
    }
}
