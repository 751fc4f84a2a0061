using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Stratiform.SystemVm.Serving;

/// <summary>Kestrel alone, without the host that usually comes around it: this is a small machine, and it has one thing to serve.</summary>
internal sealed class LinkListener : IHttpApplication<HttpContext>, IAsyncDisposable
{
    // Each holds some buffers; those who come later wait for a place.
    private const int MaxConnections = 200;
    private readonly KestrelServer _kestrel;
    private readonly LinkServer _links;

    /// <param name="links">What is served.</param>
    /// <param name="address">Where it listens.</param>
    /// <param name="logs">Where mistakes are told.</param>
    public LinkListener(LinkServer links, IPEndPoint address, ILoggerFactory logs)
    {
        _links = links;
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxConcurrentConnections = MaxConnections;
        options.Limits.MaxRequestBodySize = 0;
        options.Limits.MaxResponseBufferSize = 512 << 10;
        if (address.Address.Equals(IPAddress.Any)) options.ListenAnyIP(address.Port, AsHttp1);
        else options.Listen(address, AsHttp1);
        var sockets = new SocketTransportFactory(Options.Create(new SocketTransportOptions { IOQueueCount = 1 }), logs);
        _kestrel = new KestrelServer(Options.Create(options), sockets, logs);
    }

    /// <summary>Where it listens, once started.</summary>
    public Uri Address => new(_kestrel.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    /// <summary>Serves from now on.</summary>
    public Task StartAsync(CancellationToken ct) => _kestrel.StartAsync(this, ct);

    /// <inheritdoc/>
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    /// <inheritdoc/>
    public Task ProcessRequestAsync(HttpContext context) => _links.ServeAsync(context);

    /// <inheritdoc/>
    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // It owns nothing.
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _kestrel.StopAsync(now.Token);
        _kestrel.Dispose();
    }

    private static void AsHttp1(ListenOptions listen) => listen.Protocols = HttpProtocols.Http1;
}
