using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>What is to change about a network, beside what it is called; null leaves things as they are.</summary>
public sealed record NetworkChange
{
    /// <summary>Its offering.</summary>
    public Id<NetworkOffering>? OfferingId { get; init; }

    /// <summary>Search domain of its guests.</summary>
    public string? NetworkDomain { get; init; }

    /// <summary>The name servers that its router asks, none for those of the zone.</summary>
    public IReadOnlyList<string>? NameServers { get; init; }

    /// <summary>The public address that its guests go out by.</summary>
    public SourceNatChoice? SourceNat { get; init; }

    /// <summary>The largest packet of its guests, bytes.</summary>
    public int? Mtu { get; init; }

    /// <summary>The largest packet that its router sends to the public network, bytes.</summary>
    public int? PublicMtu { get; init; }

    /// <summary>Nothing is.</summary>
    public static NetworkChange None { get; } = new();
}
