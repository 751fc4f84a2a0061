using System.Net;
using Stratiform.Linux;
using Stratiform.Management.Accounts;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Host.Tests;

/// <summary>What passes a router and what does not, seen on the wire: the server's ruleset in a kernel, with guests and an internet around it.</summary>
public sealed class RouterFirewallTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly IPNetwork[] Everywhere = [IPNetwork.Parse("0.0.0.0/0")];
    private readonly string _folder = Directory.CreateTempSubdirectory("world-").FullName;
    private readonly Network _network;
    private readonly PublicIpAddress[] _addresses;
    private readonly Nic _web, _db;
    private readonly List<RuleWish> _rules = [];
    private readonly List<RouteWish> _routes = [];
    private Ipv4Address? _leadsTo;
    private readonly List<ServedNetwork> _tiers = [];
    private readonly List<TunnelWish> _tunnels = [];
    private ClientsWish? _clients;
    private readonly List<ServedGateway> _gateways = [];
    private readonly PhysicalNetwork _wires;
    private bool _egressAllowed = true;
    private bool _inTwoNetworks;

    public RouterFirewallTests()
    {
        _wires = new PhysicalNetwork("wires", new Zone("zone", Now) { Dns1 = "9.9.9.9", InternalDns1 = "9.9.9.9" }, Now);
        var range = new PublicIpRange(_wires, IPAddress.Parse("203.0.113.10"), IPAddress.Parse("203.0.113.12"), Now)
        {
            Gateway = IPAddress.Parse("203.0.113.1"),
            Netmask = IPAddress.Parse("255.255.255.0"),
        };
        _network = new Network("net", new NetworkOffering("isolated", "isolated", [], Now), _wires, new Subnet(IPNetwork.Parse("10.1.1.0/24"), IPAddress.Parse("10.1.1.1")),
            Id.New<Account>(), Id.New<Domain>(), Now)
        {
            NetworkDomain = "cs.example",
        };
        _addresses = [.. Enumerable.Range(10, 3).Select(n => new PublicIpAddress(range, Ip($"203.0.113.{n}")))];
        (_web, _db) = (new Nic(_network, Guid.CreateVersion7(), 0, true, Now), new Nic(_network, Guid.CreateVersion7(), 0, true, Now));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Ipv4Address Ip(string text) => Ipv4Address.Of(IPAddress.Parse(text));

    private static IPNetwork[] From(string? cidr) => cidr is null ? Everywhere : [IPNetwork.Parse(cidr)];

    private void Open(int address, string protocol, int? start = null, int? end = null, string? cidr = null, int? icmp = null) => _rules.Add(new(
        NetworkRule.Firewall(_network, _addresses[address], new RuleMatch
        {
            Protocol = protocol,
            StartPort = start,
            EndPort = end ?? start,
            IcmpType = icmp,
            IcmpCode = icmp is null ? null : -1,
            SourceCidrs = From(cidr),
        }, Now), null));

    private void Forward(int address, string protocol, int start, int end, Nic nic, int inner, string? cidr = null)
    {
        var match = new RuleMatch { Protocol = protocol, StartPort = start, EndPort = end, SourceCidrs = From(cidr) };
        var rule = NetworkRule.Forwarding(_network, _addresses[address], match, new(new(nic.Id), inner, inner + end - start), Now);
        _rules.Add(new(rule, Ip(nic == _web ? "10.1.1.50" : "10.1.1.51")));
        _rules.Add(new(rule.Opening(_network, _addresses[address], Now), null));
    }

    private void Except(string protocol, int? port = null, string? to = null, string source = "10.1.1.0/24") => _rules.Add(new(
        NetworkRule.Egress(_network, new RuleMatch
        {
            Protocol = protocol,
            StartPort = port,
            EndPort = port,
            SourceCidrs = From(source),
            DestinationCidrs = From(to),
        }, Now), null));

    private async Task ShouldSeeAsync(params (string Probe, string Answer)[] expected)
    {
        var router = new Router(_network, Now);
        var networks = _tiers.Count > 0 ? _tiers : [new() { Card = router.AddCard(_network), Network = _network, EgressAllowed = _egressAllowed, Guests = [] }];
        var wishes = new RouterWishes
        {
            Router = router,
            Networks = networks,
            Addresses = [.. _addresses.Select((a, i) => new HeldAddress(
                a.Id, a.Address, IPAddress.Parse("255.255.255.0"), IPAddress.Parse(_inTwoNetworks && i > 0 ? "203.0.113.99" : "203.0.113.1"), IsSourceNat: i == 0, i == 2 ? _leadsTo : null))],
            Rules = _rules,
            Routes = _routes,
            Tunnels = _tunnels,
            Clients = _clients,
            Gateways = _gateways,
            Resolvers = [],
        };
        var rules = Path.Combine(_folder, "nft.rules");
        foreach (var file in RouterFiles.Render(wishes).Where(f => f.Path is "nft.rules" or "routes"))
            await File.WriteAllBytesAsync(Path.Combine(_folder, file.Path), file.Content, CancellationToken.None);
        var world = Path.Combine(AppContext.BaseDirectory, "small-world.py");
        var seen = await Shell.RunAsync("unshare", ["--mount", "--net", "--propagation", "private", "python3", world, rules, string.Join(',', networks.Select(n => n.Card.DeviceName).Concat(_gateways.Select(g => g.Card.DeviceName))), .. expected.Select(e => e.Probe)]);
        seen.TrimEnd().Split('\n').Zip(expected, (answer, e) => $"{e.Probe}: {answer}").ShouldBe(expected.Select(e => $"{e.Probe}: {e.Answer}"));
    }

    [Fact]
    public Task Without_rules_guests_go_out_and_nothing_comes_in() => ShouldSeeAsync(
        ("web,tcp,203.0.113.1,80", "outside:80 saw 203.0.113.10"),
        ("web,udp,203.0.113.1,53", "outside:53 saw 203.0.113.10"),
        ("web,icmp,203.0.113.1,8", "echo"),
        ("web,icmp,10.1.1.1,8", "echo"),
        ("outside,tcp,203.0.113.10,22", "silence"),
        ("outside,tcp,203.0.113.11,80", "silence"),
        ("outside,udp,203.0.113.10,53", "silence"),
        ("outside,icmp,203.0.113.10,8", "silence"),
        // Who knows the guests' network from outside gets nowhere either.
        ("outside,tcp,10.1.1.50,80", "silence"));

    // Where packets with a mark go is the image's business; here they go the way of all.
    [Fact]
    public Task What_goes_out_by_another_gateway_passes_as_all_does()
    {
        _inTwoNetworks = true;
        _leadsTo = Ip("10.1.1.50");
        Forward(1, "tcp", 2222, 2222, _db, 22);
        Open(2, "tcp", 80);
        return ShouldSeeAsync(
            ("outside,tcp,203.0.113.11,2222", "db:22 saw 203.0.113.1"),
            ("outside,tcp,203.0.113.12,80", "web:80 saw 203.0.113.1"),
            ("web,tcp,203.0.113.1,80", "outside:80 saw 203.0.113.12"),
            ("db,tcp,203.0.113.1,80", "outside:80 saw 203.0.113.10"),
            ("outside,tcp,203.0.113.12,22", "silence"));
    }

    [Fact]
    public Task Ports_lead_to_guests_for_whom_they_are_opened()
    {
        Forward(1, "tcp", 2222, 2222, _web, 22);
        Forward(1, "tcp", 80, 80, _db, 80, "198.51.100.0/24");
        Forward(1, "tcp", 8000, 8001, _web, 8000);
        Forward(1, "tcp", 90, 91, _web, 8001);
        Forward(0, "udp", 5353, 5353, _db, 53);
        return ShouldSeeAsync(
            ("outside,tcp,203.0.113.11,2222", "web:22 saw 203.0.113.1"),
            ("outside,tcp,203.0.113.11,22", "silence"),
            ("outside,tcp,203.0.113.10,2222", "silence"),
            ("outside,tcp,203.0.113.11,80", "silence"),
            ("outside,tcp,203.0.113.11,80,198.51.100.7", "db:80 saw 198.51.100.7"),
            ("outside,tcp,203.0.113.11,8000", "web:8000 saw 203.0.113.1"),
            ("outside,tcp,203.0.113.11,8001", "web:8001 saw 203.0.113.1"),
            ("outside,tcp,203.0.113.11,8002", "silence"),
            ("outside,tcp,203.0.113.11,90", "web:8001 saw 203.0.113.1"),
            ("outside,tcp,203.0.113.11,91", "web:8002 saw 203.0.113.1"),
            ("outside,udp,203.0.113.10,5353", "db:53 saw 203.0.113.1"),
            ("outside,udp,203.0.113.11,2222", "silence"),
            // Guests of the network reach each other by it too.
            ("db,tcp,203.0.113.11,2222", "web:22 saw 10.1.1.1"),
            ("web,tcp,203.0.113.11,2222", "web:22 saw 10.1.1.1"),
            ("web,tcp,203.0.113.11,80", "silence"));
    }

    [Fact]
    public Task A_port_that_leads_somewhere_is_closed_until_it_is_opened()
    {
        Forward(1, "tcp", 80, 80, _web, 80);
        _rules.RemoveAt(1);
        return ShouldSeeAsync(("outside,tcp,203.0.113.11,80", "silence"), ("web,tcp,203.0.113.1,80", "outside:80 saw 203.0.113.10"));
    }

    [Fact]
    public Task An_address_of_its_own_leads_both_ways()
    {
        _leadsTo = Ip("10.1.1.51");
        Open(2, "tcp", 22, 80);
        Open(2, "icmp", icmp: 8);
        return ShouldSeeAsync(
            ("outside,tcp,203.0.113.12,22", "db:22 saw 203.0.113.1"),
            ("outside,tcp,203.0.113.12,80", "db:80 saw 203.0.113.1"),
            ("outside,tcp,203.0.113.12,8000", "silence"),
            ("outside,icmp,203.0.113.12,8", "echo"),
            ("outside,icmp,203.0.113.12,13", "silence"),
            ("db,tcp,203.0.113.1,80", "outside:80 saw 203.0.113.12"),
            ("web,tcp,203.0.113.1,80", "outside:80 saw 203.0.113.10"),
            ("web,tcp,203.0.113.12,80", "db:80 saw 10.1.1.1"));
    }

    [Fact]
    public Task All_may_be_let_in()
    {
        _leadsTo = Ip("10.1.1.50");
        Open(2, "all", cidr: "203.0.113.0/28");
        return ShouldSeeAsync(
            ("outside,tcp,203.0.113.12,9001", "web:9001 saw 203.0.113.1"),
            ("outside,udp,203.0.113.12,53", "web:53 saw 203.0.113.1"),
            ("outside,icmp,203.0.113.12,8", "echo"),
            ("outside,tcp,203.0.113.12,9001,198.51.100.7", "silence"));
    }

    [Fact]
    public Task Pings_are_answered_where_a_rule_says()
    {
        Open(1, "icmp", icmp: -1);
        return ShouldSeeAsync(("outside,icmp,203.0.113.11,8", "echo"), ("outside,icmp,203.0.113.10,8", "silence"));
    }

    [Fact]
    public Task What_goes_out_is_kept_in_by_rule()
    {
        Except("tcp", 25);
        Except("udp", to: "203.0.113.0/24");
        Except("all", source: "10.1.1.51/32", to: "198.51.100.0/24");
        return ShouldSeeAsync(
            ("web,tcp,203.0.113.1,25", "silence"),
            ("web,tcp,203.0.113.1,80", "outside:80 saw 203.0.113.10"),
            ("web,udp,203.0.113.1,53", "silence"),
            ("web,tcp,198.51.100.7,80", "outside:80 saw 203.0.113.10"),
            ("db,tcp,198.51.100.7,80", "silence"),
            ("db,icmp,198.51.100.7,8", "silence"));
    }

    [Fact]
    public Task Where_all_is_kept_in_rules_let_out()
    {
        _egressAllowed = false;
        Except("tcp", 80);
        Forward(1, "tcp", 22, 22, _web, 22);
        return ShouldSeeAsync(
            ("web,tcp,203.0.113.1,80", "outside:80 saw 203.0.113.10"),
            ("web,tcp,203.0.113.1,25", "silence"),
            ("web,icmp,203.0.113.1,8", "silence"),
            // Answers are not kept in.
            ("outside,tcp,203.0.113.11,22", "web:22 saw 203.0.113.1"));
    }

    [Fact]
    public Task Tiers_are_kept_apart_but_for_what_their_lists_allow()
    {
        Tier(1, Rule(2, AclTraffic.Ingress, AclAction.Deny, "all"), Rule(1, AclTraffic.Ingress, AclAction.Allow, "icmp"));
        Tier(2, Rule(1, AclTraffic.Ingress, AclAction.Deny, "tcp", 80, "10.1.1.50/32"), Rule(2, AclTraffic.Ingress, AclAction.Allow, "tcp", 22, "10.1.1.0/24"),
            Rule(3, AclTraffic.Ingress, AclAction.Allow, "tcp", 80), Rule(4, AclTraffic.Ingress, AclAction.Allow, "udp"));
        return ShouldSeeAsync(
            ("web,tcp,10.1.2.51,22", "db:22 saw 10.1.1.50"),
            ("web,tcp,10.1.2.51,80", "silence"),
            ("web,tcp,10.1.2.51,8000", "silence"),
            ("web,udp,10.1.2.51,53", "db:53 saw 10.1.1.50"),
            ("web,icmp,10.1.2.51,8", "silence"),
            ("db,icmp,10.1.1.50,8", "echo"),
            ("db,tcp,10.1.1.50,22", "silence"),
            // Its own address in the other tier is the router's, too.
            ("web,icmp,10.1.2.1,8", "echo"),
            ("web,tcp,203.0.113.1,80", "outside:80 saw 203.0.113.10"),
            ("db,udp,203.0.113.1,53", "outside:53 saw 203.0.113.10"),
            // Who knows the tiers' ranges from outside gets nowhere.
            ("outside,tcp,10.1.2.51,80", "silence"));
    }

    [Fact]
    public Task What_leaves_a_tier_is_what_its_list_allows()
    {
        Tier(1, Rule(1, AclTraffic.Egress, AclAction.Deny, "tcp", 80, "10.1.2.0/24"), Rule(2, AclTraffic.Egress, AclAction.Allow, "tcp", 80),
            Rule(3, AclTraffic.Egress, AclAction.Allow, "tcp", 22, "10.1.0.0/16"), Rule(4, AclTraffic.Ingress, AclAction.Allow, "all"));
        Tier(2, Rule(1, AclTraffic.Ingress, AclAction.Allow, "all"));
        return ShouldSeeAsync(
            ("web,tcp,10.1.2.51,22", "db:22 saw 10.1.1.50"),
            ("web,tcp,10.1.2.51,80", "silence"),
            ("web,tcp,203.0.113.1,80", "outside:80 saw 203.0.113.10"),
            ("web,tcp,203.0.113.1,22", "silence"),
            ("web,udp,203.0.113.1,53", "silence"),
            ("web,icmp,203.0.113.1,8", "silence"),
            // Answers are not kept in, and the router's own services are there for all.
            ("db,tcp,10.1.1.50,8000", "web:8000 saw 10.1.2.51"),
            ("web,icmp,10.1.1.1,8", "echo"));
    }

    [Fact]
    public Task What_comes_by_public_addresses_is_what_the_tiers_list_allows()
    {
        Tier(1, Rule(1, AclTraffic.Ingress, AclAction.Allow, "tcp", 22, "198.51.100.0/24"), Rule(2, AclTraffic.Ingress, AclAction.Allow, "tcp", 8000));
        Tier(2, Rule(1, AclTraffic.Ingress, AclAction.Allow, "icmp"));
        var match = new RuleMatch { Protocol = "tcp", StartPort = 2222, EndPort = 2222, SourceCidrs = Everywhere };
        _rules.Add(new(NetworkRule.Forwarding(_network, _addresses[1], match, new(new(_web.Id), 22, 22), Now), Ip("10.1.1.50")));
        _rules.Add(new(NetworkRule.Forwarding(_network, _addresses[1], match with { StartPort = 8000, EndPort = 8001 }, new(new(_web.Id), 8000, 8001), Now), Ip("10.1.1.50")));
        _leadsTo = Ip("10.1.2.51");
        return ShouldSeeAsync(
            ("outside,tcp,203.0.113.11,2222,198.51.100.7", "web:22 saw 198.51.100.7"),
            ("outside,tcp,203.0.113.11,2222", "silence"),
            ("outside,tcp,203.0.113.11,8000", "web:8000 saw 203.0.113.1"),
            ("outside,tcp,203.0.113.11,8001", "silence"),
            ("outside,icmp,203.0.113.12,8", "echo"),
            ("outside,tcp,203.0.113.12,22", "silence"),
            ("outside,icmp,203.0.113.11,8", "silence"),
            // From another tier by the public address: as what it is.
            ("db,tcp,203.0.113.11,8000", "web:8000 saw 10.1.2.51"),
            ("db,tcp,203.0.113.11,2222", "silence"),
            ("db,tcp,203.0.113.1,80", "outside:80 saw 203.0.113.12"));
    }

    [Fact]
    public Task A_static_route_leads_both_ways_as_the_tiers_lists_say_and_never_outside()
    {
        Tier(1, Rule(1, AclTraffic.Ingress, AclAction.Allow, "tcp", 8000));
        Tier(2, Rule(1, AclTraffic.Ingress, AclAction.Allow, "tcp", 80));
        _routes.Add(new(IPNetwork.Parse("192.168.7.0/24"), Ip("10.1.2.51")));
        return ShouldSeeAsync(
            ("web,tcp,192.168.7.9,80", "db:80 saw 10.1.1.50"),
            ("web,tcp,192.168.7.9,22", "silence"),
            ("db,tcp,10.1.1.50,8000,192.168.7.9", "web:8000 saw 192.168.7.9"),
            ("db,tcp,10.1.1.50,22,192.168.7.9", "silence"),
            ("db,tcp,203.0.113.1,80,192.168.7.9", "silence"),
            ("db,tcp,203.0.113.1,80", "outside:80 saw 203.0.113.10"));
    }

    [Fact]
    public Task A_private_gateway_lets_through_what_both_lists_allow_and_leads_nowhere_else()
    {
        Tier(1, Rule(1, AclTraffic.Ingress, AclAction.Allow, "tcp", 80), Rule(2, AclTraffic.Ingress, AclAction.Allow, "tcp", 8000), Rule(3, AclTraffic.Egress, AclAction.Deny, "tcp", 25), Rule(4, AclTraffic.Egress, AclAction.Allow, "all"));
        Tier(2, Rule(1, AclTraffic.Ingress, AclAction.Allow, "tcp", 22));
        Door(sourceNat: false, Rule(1, AclTraffic.Ingress, AclAction.Allow, "tcp", 80), Rule(2, AclTraffic.Ingress, AclAction.Allow, "tcp", 22, "192.168.7.0/24"),
            Rule(3, AclTraffic.Egress, AclAction.Allow, "tcp", 80), Rule(4, AclTraffic.Egress, AclAction.Allow, "tcp", 25));
        _routes.Add(new(IPNetwork.Parse("192.168.7.0/24"), Ip("172.20.0.9")));
        return ShouldSeeAsync(
            // In: the gateway's list, then the tier's.
            ("beside,tcp,10.1.1.50,80", "web:80 saw 172.20.0.9"),
            ("beside,tcp,10.1.1.50,8000", "silence"),
            ("beside,tcp,10.1.1.50,22,192.168.7.9", "silence"),
            ("beside,tcp,10.1.2.51,22,192.168.7.9", "db:22 saw 192.168.7.9"),
            ("beside,tcp,10.1.2.51,22", "silence"),
            // Who says to be somebody else is not heard, and nobody goes out by the VPC's way.
            ("beside,tcp,10.1.1.50,80,10.9.9.9", "silence"),
            ("beside,tcp,203.0.113.1,80", "silence"),
            ("beside,tcp,10.1.1.1,53", "silence"),
            ("beside,icmp,172.20.0.2,8", "echo"),
            // Out: the tier's list, then the gateway's.
            ("web,tcp,192.168.7.9,80", "beside:80 saw 10.1.1.50"),
            ("web,tcp,172.20.0.9,80", "beside:80 saw 10.1.1.50"),
            ("web,tcp,192.168.7.9,22", "silence"),
            ("web,tcp,192.168.7.9,25", "silence"),
            ("db,tcp,192.168.7.9,25", "beside:25 saw 10.1.2.51"),
            ("web,tcp,203.0.113.1,80", "outside:80 saw 203.0.113.10"),
            ("outside,tcp,172.20.0.9,80", "silence"));
    }

    [Fact]
    public Task A_private_gateway_lends_its_address_and_is_shut_both_ways_unless_a_list_says_so()
    {
        _leadsTo = Ip("10.1.1.50");
        Tier(1, Rule(1, AclTraffic.Ingress, AclAction.Allow, "all"));
        Tier(2, Rule(1, AclTraffic.Ingress, AclAction.Allow, "all"));
        Door(sourceNat: true, Rule(1, AclTraffic.Ingress, AclAction.Deny, "all"), Rule(2, AclTraffic.Egress, AclAction.Allow, "tcp", 80), Rule(3, AclTraffic.Egress, AclAction.Deny, "all"));
        return ShouldSeeAsync(
            ("web,tcp,172.20.0.9,80", "beside:80 saw 172.20.0.2"),
            ("db,tcp,172.20.0.9,80", "beside:80 saw 172.20.0.2"),
            ("db,tcp,172.20.0.9,22", "silence"),
            ("beside,tcp,10.1.1.50,80", "silence"),
            // Nor by a public address.
            ("beside,tcp,203.0.113.12,80", "silence"),
            ("outside,tcp,203.0.113.12,80", "web:80 saw 203.0.113.1"),
            ("web,tcp,203.0.113.1,80", "outside:80 saw 203.0.113.12"));
    }

    private void Door(bool sourceNat, params IReadOnlyList<AclRule> rules)
    {
        var vpc = new Vpc("vpc", new VpcOffering("vpc", "vpc", [], Now), _wires.ZoneId, IPNetwork.Parse("10.1.0.0/16"), Id.New<Account>(), Id.New<Domain>(), Now)
        {
            NetworkDomain = "cs.example",
        };
        var subnet = new Subnet(IPNetwork.Parse("172.20.0.0/24"), IPAddress.Parse("172.20.0.9"));
        var gateway = new PrivateGateway(vpc, _network, subnet, Ip("172.20.0.2"), Now) { SourceNat = sourceNat, AclId = AclList.DefaultDeny.Id };
        _gateways.Add(new(new Router(_network, Now).AddCard(gateway), gateway, 1500, rules));
    }

    [Fact]
    public Task What_is_to_go_by_a_vpn_goes_no_other_way_and_comes_no_other_way()
    {
        Tier(1, Rule(1, AclTraffic.Ingress, AclAction.Allow, "all"));
        Tunnel("203.0.113.1", "198.51.100.0/24");
        return ShouldSeeAsync(
            // Nobody has exchanged keys: what is for the far network stays here, be it reachable or not.
            ("web,tcp,198.51.100.7,80", "silence"),
            ("web,icmp,198.51.100.7,8", "silence"),
            ("web,tcp,203.0.113.1,80", "outside:80 saw 203.0.113.10"),
            // Who comes from there unsealed is nobody.
            ("outside,tcp,10.1.1.50,80,198.51.100.7", "silence"));
    }

    [Fact]
    public Task Clients_of_a_vpn_come_sealed_or_not_at_all()
    {
        _egressAllowed = false;
        Clients("10.1.1.0/24");
        return ShouldSeeAsync(
            // Nobody has dialled: what is for a client stays here.
            ("web,tcp,198.51.100.7,80", "silence"),
            ("web,icmp,198.51.100.7,8", "silence"),
            ("outside,tcp,10.1.1.50,80,198.51.100.7", "silence"),
            ("outside,udp,10.1.1.1,53,198.51.100.7", "silence"),
            ("outside,icmp,10.1.1.1,8,198.51.100.7", "silence"));
    }

    [Fact]
    public Task So_do_those_of_a_vpc()
    {
        Tier(1, Rule(1, AclTraffic.Ingress, AclAction.Allow, "all"));
        Clients("10.1.0.0/16");
        return ShouldSeeAsync(
            ("web,tcp,198.51.100.7,80", "silence"),
            ("web,tcp,203.0.113.1,80", "outside:80 saw 203.0.113.10"),
            ("outside,tcp,10.1.1.50,80,198.51.100.7", "silence"),
            ("outside,udp,10.1.1.1,53,198.51.100.7", "silence"));
    }

    private void Clients(string local)
    {
        _addresses[0].Take(new(Guid.CreateVersion7()), Now);
        var vpn = new RemoteAccessVpn(_addresses[0], Id.New<Account>(), Id.New<Domain>(), new(Ip("198.51.100.1"), Ip("198.51.100.8")), [], Now) { OpensFirewall = true };
        _clients = new(vpn, "key", IPNetwork.Parse(local)) { Users = [] };
    }

    private void Tunnel(string peer, string far)
    {
        var vpc = new Vpc("vpc", new VpcOffering("vpc", "vpc", [], Now), _wires.ZoneId, IPNetwork.Parse("10.1.0.0/16"), Id.New<Account>(), Id.New<Domain>(), Now)
        {
            NetworkDomain = "cs.example",
        };
        var end = new VpnPeer
        {
            Name = "office",
            Gateway = peer,
            Cidrs = [far],
            WrappedPsk = [],
            IkePolicy = "aes128-sha256;modp2048",
            EspPolicy = "aes128-sha256",
            IkeLifetime = 86_400,
            EspLifetime = 3_600,
            Dpd = true,
            ForceEncap = false,
            SplitConnections = false,
            IkeVersion = IkeVersion.IkeV2,
        };
        _tunnels.Add(new(new(new VpnGateway(vpc, Now), Id.New<VpnCustomerGateway>(), isPassive: true, Now), end, "key", vpc.Cidr));
    }

    private void Tier(int number, params IReadOnlyList<AclRule> rules)
    {
        var vpc = new Vpc("vpc", new VpcOffering("vpc", "vpc", [], Now), _wires.ZoneId, IPNetwork.Parse("10.1.0.0/16"), Id.New<Account>(), Id.New<Domain>(), Now)
        {
            NetworkDomain = "cs.example",
        };
        var subnet = new Subnet(IPNetwork.Parse($"10.1.{number}.0/24"), IPAddress.Parse($"10.1.{number}.1"));
        var tier = new Network($"tier{number}", new NetworkOffering("tier", "tier", [], Now), _wires, subnet, vpc, AclList.DefaultDeny.Id, Now) { NetworkDomain = "cs.example" };
        _tiers.Add(new() { Card = new Router(tier, Now).AddCard(tier), Network = tier, EgressAllowed = true, Acl = rules, Guests = [] });
    }

    private static AclRule Rule(int number, AclTraffic traffic, AclAction action, string protocol, int? port = null, string cidr = "0.0.0.0/0") =>
        new(Id.New<AclRule>(), AclList.DefaultDeny.Id, new()
        {
            Number = number,
            Traffic = traffic,
            Action = action,
            Protocol = protocol,
            StartPort = port,
            EndPort = port,
            IcmpType = protocol == "icmp" ? -1 : null,
            IcmpCode = protocol == "icmp" ? -1 : null,
            Cidrs = [cidr],
        });
}
