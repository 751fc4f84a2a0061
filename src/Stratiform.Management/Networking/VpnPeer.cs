using System.Net;
using Stratiform.Management.Infrastructure;

namespace Stratiform.Management.Networking;

/// <summary>What is known of the far end of site-to-site VPNs, and how to speak to it. Its texts have been checked: see <see cref="VpnPeers"/>.</summary>
public sealed record VpnPeer
{
    public required string Name { get; init; }

    /// <summary>Its public address.</summary>
    public required string Gateway { get; init; }

    /// <summary>The networks behind it.</summary>
    public required IReadOnlyList<string> Cidrs { get; init; }

    /// <summary>The key that both ends know, wrapped.</summary>
    public required byte[] WrappedPsk { get; init; }

    /// <summary>How keys are exchanged, as a client said it: see <see cref="VpnPolicies"/>.</summary>
    public required string IkePolicy { get; init; }

    /// <summary>How packets are sealed.</summary>
    public required string EspPolicy { get; init; }

    /// <summary>Seconds after which keys are exchanged anew.</summary>
    public required int IkeLifetime { get; init; }

    /// <summary>Seconds after which packets get another key.</summary>
    public required int EspLifetime { get; init; }

    /// <summary>Whether one looks if the other is still there.</summary>
    public required bool Dpd { get; init; }

    /// <summary>Whether packets go as UDP although nobody translates addresses on the way.</summary>
    public required bool ForceEncap { get; init; }

    /// <summary>Whether each network has keys of its own.</summary>
    public required bool SplitConnections { get; init; }

    public required IkeVersion IkeVersion { get; init; }

    /// <summary>The networks, as values.</summary>
    internal IEnumerable<IPNetwork> Networks => Cidrs.Select(IPNetwork.Parse);

    /// <summary>What of the far end shares addresses with a network; null for nothing.</summary>
    internal IPNetwork? OverlapWith(IPNetwork network) =>
        Networks.Where(n => Ipv4.Overlap(n, network)).Select(n => (IPNetwork?)n).FirstOrDefault();

    /// <summary>As clients see the networks.</summary>
    internal string CidrList => string.Join(',', Cidrs);
}

/// <summary>The protocol by which keys are exchanged, in the API's words.</summary>
public enum IkeVersion
{
    /// <summary>The second where we begin, either where the other does.</summary>
    Ike,
    IkeV1,
    IkeV2,
}
