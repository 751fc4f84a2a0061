namespace Stratiform.Protocol;

/// <summary>
/// The router runs this configuration. Only files it lacks are sent into it. If a part fails, the router keeps what it had
/// and the answer says which part. An older generation than the applied one is refused as StaleFence.
/// </summary>
public sealed record EnsureRouterConfiguration : IEnsure<RouterReport>
{
    /// <summary>The router's domain.</summary>
    public required Guid RouterId { get; init; }
    /// <summary>Number of the configuration; grows with each change.</summary>
    public required long Generation { get; init; }
    /// <summary>The whole configuration; see docs/guides/images.md for the paths.</summary>
    public required IReadOnlyList<RouterFile> Files { get; init; }
}

/// <summary>One file of a router's configuration.</summary>
/// <param name="Path">Relative path, no <c>..</c>.</param>
/// <param name="Content">Its bytes (base64 on the wire).</param>
/// <param name="Secret">True keeps it out of logs and readable by root alone.</param>
public sealed record RouterFile(string Path, byte[] Content, bool Secret = false);

/// <summary>Asks what a router runs.</summary>
/// <param name="RouterId">The router's domain.</param>
/// <param name="IsBrief">Only whether it answers; nothing else of the report is filled, and nothing is started inside.</param>
public sealed record ReadRouter(Guid RouterId, bool IsBrief = false) : IHostMessage<RouterReport>;

/// <summary>What a router runs.</summary>
public sealed record RouterReport
{
    /// <summary>False until the guest agent inside answers.</summary>
    public required bool Answers { get; init; }
    /// <summary>The applied generation; 0 for none.</summary>
    public long Generation { get; init; }
    /// <summary>The part that failed in the last apply (nft, dnsmasq, …); empty for none.</summary>
    public string FailedPart { get; init; } = "";
    /// <summary>What that part said.</summary>
    public string FailedText { get; init; } = "";
    /// <summary>Whether it serves, if it is one of a pair.</summary>
    public PairState Pair { get; init; }
    /// <summary>Serials of passwords that guests have taken since the router booted.</summary>
    public IReadOnlyList<long> PasswordsTaken { get; init; } = [];
}

/// <summary>Asks a router for the connections that it tracks.</summary>
/// <param name="RouterId">The router's domain.</param>
public sealed record ReadRouterConnections(Guid RouterId) : IHostMessage<RouterConnections>;

/// <summary>Connections that a router tracks.</summary>
/// <param name="Packed">In the router's own words, compressed (base64 on the wire); null when it does not answer.</param>
public sealed record RouterConnections(byte[]? Packed);

/// <summary>
/// The router goes on with these connections besides its own, and makes itself known to the switches for some seconds. It must have a
/// configuration.
/// </summary>
/// <param name="RouterId">The router's domain.</param>
/// <param name="Packed">What another router answered.</param>
public sealed record EnsureRouterConnections(Guid RouterId, byte[] Packed) : IEnsure<Done>;

/// <summary>
/// A router of a pair that serves lets the other one take over at once, since it is about to be ended. Nothing happens to one that stands aside,
/// is alone or does not answer.
/// </summary>
/// <param name="RouterId">The router's domain.</param>
public sealed record EnsureRouterAside(Guid RouterId) : IEnsure<Done>;

/// <summary>Asks a router to look at itself. What has drifted from its configuration it puts in force again by itself.</summary>
/// <param name="RouterId">The router's domain.</param>
public sealed record ReadRouterHealth(Guid RouterId) : IHostMessage<RouterHealth>;

/// <summary>How a router finds itself.</summary>
public sealed record RouterHealth
{
    /// <summary>False when the guest agent inside does not answer, or nothing is configured yet.</summary>
    public required bool Answers { get; init; }
    /// <summary>What it looked at.</summary>
    public IReadOnlyList<RouterLook> Looks { get; init; } = [];
    /// <summary>Whether it serves, if it is one of a pair.</summary>
    public PairState Pair { get; init; }
}

/// <summary>Where a router stands in its pair.</summary>
public enum PairState
{
    /// <summary>It is none of a pair.</summary>
    Alone,
    /// <summary>It serves.</summary>
    Primary,
    /// <summary>The other one serves.</summary>
    Backup,
    /// <summary>It cannot serve.</summary>
    Fault,
}

/// <summary>One thing that a router looks at in itself.</summary>
/// <param name="Name">dnsmasq, metadata, haproxy, vpn, interfaces, filter, forwarding, memory, gateway, pair.</param>
/// <param name="Text">Why it is not well; empty while it is.</param>
public sealed record RouterLook(string Name, string Text);

/// <summary>Asks a router what its load balancers have counted, and how they find their members.</summary>
/// <param name="RouterId">The router's domain.</param>
public sealed record ReadBalancers(Guid RouterId) : IHostMessage<BalancersReport>;

/// <summary>What a router's load balancers have counted.</summary>
public sealed record BalancersReport
{
    /// <summary>False when the guest agent inside does not answer.</summary>
    public required bool Answers { get; init; }
    /// <summary>Which boot of the router it is: each counts from nothing.</summary>
    public Guid Boot { get; init; }
    /// <summary>What each has counted since that boot.</summary>
    public IReadOnlyList<BalancerCount> Counts { get; init; } = [];
    /// <summary>Their members.</summary>
    public IReadOnlyList<MemberLook> Members { get; init; } = [];
}

/// <summary>What one load balancer has counted since its router booted; sums but for what is open.</summary>
/// <param name="RuleId">The load balancer.</param>
/// <param name="Sessions">Connections of clients.</param>
/// <param name="Requests">Requests in them; 0 where it passes bytes on.</param>
/// <param name="BytesIn">From clients.</param>
/// <param name="BytesOut">To clients.</param>
/// <param name="Open">Connections that are open now.</param>
public sealed record BalancerCount(Guid RuleId, long Sessions, long Requests, long BytesIn, long BytesOut, int Open);

/// <summary>How a load balancer finds a member.</summary>
/// <param name="RuleId">The load balancer.</param>
/// <param name="MemberId">The member.</param>
/// <param name="IsUp">Whether it gets anything; null until it has been asked how it is.</param>
public sealed record MemberLook(Guid RuleId, Guid MemberId, bool? IsUp);

/// <summary>Asks a router how the VPN connections stand that it was configured with.</summary>
/// <param name="RouterId">The router's domain.</param>
public sealed record ReadRouterTunnels(Guid RouterId) : IHostMessage<RouterTunnels>;

/// <summary>How a router's VPN connections stand.</summary>
public sealed record RouterTunnels
{
    /// <summary>False when the guest agent inside does not answer, or nothing is configured yet.</summary>
    public required bool Answers { get; init; }
    /// <summary>Each connection that it was configured with.</summary>
    public IReadOnlyList<RouterTunnel> Tunnels { get; init; } = [];
}

/// <summary>How a VPN connection stands.</summary>
/// <param name="Name">The name of its file in <c>swanctl/conf.d</c>, without the ending.</param>
/// <param name="State">How far it is.</param>
public sealed record RouterTunnel(string Name, TunnelState State);

/// <summary>How far a VPN connection is.</summary>
public enum TunnelState
{
    /// <summary>Nobody exchanges keys.</summary>
    Down,
    /// <summary>Keys are being exchanged, or have been for some of its networks only.</summary>
    Connecting,
    /// <summary>Packets pass, for all of its networks.</summary>
    Up,
    /// <summary>The daemon does not answer.</summary>
    Broken,
}
