using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Stratiform.Agent.Enrolling;

namespace Stratiform.Agent.Serving;

/// <summary>
/// Where an agent or simulator listens with HTTP/2: <c>unix:/path</c>, <c>https://address:port</c>, or <c>http://address:port</c>
/// without protection.
/// </summary>
/// <param name="SocketPath">The unix socket, or null.</param>
/// <param name="Address">The address, or null for a unix socket.</param>
/// <param name="IsSecure">Both sides prove who they are by certificates.</param>
public sealed record ListenAddress(string? SocketPath, IPEndPoint? Address, bool IsSecure = false)
{
    // The default of 100 would let a server's watches and messages queue behind each other.
    private const int StreamsPerConnection = 20_000;

    /// <summary>Reads the text, or throws <see cref="FormatException"/>.</summary>
    public static ListenAddress Parse(string text)
    {
        if (text.StartsWith("unix:/", StringComparison.Ordinal)) return new ListenAddress(text["unix:".Length..], null);
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            && IPAddress.TryParse(url.DnsSafeHost, out var address))
            return new ListenAddress(null, new IPEndPoint(address, url.Port), url.Scheme == "https");
        throw new FormatException($"{text} is no place to listen: unix:/path, https://address:port or http://address:port.");
    }

    /// <summary>As <see cref="Parse"/>, for what lets those who reach it act on a real host.</summary>
    internal static ListenAddress ParseProtected(string text)
    {
        var listen = Parse(text);
        if (listen is { Address.Address: { } address, IsSecure: false } && !IPAddress.IsLoopback(address))
            throw new FormatException($"{text} would let everybody there act on this host: listen at https://{listen.Address} or unix:/path.");
        return listen;
    }

    /// <summary>The end point that a client connects to.</summary>
    public EndPoint ToEndPoint() => Address is not null ? Address : new UnixDomainSocketEndPoint(SocketPath!);

    /// <summary>Lets a server without an identity listen there.</summary>
    public void Configure(KestrelServerOptions kestrel)
    {
        if (IsSecure) throw new FormatException($"https://{Address} needs certificates, which only an agent has.");
        Configure(kestrel, identity: null);
    }

    /// <summary>Lets the server listen there; a secure address with this identity.</summary>
    internal void Configure(KestrelServerOptions kestrel, AgentIdentity? identity)
    {
        kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        if (SocketPath is not null)
        {
            File.Delete(SocketPath);
            kestrel.ListenUnixSocket(SocketPath, listen => listen.Protocols = HttpProtocols.Http2);
        }
        else
        {
            kestrel.Listen(Address!, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                if (IsSecure) listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(identity!.Handshake()) });
            });
        }
    }
}
