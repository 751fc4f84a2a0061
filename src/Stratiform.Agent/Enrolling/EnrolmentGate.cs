using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Stratiform.Agent.Serving;
using Stratiform.Protocol;

namespace Stratiform.Agent.Enrolling;

/// <summary>
/// Stands before the messages of an agent that listens on a network. A connection has a client's certificate only if the handshake
/// checked it, so one that was opened before the enrolment never carries a message.
/// </summary>
internal sealed class EnrolmentGate(AgentIdentity identity, AgentHost host)
{
    private const int LargestEnrolment = 64 << 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Answers one request.</summary>
    public Task ServeAsync(HttpContext http, string path)
    {
        var byServer = http.Connection.ClientCertificate is not null;
        if (path == Wire.EnrolPath && HttpMethods.IsPost(http.Request.Method)) return EnrolAsync(http, byServer);
        return byServer
            ? AgentEndpoint.ServeAsync(http, host, path)
            : AgentEndpoint.RefuseAsync(
                http, new(HostErrorCode.Forbidden, "This connection was opened without a certificate of the host's cloud."),
                http.RequestAborted);
    }

    private async Task EnrolAsync(HttpContext http, bool byServer)
    {
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = LargestEnrolment;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        limit.CancelAfter(Patience);
        try
        {
            var asked = await http.Request.ReadFromJsonAsync<Enrolment>(ProtocolJson.Options, limit.Token);
            if (asked is not { Certificate: not null, Authority: not null })
                throw new HostException(HostErrorCode.Invalid, "the enrolment lacks a certificate.");
            identity.Enrol(asked, byServer);
            await http.Response.WriteAsJsonAsync(Done.Instance, ProtocolJson.Options, limit.Token);
        }
        catch (HostException refusal)
        {
            await AgentEndpoint.RefuseAsync(http, refusal.ToError(), limit.Token);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or BadHttpRequestException)
        {
            await AgentEndpoint.RefuseAsync(http, new(HostErrorCode.Invalid, "the enrolment cannot be read."), limit.Token);
        }
        catch (OperationCanceledException)
        {
            http.Abort();
        }
    }
}
