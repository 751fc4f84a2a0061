using Stratiform.Management.Api;

namespace Stratiform.Management.Networking;

/// <summary>Reads and writes what clients say of load balancers.</summary>
internal static class WireBalancers
{
    /// <summary>An algorithm by its name.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">There is none of that name (431).</exception>
    public static BalancerAlgorithm Algorithm(string name) => Enum.TryParse<BalancerAlgorithm>(name.Trim(), ignoreCase: true, out var found) && Enum.IsDefined(found)
        ? found
        : throw Refusal.Parameter($"algorithm {name} is unknown; use roundrobin, leastconn or source.");

    /// <summary>A protocol by its name; tcp unless said.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">There is none of that name (431).</exception>
    public static BalancerProtocol Protocol(string? name) => name?.Trim().ToLowerInvariant() switch
    {
        null or "" or "tcp" => BalancerProtocol.Tcp,
        "tcp-proxy" => BalancerProtocol.TcpProxy,
        "ssl" => BalancerProtocol.Ssl,
        _ => throw Refusal.Parameter($"protocol {name} cannot be balanced; use tcp, tcp-proxy or ssl."),
    };

    public static string NameOf(BalancerAlgorithm algorithm) => algorithm.ToString().ToLowerInvariant();

    public static string NameOf(BalancerProtocol protocol) => protocol switch
    {
        BalancerProtocol.Tcp => "tcp",
        BalancerProtocol.TcpProxy => "tcp-proxy",
        BalancerProtocol.Ssl => "ssl",
    };
}
