using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Stratiform.Management.Agents;

/// <summary>Where agents are reached: one shared set of connections for each listener.</summary>
/// <param name="authority">What both sides of an <c>https:</c> address have their certificates from.</param>
/// <param name="simulator">The simulator's listener (<c>unix:/path</c> or <c>http://…</c>), which hosts named <c>http://sim/n</c> share.</param>
public sealed class AgentConnections(CloudAuthority authority, Uri? simulator = null) : IDisposable
{
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, HttpMessageInvoker> _peers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, X509Certificate2> _shown = new(StringComparer.Ordinal);

    /// <summary>The client for an agent's address, and the base that its paths are relative to.</summary>
    /// <exception cref="NotSupportedException">The address has a scheme that no agent listens on.</exception>
    public async ValueTask<(HttpMessageInvoker Peer, Uri Base)> ToAsync(Uri address, CancellationToken ct)
    {
        var (listener, path) = address switch
        {
            { Host: "sim", Scheme: "http" } when simulator is not null => (simulator, address.AbsolutePath),
            { Scheme: "unix" } => (address, "/"),
            { Scheme: "https" } => (new Uri(address.GetLeftPart(UriPartial.Authority)), "/"),
            { Scheme: "http" } when IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip) =>
                (new Uri(address.GetLeftPart(UriPartial.Authority)), address.AbsolutePath),
            _ => throw new NotSupportedException($"No agent can be reached at {address}."),
        };
        var root = listener.Scheme == "unix" ? new Uri("http://agent/") : listener;
        if (!_peers.TryGetValue(listener.ToString(), out var peer))
        {
            var handshake = listener.Scheme == "https" ? Remembering(listener, (await authority.OpenAsync(ct)).Handshake()) : null;
            peer = _peers.GetOrAdd(listener.ToString(), static (_, to) => Connect(to.listener, to.handshake), (listener, handshake));
        }
        return (peer, new Uri(root, path.EndsWith('/') ? path : path + "/"));
    }

    /// <summary>The certificate that the agent at an <c>https:</c> address showed last; null before the first connection.</summary>
    public X509Certificate2? ShownBy(Uri address) => _shown.GetValueOrDefault(address.ToString());

    /// <summary>Notes that an agent has got another certificate: it shows it from the next connection on.</summary>
    public void Note(Uri address, X509Certificate2 certificate) => _shown[address.ToString()] = certificate;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var peer in _peers.Values) peer.Dispose();
    }

    /// <summary>What an operator is told of a connection that did not come about.</summary>
    internal static string Reason(Exception away) =>
        away.InnerException is AuthenticationException refused ? refused.Message : away.Message;

    /// <summary>A client for one listener, over TLS if told how.</summary>
    internal static HttpMessageInvoker Connect(Uri listener, SslClientAuthenticationOptions? handshake)
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
            AutomaticDecompression = DecompressionMethods.None,
            UseProxy = false,
        };
        if (handshake is not null)
        {
            handler.SslOptions = handshake;
            // A host that lost its power closes nothing: without pings its last connection would be used for a quarter of an hour.
            (handler.KeepAlivePingDelay, handler.KeepAlivePingTimeout) = (PingInterval, PingInterval);
        }
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

    // The verdict stays the chain's and the name's.
    private SslClientAuthenticationOptions Remembering(Uri listener, SslClientAuthenticationOptions handshake)
    {
        handshake.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
        {
            if (errors != SslPolicyErrors.None || certificate is null) return false;
            Note(listener, X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()));
            return true;
        };
        return handshake;
    }
}
