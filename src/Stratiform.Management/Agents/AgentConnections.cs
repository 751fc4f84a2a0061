using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Stratiform.Management.Agents;

/// <summary>Where agents are reached: one shared set of connections for each listener.</summary>
/// <param name="simulator">The simulator's listener (<c>unix:/path</c> or <c>http://…</c>), which hosts named <c>http://sim/n</c> share.</param>
public sealed class AgentConnections(Uri? simulator = null) : IDisposable
{
    private readonly ConcurrentDictionary<string, HttpMessageInvoker> _peers = new(StringComparer.Ordinal);

    /// <summary>The client for an agent's address, and the base that its paths are relative to.</summary>
    /// <exception cref="NotSupportedException">The address has a scheme that no agent listens on.</exception>
    public (HttpMessageInvoker Peer, Uri Base) To(Uri address)
    {
        var (listener, path) = address switch
        {
            { Host: "sim", Scheme: "http" } when simulator is not null => (simulator, address.AbsolutePath),
            { Scheme: "unix" } => (address, "/"),
            { Scheme: "http" } when IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip) =>
                (new Uri(address.GetLeftPart(UriPartial.Authority)), address.AbsolutePath),
            _ => throw new NotSupportedException($"No agent can be reached at {address}."),
        };
        var root = listener.Scheme == "unix" ? new Uri("http://agent/") : listener;
        var peer = _peers.GetOrAdd(listener.ToString(), static (_, at) => Connect(at), listener);
        return (peer, new Uri(root, path.EndsWith('/') ? path : path + "/"));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var peer in _peers.Values) peer.Dispose();
    }

    private static HttpMessageInvoker Connect(Uri listener)
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
            AutomaticDecompression = DecompressionMethods.None,
            UseProxy = false,
        };
        if (listener.Scheme == "unix")
        {
            handler.ConnectCallback = async (_, ct) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(listener.AbsolutePath), ct);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            };
        }
        return new HttpMessageInvoker(handler);
    }
}
