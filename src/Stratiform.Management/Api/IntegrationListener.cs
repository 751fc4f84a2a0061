using System.Net;

namespace Stratiform.Management.Api;

/// <summary>
/// The listener that asks for no proof: whoever reaches it acts as the cloud's own account. It is bound to loopback, and it
/// refuses names that a browser might have been lured to.
/// </summary>
/// <param name="options">The port; 0 for none.</param>
internal sealed class IntegrationListener(ApiOptions options)
{
    /// <summary>True when the call came in there.</summary>
    public bool Serves(HttpContext http) =>
        options.IntegrationPort > 0
        && http.Connection.LocalPort == options.IntegrationPort
        && http.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote)
        && (http.Request.Host.Host == "localhost" || (IPAddress.TryParse(http.Request.Host.Host, out var host) && IPAddress.IsLoopback(host)));
}
