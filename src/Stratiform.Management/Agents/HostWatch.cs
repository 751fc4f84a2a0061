using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Stratiform.Protocol;

namespace Stratiform.Management.Agents;

/// <summary>Reads one host's stream of observations.</summary>
internal static class HostWatch
{
    /// <summary>Events as they come; ends when the stream breaks.</summary>
    /// <exception cref="HttpRequestException">The agent is not there.</exception>
    public static async IAsyncEnumerable<WatchEvent> ReadAsync(
        AgentConnections connections, Uri address, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var (peer, root) = await connections.ToAsync(address, ct);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(root, Wire.WatchPath))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await peer.SendAsync(request, ct);
        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var events = SseParser.Create(stream, (_, data) => JsonSerializer.Deserialize<WatchEvent>(data, ProtocolJson.Options)!);
        await foreach (var item in events.EnumerateAsync(ct)) yield return item.Data;
    }
}
