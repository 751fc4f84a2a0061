namespace Stratiform.Protocol;

/// <summary>What a network's traffic is for; each has its own wires and MTU.</summary>
public enum TrafficType
{
    /// <summary>Server to agents and system VMs.</summary>
    Management,
    /// <summary>Hosts to stores and pools.</summary>
    Storage,
    /// <summary>Between tenants' guests.</summary>
    Guest,
    /// <summary>To the outside.</summary>
    Public,
}

/// <summary>
/// The virtual network can be plugged into on this host: with a VNI it is a bridge of its own that VXLAN joins with the other hosts,
/// without one the host's bridge of that traffic type.
/// </summary>
public sealed record EnsureNetwork : IEnsure<Done>
{
    /// <summary>Its UUID.</summary>
    public required Guid NetworkId { get; init; }
    /// <summary>What it carries.</summary>
    public required TrafficType Traffic { get; init; }
    /// <summary>VXLAN network identifier, 1 to 16777215; only for guest traffic, null for a network on the host's own bridge.</summary>
    public int? Vni { get; init; }
    /// <summary>MTU that guests see, bytes.</summary>
    public required int Mtu { get; init; }
}

/// <summary>Nothing of the network is left on this host. Refused as Failed while a domain is plugged into it.</summary>
/// <param name="NetworkId">Which network.</param>
public sealed record EnsureNoNetwork(Guid NetworkId) : IEnsure<Done>;

/// <summary>
/// From one moment to the next nothing passes the doors of some network cards, either way, and everything passes those of others: what a
/// domain was to its neighbours, another one with the same MACs is from then on, and is heard on its wires at once. Cards that are not there are
/// no error.
/// </summary>
/// <param name="DomainId">On whose behalf: the domain that takes over, or the one that gives way.</param>
/// <param name="Shut">Ids of the cards whose doors are shut.</param>
/// <param name="Open">Ids of the cards whose doors are open.</param>
public sealed record EnsureDoors(Guid DomainId, IReadOnlyList<Guid> Shut, IReadOnlyList<Guid> Open) : IEnsure<Done>;
