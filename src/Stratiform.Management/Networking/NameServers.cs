using Stratiform.Management.Api;
using Stratiform.Management.Infrastructure;

namespace Stratiform.Management.Networking;

/// <summary>The name servers that routers ask for what they do not know themselves: those of a network or VPC, else those of its zone.</summary>
internal static class NameServers
{
    /// <summary>Reads them of what clients say; null when nothing was said, and none for an empty first one.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">One is no address of a host, or the second is there without the first (431).</exception>
    public static string[]? Read(string? dns1, string? dns2)
    {
        if ((dns1, dns2) is (null, null)) return null;
        var second = string.IsNullOrWhiteSpace(dns2) ? null : WireIp.RequireHost(dns2, nameof(dns2)).ToString();
        if (!string.IsNullOrWhiteSpace(dns1)) return [WireIp.RequireHost(dns1, nameof(dns1)).ToString(), .. second is null ? Array.Empty<string>() : [second]];
        return second is null ? [] : throw Refusal.Parameter("dns2 is asked when dns1 does not answer; give dns1 too.");
    }

    /// <summary>Refuses networks that have no router to ask them, or share that of their VPC.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is one (431).</exception>
    public static void RequireOwn(Network network)
    {
        if (network.VpcId is not null) throw Refusal.Parameter("Tiers have the name servers of their VPC, which were chosen with it; leave dns1 and dns2 out.");
        if (!network.IsRouted) throw Refusal.Parameter("An L2 network has no router that would ask name servers; leave dns1 and dns2 out.");
    }

    /// <summary>Those that are asked.</summary>
    /// <param name="own">The network's or VPC's.</param>
    /// <param name="zone">Its zone.</param>
    public static IReadOnlyList<string> Of(string[] own, Zone zone) => own.Length > 0 ? own : zone.Dns2 is { } second ? [zone.Dns1, second] : [zone.Dns1];
}
