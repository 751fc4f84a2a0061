using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Stratiform.Agent.Compute;
using Stratiform.Agent.Fencing;
using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Agent.Serving;

/// <summary>Speaks the agent protocol for one host over HTTP, whatever listens and wherever the host's base path is.</summary>
public static class AgentEndpoint
{
    private const string MessagePrefix = "messages/";

    /// <summary>Answers one request; <paramref name="path"/> is relative to the host's base address.</summary>
    public static async Task ServeAsync(HttpContext http, AgentHost host, string path)
    {
        var ct = http.RequestAborted;
        try
        {
            if (path == Wire.WatchPath && HttpMethods.IsGet(http.Request.Method)) await WatchAsync(http, host, ct);
            else if (path.StartsWith(MessagePrefix, StringComparison.Ordinal) && HttpMethods.IsPost(http.Request.Method))
                await ObeyAsync(http, host, path[MessagePrefix.Length..], ct);
            else throw new HostException(HostErrorCode.NotFound, $"There is no {http.Request.Method} {path} here.");
        }
        catch (HostException refusal)
        {
            await RefuseAsync(http, refusal.ToError(), ct);
        }
        catch (LibvirtException error)
        {
            await RefuseAsync(http, error.ToHostException().ToError(), ct);
        }
        catch (ShellException error)
        {
            await RefuseAsync(http, new HostError(HostErrorCode.Failed, error.Message), ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            http.Abort();
        }
        catch (IOException) when (http.Response.HasStarted)
        {
            http.Abort();
        }
        catch (Exception bug)
        {
            host.Diary.Bug(host.Drivers.Machine.HostId, path, bug);
            if (http.Response.HasStarted) http.Abort();
            else await RefuseAsync(http, new HostError(HostErrorCode.Failed, bug.Message), ct);
        }
    }

    /// <summary>Writes a refusal with the status of its code.</summary>
    public static async Task RefuseAsync(HttpContext http, HostError error, CancellationToken ct)
    {
        http.Response.StatusCode = StatusOf(error.Code);
        await http.Response.WriteAsJsonAsync(error, ProtocolJson.Options, ct);
    }

    private static async Task ObeyAsync(HttpContext http, AgentHost host, string name, CancellationToken ct)
    {
        if (!MessageTable.All.TryGetValue(name, out var route))
            throw new HostException(HostErrorCode.Unsupported, $"This agent does not know the message {name}.");
        var order = route.IsFenced
            ? Order.Parse(http.Request.Headers[Wire.SubjectHeader], http.Request.Headers[Wire.FenceHeader])
            : default;
        var message = await route.ReadAsync(http.Request.BodyReader, ct);
        var answer = await route.ObeyAsync(host, message, order, ct);
        http.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(http.Response.BodyWriter, answer, route.Answer, ct);
    }

    private static async Task WatchAsync(HttpContext http, AgentHost host, CancellationToken ct)
    {
        http.Features.Get<IHttpMinResponseDataRateFeature>()?.MinDataRate = null;
        http.Response.ContentType = "text/event-stream";
        await foreach (var seen in host.Observer.WatchAsync(ct))
        {
            await http.Response.WriteAsync(seen.Kind switch
            {
                WatchKind.Snapshot => "event: snapshot\ndata: ",
                WatchKind.Change => "event: change\ndata: ",
                WatchKind.Heartbeat => "event: heartbeat\ndata: ",
            }, ct);
            await JsonSerializer.SerializeAsync(http.Response.BodyWriter, seen, ProtocolJson.Options, ct);
            await http.Response.WriteAsync("\n\n", ct);
            await http.Response.BodyWriter.FlushAsync(ct);
        }
    }

    private static int StatusOf(HostErrorCode code) => code switch
    {
        HostErrorCode.Invalid => StatusCodes.Status400BadRequest,
        HostErrorCode.Forbidden => StatusCodes.Status403Forbidden,
        HostErrorCode.NotFound => StatusCodes.Status404NotFound,
        HostErrorCode.StaleFence => StatusCodes.Status409Conflict,
        HostErrorCode.NoSpace => StatusCodes.Status507InsufficientStorage,
        HostErrorCode.Corrupt => StatusCodes.Status422UnprocessableEntity,
        HostErrorCode.Unsupported => StatusCodes.Status501NotImplemented,
        HostErrorCode.Busy => StatusCodes.Status503ServiceUnavailable,
        HostErrorCode.Failed => StatusCodes.Status500InternalServerError,
        HostErrorCode.Unreachable => StatusCodes.Status502BadGateway,
    };
}
