using System.Net;

namespace Stratiform.Management.Api;

/// <summary>
/// The listener that asks for no proof: whoever reaches it acts as the cloud's own account. It is bound to loopback, marks
/// its own connections, and refuses names that a browser might have been lured to.
/// </summary>
internal static class IntegrationListener
{
    /// <summary>Opens it with the web server, on the port that the setting names.</summary>
    public static void Open(WebApplicationBuilder builder)
    {
        var port = new IntegrationPort();
        builder.Services.AddSingleton(port);
        var configuration = new ConfigurationBuilder().Add(port).Build();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Configure(configuration, reloadOnChange: true).Endpoint(
            IntegrationPort.Endpoint,
            endpoint => endpoint.ListenOptions.Use(next => connection =>
            {
                connection.Features.Set(new Mark());
                return next(connection);
            })));
    }

    /// <summary>True when the call came in there.</summary>
    public static bool Serves(HttpContext http) =>
        http.Features.Get<Mark>() is not null
        && http.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote)
        && (http.Request.Host.Host == "localhost" || (IPAddress.TryParse(http.Request.Host.Host, out var host) && IPAddress.IsLoopback(host)));

    private sealed class Mark;
}
