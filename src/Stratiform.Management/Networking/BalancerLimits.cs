using Stratiform.Management.Api;

namespace Stratiform.Management.Networking;

/// <summary>How much of its router a network's load balancers may take.</summary>
internal static class BalancerLimits
{
    private const int Most = 1_000_000;

    /// <summary>A number of connections; null where none is said.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is none, or there are no load balancers (431).</exception>
    public static int? Read(int? connections, bool hasBalancers)
    {
        if (connections is null) return null;
        if (!hasBalancers) throw Refusal.Parameter("maxconnections is of load balancers; add Lb to supportedservices, or leave it out.");
        return connections is >= 1 and <= Most ? connections : throw Refusal.Parameter($"maxconnections is between 1 and {Most}, not {connections}.");
    }
}
