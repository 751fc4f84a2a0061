using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Agents;

/// <summary>Speaks to hosts for a step: under the fence of its workflow, only about what the workflow holds.</summary>
public sealed class Hosts(CloudDb db, CurrentWorkflow current, AgentConnections connections, IAgentProbe? probe = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Makes something on a host as the message describes.</summary>
    /// <exception cref="TransientException">The agent is away or busy; the same message may succeed later.</exception>
    /// <exception cref="CloudException">The host refused, with the reason.</exception>
    public async Task<TAnswer> EnsureAsync<TAnswer>(Id<Host> host, Subject subject, IEnsure<TAnswer> message, CancellationToken ct)
        where TAnswer : class
    {
        using var request = RequestOf(subject, message);
        if (probe is not null) await probe.BeforeAsync(message, ct);
        var answer = await SendAsync<TAnswer>(await PeerAsync(host, ct), request, ct);
        if (probe is not null) await probe.AfterAsync(message, ct);
        return answer;
    }

    /// <summary>Makes something on several hosts in the same moment; see <see cref="EnsureAsync"/>. Each is told, whatever the others answer.</summary>
    public async Task EnsureTogetherAsync(Subject subject, IReadOnlyList<(Id<Host> Host, IEnsure<Done> Message)> orders, CancellationToken ct)
    {
        if (probe is not null)
        {
            foreach (var (host, message) in orders) await EnsureAsync(host, subject, message, ct);
            return;
        }
        var ways = new List<(Peer Peer, IEnsure<Done> Message)>();
        foreach (var (host, message) in orders) ways.Add((await PeerAsync(host, ct), message));
        await Task.WhenAll(ways.Select(async way =>
        {
            using var request = RequestOf(subject, way.Message);
            await SendAsync<Done>(way.Peer, request, ct);
        }));
    }

    /// <summary>Asks a host something; see <see cref="EnsureAsync"/> for the exceptions.</summary>
    public async Task<TAnswer> ReadAsync<TAnswer>(Id<Host> host, IHostMessage<TAnswer> message, CancellationToken ct)
        where TAnswer : class
    {
        using var request = RequestOf(message);
        return await SendAsync<TAnswer>(await PeerAsync(host, ct), request, ct);
    }

    private HttpRequestMessage RequestOf(Subject subject, object message)
    {
        var request = RequestOf(message);
        request.Headers.Add(Wire.SubjectHeader, subject.ToString());
        request.Headers.Add(Wire.FenceHeader, current.FenceFor(subject).ToString(CultureInfo.InvariantCulture));
        return request;
    }

    private static HttpRequestMessage RequestOf(object message) => new(HttpMethod.Post, Wire.PathOf(message.GetType()))
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Content = JsonContent.Create(message, message.GetType(), options: ProtocolJson.Options),
    };

    private static async Task<TAnswer> SendAsync<TAnswer>(Peer peer, HttpRequestMessage request, CancellationToken ct)
    {
        request.RequestUri = new Uri(peer.Root, request.RequestUri!);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            using var response = await peer.Client.SendAsync(request, limit.Token);
            if (response.IsSuccessStatusCode)
                return (await response.Content.ReadFromJsonAsync<TAnswer>(ProtocolJson.Options, limit.Token))!;
            var error = await response.Content.ReadFromJsonAsync<HostError>(ProtocolJson.Options, limit.Token);
            throw RefusalOf(peer.Name, error ?? new(HostErrorCode.Failed, $"HTTP {(int)response.StatusCode}"));
        }
        catch (Exception away) when (away is HttpRequestException or IOException or System.Text.Json.JsonException)
        {
            throw new TransientException($"the agent of host {peer.Name} does not answer: {AgentConnections.Reason(away)}", away);
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw new TransientException($"the agent of host {peer.Name} did not answer within {Patience.TotalSeconds:0} s", late);
        }
    }

    private static Exception RefusalOf(string host, HostError error) => error.Code switch
    {
        HostErrorCode.Busy => new TransientException($"host {host} is busy: {error.Text}"),
        HostErrorCode.StaleFence => new TransientException($"host {host} obeys a later runner: {error.Text}"),
        HostErrorCode.NoSpace => Refusal.Capacity($"Host {host} has no room: {error.Text}"),
        HostErrorCode.Unsupported => new UnsupportedByHostException($"Host {host} cannot do this: {error.Text}"),
        HostErrorCode.Invalid or HostErrorCode.Forbidden or HostErrorCode.NotFound or HostErrorCode.Corrupt or HostErrorCode.Failed
            or HostErrorCode.Unreachable => Refusal.Internal($"Host {host} failed: {error.Text}"),
    };

    private async Task<Peer> PeerAsync(Id<Host> host, CancellationToken ct)
    {
        var found = await db.Set<Host>().Where(h => h.Id == host).Select(h => new { h.Name, h.Address }).SingleOrDefaultAsync(ct)
            ?? throw Refusal.Unavailable("The host was removed from the cloud.");
        var (client, root) = await connections.ToAsync(found.Address, ct);
        return new(found.Name, client, root);
    }

    private sealed record Peer(string Name, HttpMessageInvoker Client, Uri Root);
}

/// <summary>The host lacks the ability, or its agent is older than the message.</summary>
public sealed class UnsupportedByHostException(string text) : CloudException(534, text, 4380);

/// <summary>Where tests reach between a step and a host. In production nothing listens.</summary>
public interface IAgentProbe
{
    /// <summary>Before the message leaves.</summary>
    ValueTask BeforeAsync(object message, CancellationToken ct);

    /// <summary>After the host answered, before the step knows.</summary>
    ValueTask AfterAsync(object message, CancellationToken ct);
}
