using System.Net;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>Everything a router's configuration depends on.</summary>
public sealed record RouterWishes
{
    public required Router Router { get; init; }

    /// <summary>What the domain is called that is told of them.</summary>
    public string Name { get => field ?? Router.Name; init; }

    /// <summary>What that domain is made of.</summary>
    public RouterMake Made { get => field ?? Router.Made; init; }

    /// <summary>The networks that it has a card in, oldest first.</summary>
    public required IReadOnlyList<ServedNetwork> Networks { get; init; }

    /// <summary>The networks beside its VPC that it has a card in.</summary>
    public IReadOnlyList<ServedGateway> Gateways { get; init; } = [];

    /// <summary>Its public addresses; the one its guests go out by, if it has one, comes first.</summary>
    public required IReadOnlyList<HeldAddress> Addresses { get; init; }

    /// <summary>The largest packet that it sends by its card in the public network, bytes.</summary>
    public int PublicMtu { get; init; } = HostNetworks.Mtu;

    /// <summary>The rules that are to be in force, oldest first.</summary>
    public required IReadOnlyList<RuleWish> Rules { get; init; }

    /// <summary>Its load balancers, oldest first.</summary>
    public IReadOnlyList<BalancerWish> Balancers { get; init; } = [];

    /// <summary>Networks that it leads to by somebody in a network that it serves.</summary>
    public IReadOnlyList<RouteWish> Routes { get; init; } = [];

    /// <summary>Its VPN connections, oldest first.</summary>
    public IReadOnlyList<TunnelWish> Tunnels { get; init; } = [];

    /// <summary>Whom it lets in by remote access to the networks; null for nobody.</summary>
    public ClientsWish? Clients { get; init; }

    /// <summary>With whom it takes turns; null for a router alone.</summary>
    public PairWish? Pair { get; init; }

    /// <summary>Name servers to ask for names outside.</summary>
    public required IReadOnlyList<string> Resolvers { get; init; }

    /// <summary>How much it takes at once with the memory that it has.</summary>
    public RouterLimits Limits => RouterSize.Of(Made.Arch)!.Limits(Made.MemoryMib, tls: Balancers.Any(b => b.Certificate is not null));

    /// <summary>Whom it serves, in all networks.</summary>
    public IEnumerable<GuestWishes> Guests => Networks.SelectMany(n => n.Guests);

    /// <summary>Load balancers that listen within tiers, at addresses of these.</summary>
    public IEnumerable<(BalancerWish Balancer, ServedNetwork Tier, Ipv4Address Ip)> Internal =>
        from balancer in Balancers
        join tier in Networks on balancer.Rule.InternalNetworkId equals tier.Network.Id
        select (balancer, tier, balancer.Rule.InternalIp!.Value);

    /// <summary>The address its guests go out by; null keeps them in.</summary>
    public HeldAddress? SourceNat => Addresses.FirstOrDefault(a => a.IsSourceNat);
}

/// <summary>A network that a router serves.</summary>
public sealed record ServedNetwork
{
    public required RouterCard Card { get; init; }
    public required Network Network { get; init; }

    /// <summary>What becomes of packets that go out and that no egress rule speaks of.</summary>
    public required bool EgressAllowed { get; init; }

    /// <summary>What may go into it and out of it, where it is a tier; null for a network of its own.</summary>
    public IReadOnlyList<AclRule>? Acl { get; init; }

    public required IReadOnlyList<GuestWishes> Guests { get; init; }

    /// <summary>What its load balancers hold at once, all together; null for as many as the router has room for.</summary>
    public int? MostConnections { get; init; }

    /// <summary>False ends connections of load balancers that speak HTTP after each answer.</summary>
    public bool KeepsAlive { get; init; } = true;

    public Subnet Subnet => Network.Subnet;

    /// <summary>The address by which the router serves in it.</summary>
    public Ipv4Address RouterIp => Network.IsShared && Card.Ip is { } own ? own : Ipv4Address.Of(Subnet.Gateway);
}

/// <summary>A private gateway that a router has its card for.</summary>
/// <param name="Card">The card.</param>
/// <param name="Gateway">The gateway.</param>
/// <param name="Mtu">What fits into its network's packets, bytes.</param>
/// <param name="Acl">What may come in by it and go out by it.</param>
public sealed record ServedGateway(RouterCard Card, PrivateGateway Gateway, int Mtu, IReadOnlyList<AclRule> Acl);

/// <summary>A public address with the way out.</summary>
/// <param name="Id">The address's id, by which rules name it.</param>
/// <param name="Address">The address.</param>
/// <param name="Netmask">Its network's mask.</param>
/// <param name="Gateway">The next hop.</param>
/// <param name="IsSourceNat">Guests go out by it.</param>
/// <param name="LeadsTo">The guest that all of it leads to; null for none.</param>
/// <param name="Vlan">The VLAN of the public wires that carries it; null for untagged.</param>
public sealed record HeldAddress(
    Id<PublicIpAddress> Id, Ipv4Address Address, IPAddress Netmask, IPAddress Gateway, bool IsSourceNat, Ipv4Address? LeadsTo, int? Vlan = null);

/// <summary>A network that lies behind somebody.</summary>
/// <param name="Cidr">The network.</param>
/// <param name="NextHop">Who forwards there.</param>
public sealed record RouteWish(IPNetwork Cidr, Ipv4Address NextHop);

/// <summary>A rule, and where it leads.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Guest">The guest's address that its ports lead to; null for none, or while the guest has no address.</param>
public sealed record RuleWish(NetworkRule Rule, Ipv4Address? Guest);

/// <summary>A load balancer, and whom it spreads to.</summary>
/// <param name="Rule">Its ports.</param>
/// <param name="Balancer">How it chooses.</param>
/// <param name="Stickiness">How clients come back to the same member; null for by chance.</param>
/// <param name="Members">Cards with an address, in a fixed order.</param>
public sealed record BalancerWish(
    NetworkRule Rule, LoadBalancer Balancer, Stickiness? Stickiness, IReadOnlyList<(Id<Nic> Nic, Ipv4Address Ip)> Members)
{
    private const int HttpPort = 80;

    /// <summary>How members are looked after; null as without a policy.</summary>
    public HealthCheck? Check { get; init; }

    /// <summary>By which it ends TLS; null for none.</summary>
    public CertificateWish? Certificate { get; init; }

    /// <summary>Whether it understands what is said, or passes bytes on.</summary>
    public bool IsHttp => Stickiness?.Method is StickyMethod.LbCookie or StickyMethod.AppCookie
        || Balancer.Protocol == BalancerProtocol.Ssl || Rule.StartPort == HttpPort && Balancer.Protocol == BalancerProtocol.Tcp;
}

/// <summary>A certificate, its issuers and its key.</summary>
/// <param name="Id">The certificate.</param>
/// <param name="Pem">All of it: a secret.</param>
public sealed record CertificateWish(Id<SslCertificate> Id, string Pem)
{
    /// <summary>Where routers have it.</summary>
    public string Path => $"certs/{Id}.pem";

    /// <summary>What it is, without what it holds.</summary>
    public override string ToString() => Path;
}

/// <summary>A VPN connection, and whom it leads to.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Peer">The far end.</param>
/// <param name="Psk">The key that both ends know.</param>
/// <param name="Local">The network at the near end.</param>
public sealed record TunnelWish(VpnConnection Connection, VpnPeer Peer, string Psk, IPNetwork Local);

/// <summary>A remote access VPN, and whom it lets in.</summary>
/// <param name="Vpn">The VPN.</param>
/// <param name="Key">By which clients know the router: a secret.</param>
/// <param name="Local">What clients reach.</param>
public sealed record ClientsWish(RemoteAccessVpn Vpn, string Key, IPNetwork Local)
{
    /// <summary>Who may come in, in a fixed order.</summary>
    public required IReadOnlyList<ClientUser> Users { get; init; }

    /// <summary>What it is, without what it holds.</summary>
    public override string ToString() => Vpn.Id.ToString();
}

/// <summary>One who may come in by remote access.</summary>
/// <param name="Id">The user.</param>
/// <param name="Name">Its name.</param>
/// <param name="Password">Its password: a secret.</param>
public sealed record ClientUser(Id<VpnUser> Id, string Name, string Password)
{
    /// <summary>Who it is, without what it knows.</summary>
    public override string ToString() => Name;
}

/// <summary>What a router serves to one guest.</summary>
public sealed record GuestWishes
{
    public required string Mac { get; init; }
    public required Ipv4Address Ip { get; init; }
    public required string HostName { get; init; }

    /// <summary>What it is told with its address, beside what all are told.</summary>
    public IReadOnlyList<DhcpOption> Options { get; init; } = [];

    /// <summary>Its way out goes by this card.</summary>
    public bool IsDefault { get; init; } = true;

    /// <summary>Names and values of the metadata service, in the order they are listed.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; }

    /// <summary>Raw user data; null for none.</summary>
    public byte[]? UserData { get; init; }

    /// <summary>The password to hand out once; null for none.</summary>
    public GuestPassword? Password { get; init; }
}

/// <summary>A password that a guest may take once.</summary>
/// <param name="Serial">Tells it from earlier and other guests' ones.</param>
/// <param name="Text">The password.</param>
public sealed record GuestPassword(long Serial, string Text);
