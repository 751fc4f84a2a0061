using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Stratiform.Agent.Serving;

/// <summary>Where an agent or simulator listens: <c>unix:/path</c> or <c>http://address:port</c>, HTTP/2 without TLS.</summary>
/// <param name="SocketPath">The unix socket, or null.</param>
/// <param name="Address">The address, or null for a unix socket.</param>
public sealed record ListenAddress(string? SocketPath, IPEndPoint? Address)
{
    // The default of 100 would let a server's watches and messages queue behind each other.
    private const int StreamsPerConnection = 20_000;

    /// <summary>Reads the text, or throws <see cref="FormatException"/>.</summary>
    public static ListenAddress Parse(string text)
    {
        if (text.StartsWith("unix:/", StringComparison.Ordinal)) return new ListenAddress(text["unix:".Length..], null);
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == "http" && IPAddress.TryParse(url.Host, out var address))
            return new ListenAddress(null, new IPEndPoint(address, url.Port));
        throw new FormatException($"{text} is no place to listen: unix:/path or http://address:port.");
    }

    /// <summary>The end point that a client connects to.</summary>
    public EndPoint ToEndPoint() => Address is not null ? Address : new UnixDomainSocketEndPoint(SocketPath!);

    /// <summary>Lets the server listen there.</summary>
    public void Configure(KestrelServerOptions kestrel)
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
            kestrel.Listen(Address!, listen => listen.Protocols = HttpProtocols.Http2);
        }
    }
}
