namespace Stratiform.Protocol;

/// <summary>
/// All that security groups mean for the host, in place of what it was told before: who may speak to guests' cards and to whom they may
/// speak. It is in force at once, and as a whole. A card that is to be in groups (<see cref="NicGuard.IsInGroups"/>) and that is not named
/// here is not plugged in.
/// </summary>
public sealed record EnsureGroups : IEnsure<Done>
{
    /// <summary>The host, as the server that speaks knows it.</summary>
    public required Guid HostId { get; init; }

    /// <summary>Networks whose cards are in groups.</summary>
    public required IReadOnlyList<GroupedNetwork> Networks { get; init; }

    /// <summary>Addresses that rules name as one.</summary>
    public required IReadOnlyList<MemberSet> Sets { get; init; }

    /// <summary>The groups of the cards.</summary>
    public required IReadOnlyList<GroupRules> Groups { get; init; }

    /// <summary>The cards.</summary>
    public required IReadOnlyList<GroupedCard> Cards { get; init; }
}

/// <summary>A network whose cards are in security groups.</summary>
/// <param name="NetworkId">The network.</param>
/// <param name="Zone">1 to 65535, of it alone on this host: keeps its connections apart from those of other networks with the same addresses.</param>
/// <param name="IsUntagged">It is on the host's own bridge for guests.</param>
public sealed record GroupedNetwork(Guid NetworkId, int Zone, bool IsUntagged);

/// <summary>The members of a group in a network.</summary>
/// <param name="Id">By which rules name them.</param>
/// <param name="Addresses">Their IPv4 addresses, each once.</param>
public sealed record MemberSet(Guid Id, IReadOnlyList<string> Addresses);

/// <summary>What a group's rules mean in a network.</summary>
/// <param name="Id">By which cards name them.</param>
/// <param name="Ingress">Who may speak to its members: nobody else may, but who answers.</param>
/// <param name="Egress">To whom they may speak; none for anybody, as long as no other group of the card has any.</param>
public sealed record GroupRules(Guid Id, IReadOnlyList<GroupRule> Ingress, IReadOnlyList<GroupRule> Egress);

/// <summary>Packets that pass.</summary>
public sealed record GroupRule
{
    /// <summary>tcp, udp, icmp, all, or the number of another protocol.</summary>
    public required string Protocol { get; init; }

    /// <summary>The first port of the receiver; null for all.</summary>
    public int? StartPort { get; init; }

    /// <summary>The last port.</summary>
    public int? EndPort { get; init; }

    /// <summary>Null for all.</summary>
    public int? IcmpType { get; init; }

    /// <summary>Null for all.</summary>
    public int? IcmpCode { get; init; }

    /// <summary>The other side's network.</summary>
    public string? Cidr { get; init; }

    /// <summary>The other side is one of this set, in place of a network.</summary>
    public Guid? Members { get; init; }
}

/// <summary>A card that is in groups.</summary>
/// <param name="NicId">The card.</param>
/// <param name="Groups">Its groups' rules.</param>
/// <param name="Services">The address of the router that serves it DNS and metadata, which no rule keeps from it; null for none.</param>
public sealed record GroupedCard(Guid NicId, IReadOnlyList<Guid> Groups, string? Services);
