using System.Net;
using Stratiform.Linux;
using Stratiform.Management.Accounts;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Host.Tests;

/// <summary>Who reaches a load balancer within a VPC, and what it reaches, seen on the wire: the guest web is in the first tier, db in the second.</summary>
public sealed class InternalBalancerTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private readonly string _folder = Directory.CreateTempSubdirectory("world-").FullName;
    private readonly PhysicalNetwork _wires = new("wires", new Zone("zone", Now) { Dns1 = "9.9.9.9", InternalDns1 = "9.9.9.9" }, Now);
    private readonly Vpc _vpc;
    private readonly List<ServedNetwork> _tiers = [];
    private readonly List<BalancerWish> _balancers = [];
    private readonly List<ServedGateway> _gateways = [];
    private ClientsWish? _clients;

    public InternalBalancerTests() =>
        _vpc = new Vpc("vpc", new VpcOffering("vpc", "vpc", [], Now), _wires.ZoneId, IPNetwork.Parse("10.1.0.0/16"), Id.New<Account>(), Id.New<Domain>(), Now)
        {
            NetworkDomain = "cs.example",
        };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Ipv4Address Ip(string text) => Ipv4Address.Of(IPAddress.Parse(text));

    private void Tier(int number, params IReadOnlyList<AclRule> rules)
    {
        var subnet = new Subnet(IPNetwork.Parse($"10.1.{number}.0/24"), IPAddress.Parse($"10.1.{number}.1"));
        var tier = new Network($"tier{number}", new NetworkOffering("tier", "tier", [], Now), _wires, subnet, _vpc, AclList.DefaultDeny.Id, Now) { NetworkDomain = "cs.example" };
        _tiers.Add(new() { Card = new Router(tier, Now).AddCard(tier), Network = tier, EgressAllowed = true, Acl = rules, Guests = [] });
    }

    // Spreads what comes to a port of 10.1.1.9, in the first tier, to the guest of a tier.
    private void Spread(int port, int members, int inner)
    {
        var rule = NetworkRule.InternalBalancing(_tiers[members - 1].Network, _tiers[0].Network, Ip("10.1.1.9"), port, inner, Now);
        _balancers.Add(new(rule, new LoadBalancer(rule, "b", BalancerProtocol.Tcp, BalancerAlgorithm.RoundRobin), null,
            [(Id.New<Nic>(), Ip(members == 1 ? "10.1.1.50" : "10.1.2.51"))]));
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
            Cidrs = [cidr],
        });

    private async Task ShouldSeeAsync(params (string Probe, string Answer)[] expected)
    {
        var wishes = new RouterWishes
        {
            Router = new Router(_tiers[0].Network, Now),
            Networks = _tiers,
            Addresses = [new(Id.New<PublicIpAddress>(), Ip("203.0.113.10"), IPAddress.Parse("255.255.255.0"), IPAddress.Parse("203.0.113.1"), IsSourceNat: true, null)],
            Rules = [.. _balancers.Select(b => new RuleWish(b.Rule, null))],
            Balancers = _balancers,
            Gateways = _gateways,
            Clients = _clients,
            Resolvers = [],
        };
        foreach (var file in RouterFiles.Render(wishes).Where(f => f.Path is "nft.rules" or "routes" or "interfaces" or "haproxy.cfg"))
            await File.WriteAllBytesAsync(Path.Combine(_folder, file.Path), file.Content, CancellationToken.None);
        var world = Path.Combine(AppContext.BaseDirectory, "small-world.py");
        var cards = string.Join(',', _tiers.Select(t => t.Card.DeviceName).Concat(_gateways.Select(g => g.Card.DeviceName)));
        var seen = await Shell.RunAsync("unshare", ["--mount", "--net", "--propagation", "private", "python3", world, Path.Combine(_folder, "nft.rules"), cards, .. expected.Select(e => e.Probe)]);
        seen.TrimEnd().Split('\n').Zip(expected, (answer, e) => $"{e.Probe}: {answer}").ShouldBe(expected.Select(e => $"{e.Probe}: {e.Answer}"));
    }

    [Fact]
    public Task Guests_reach_members_by_it_and_others_nothing()
    {
        Tier(1, Rule(1, AclTraffic.Ingress, AclAction.Allow, "tcp", 80, "10.1.2.0/24"));
        Tier(2, Rule(1, AclTraffic.Ingress, AclAction.Allow, "all"));
        Spread(80, members: 1, inner: 8000);
        Spread(8001, members: 1, inner: 22);
        return ShouldSeeAsync(
            // Its own tier needs no list, as among neighbours.
            ("web,tcp,10.1.1.9,80", "web:8000 saw 10.1.1.9"),
            ("web,tcp,10.1.1.9,8001", "web:22 saw 10.1.1.9"),
            // Another one may what the list lets in, by the port that is listened on.
            ("db,tcp,10.1.1.9,80", "web:8000 saw 10.1.1.9"),
            ("db,tcp,10.1.1.9,8001", "silence"),
            ("db,tcp,10.1.1.50,8000", "silence"),
            // Nothing else is there.
            ("web,tcp,10.1.1.9,22", "refused"),
            ("db,tcp,10.1.1.9,8002", "refused"),
            ("web,udp,10.1.1.9,53", "silence"),
            ("web,icmp,10.1.1.9,8", "silence"),
            ("db,icmp,10.1.1.9,8", "silence"),
            // Who knows the tier's range from outside gets nowhere, nor by the public address.
            ("outside,tcp,10.1.1.9,80", "silence"),
            ("outside,tcp,203.0.113.10,80", "silence"),
            // The router is what it was.
            ("web,icmp,10.1.1.1,8", "echo"),
            ("web,tcp,203.0.113.1,80", "outside:80 saw 203.0.113.10"),
            ("web,tcp,10.1.2.51,22", "db:22 saw 10.1.1.50"));
    }

    [Fact]
    public Task What_leaves_another_tier_is_what_its_list_allows()
    {
        Tier(1, Rule(1, AclTraffic.Ingress, AclAction.Allow, "all"));
        Tier(2, Rule(1, AclTraffic.Egress, AclAction.Deny, "tcp", 80, "10.1.1.9/32"), Rule(2, AclTraffic.Egress, AclAction.Allow, "all"));
        Spread(80, members: 1, inner: 8000);
        Spread(8001, members: 1, inner: 22);
        return ShouldSeeAsync(
            ("db,tcp,10.1.1.9,80", "silence"),
            ("db,tcp,10.1.1.9,8001", "web:22 saw 10.1.1.9"),
            ("db,tcp,10.1.1.50,8000", "web:8000 saw 10.1.2.51"),
            ("web,tcp,10.1.2.51,22", "silence"));
    }

    [Fact]
    public Task To_members_of_another_tier_it_is_a_guest_of_its_own()
    {
        Tier(1, Rule(1, AclTraffic.Egress, AclAction.Deny, "tcp", 25), Rule(2, AclTraffic.Egress, AclAction.Allow, "all"));
        Tier(2, Rule(1, AclTraffic.Ingress, AclAction.Allow, "tcp", 8000, "10.1.1.9/32"), Rule(2, AclTraffic.Ingress, AclAction.Allow, "tcp", 25));
        Spread(80, members: 2, inner: 8000);
        Spread(8001, members: 2, inner: 22);
        Spread(8002, members: 2, inner: 25);
        Spread(9001, members: 1, inner: 8000);
        return ShouldSeeAsync(
            ("web,tcp,10.1.1.9,80", "db:8000 saw 10.1.1.9"),
            ("web,tcp,10.1.2.51,8000", "silence"),
            // The members' list does not let it in, or its own does not let it out.
            ("web,tcp,10.1.1.9,8001", "closed"),
            ("web,tcp,10.1.1.9,8002", "closed"),
            ("web,tcp,10.1.1.9,9001", "web:8000 saw 10.1.1.9"),
            ("db,tcp,10.1.1.9,80", "silence"));
    }

    [Fact]
    public Task From_beside_the_vpc_it_is_reached_as_the_lists_say()
    {
        Tier(1, Rule(1, AclTraffic.Ingress, AclAction.Allow, "tcp", 80), Rule(2, AclTraffic.Ingress, AclAction.Allow, "tcp", 8001));
        Tier(2);
        Spread(80, members: 1, inner: 8000);
        Spread(8001, members: 1, inner: 22);
        var beside = new Subnet(IPNetwork.Parse("172.20.0.0/24"), IPAddress.Parse("172.20.0.9"));
        var gateway = new PrivateGateway(_vpc, _tiers[0].Network, beside, Ip("172.20.0.2"), Now) { AclId = AclList.DefaultDeny.Id };
        _gateways.Add(new(new Router(_tiers[0].Network, Now).AddCard(gateway), gateway, 1500, [Rule(1, AclTraffic.Ingress, AclAction.Allow, "tcp", 80)]));
        return ShouldSeeAsync(
            ("beside,tcp,10.1.1.9,80", "web:8000 saw 10.1.1.9"),
            ("beside,tcp,10.1.1.9,8001", "silence"),
            ("beside,tcp,10.1.1.9,80,10.9.9.9", "silence"));
    }

    [Fact]
    public Task Clients_of_a_vpn_come_sealed_or_not_at_all()
    {
        Tier(1, Rule(1, AclTraffic.Ingress, AclAction.Allow, "all"));
        Tier(2);
        Spread(80, members: 1, inner: 8000);
        var range = new PublicIpRange(_wires, IPAddress.Parse("203.0.113.10"), IPAddress.Parse("203.0.113.10"), Now)
        {
            Gateway = IPAddress.Parse("203.0.113.1"),
            Netmask = IPAddress.Parse("255.255.255.0"),
        };
        var address = new PublicIpAddress(range, Ip("203.0.113.10"));
        address.Take(_vpc.ScopeId, Now);
        var vpn = new RemoteAccessVpn(address, Id.New<Account>(), Id.New<Domain>(), new(Ip("198.51.100.1"), Ip("198.51.100.8")), [], Now);
        _clients = new(vpn, "key", _vpc.Cidr) { Users = [] };
        return ShouldSeeAsync(("outside,tcp,10.1.1.9,80,198.51.100.7", "silence"), ("web,tcp,10.1.1.9,80", "web:8000 saw 10.1.1.9"));
    }
}
