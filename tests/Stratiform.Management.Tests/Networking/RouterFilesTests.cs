using System.Net;
using System.Text;
using Stratiform.Management.Accounts;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.Networking;

/// <summary>A router's configuration, to the letter: what it does with it is the image's business.</summary>
public sealed class RouterFilesTests
{
    private readonly Network _network;
    private readonly Router _router;
    private readonly RouterCard _card;

    public RouterFilesTests()
    {
        var now = DateTimeOffset.UnixEpoch;
        var wires = new PhysicalNetwork("wires", new Zone("zone", now) { Dns1 = "9.9.9.9", InternalDns1 = "9.9.9.9" }, now);
        var offering = new NetworkOffering("isolated", "isolated", ["Dhcp"], now);
        _network = new Network("net", offering, wires, new Subnet(IPNetwork.Parse("10.1.1.0/24"), IPAddress.Parse("10.1.1.1")), Id.New<Account>(), Id.New<Domain>(), now)
        {
            NetworkDomain = "cs.example",
            Mtu = 1450,
        };
        _router = new Router(_network, now);
        _card = _router.AddCard(_network);
    }

    private static Ipv4Address Ip(string text) => Ipv4Address.Of(IPAddress.Parse(text));

    private Dictionary<string, RouterFile> Render(bool withNat, params GuestWishes[] guests) => RouterFiles.Render(Wishes(withNat, guests)).ToDictionary(f => f.Path);

    private RouterWishes Wishes(bool withNat, params GuestWishes[] guests)
    {
        HeldAddress[] addresses = withNat
            ? [new(new(Id.New<PublicIpAddress>().Value), Ip("203.0.113.10"), IPAddress.Parse("255.255.255.0"), IPAddress.Parse("203.0.113.1"), true, null)]
            : [];
        return new()
        {
            Router = _router,
            Networks = [new() { Card = _card, Network = _network, EgressAllowed = true, Guests = guests }],
            Addresses = addresses,
            Rules = [],
            Resolvers = ["9.9.9.9"],
        };
    }

    private static string Text(RouterFile file) => Encoding.UTF8.GetString(file.Content);

    private static GuestWishes Guest { get; } = new()
    {
        Mac = "02:aa:bb:cc:dd:ee",
        Ip = Ip("10.1.1.50"),
        HostName = "web",
        Metadata = [new("local-hostname", "web"), new("public-keys", "ssh-ed25519 A one\nssh-ed25519 B two")],
        UserData = [0, 1, 255],
        Password = new(7, "s3cret"),
    };

    [Fact]
    public void Cards_are_told_by_their_mac_and_role() => Text(Render(withNat: true)["interfaces"]).ShouldBe(
        $"{_card.Mac} guest 10.1.1.1/24 1450\n{Nic.MacOf(_router.PublicNicId)} public 203.0.113.10/24 1500 203.0.113.1\n");

    private RouterWishes InSeveral(int? first, params (string Ip, string Gateway, int? Vlan, string? LeadsTo)[] more)
    {
        var wishes = Wishes(withNat: true);
        return wishes with
        {
            Addresses = [wishes.Addresses[0] with { Vlan = first }, .. more.Select(a => new HeldAddress(
                Id.New<PublicIpAddress>(), Ip(a.Ip), IPAddress.Parse("255.255.255.0"), IPAddress.Parse(a.Gateway), false, a.LeadsTo is { } guest ? Ip(guest) : null, a.Vlan))],
        };
    }

    [Fact]
    public void Each_public_network_has_its_gateway()
    {
        var files = RouterFiles.Render(InSeveral(null, ("192.0.2.10", "192.0.2.1", null, null), ("198.18.0.10", "198.18.0.1", 123, null), ("198.18.0.11", "198.18.0.1", 123, "10.1.1.51")))
            .ToDictionary(f => f.Path);
        var mac = Nic.MacOf(_router.PublicNicId);
        Text(files["interfaces"]).ShouldBe(
            $"{_card.Mac} guest 10.1.1.1/24 1450\n{mac} public 203.0.113.10/24,192.0.2.10/24 1500 203.0.113.1\n{mac} public.123 198.18.0.10/24,198.18.0.11/24 1500\n");
        Text(files["ways"]).ShouldBe($"192.0.2.1 p-{mac.Replace(":", "", StringComparison.Ordinal)} 192.0.2.10\n198.18.0.1 p-v123 198.18.0.10,198.18.0.11\n");
        Text(files["nft.rules"]).ShouldContain(
            """
              chain ways {
                type filter hook prerouting priority mangle;
                iifname "g-*" ct direction reply meta mark set ct original ip daddr map { 192.0.2.10 : 0xc0000201, 198.18.0.10 : 0xc6120001, 198.18.0.11 : 0xc6120001 }
                iifname "g-*" ct direction original meta mark set ip saddr map { 10.1.1.51 : 0xc6120001 }
              }

            """);
    }

    [Fact]
    public void Guests_may_go_out_by_a_vlan()
    {
        var files = RouterFiles.Render(InSeveral(7)).ToDictionary(f => f.Path);
        var mac = Nic.MacOf(_router.PublicNicId);
        Text(files["interfaces"]).ShouldBe($"{_card.Mac} guest 10.1.1.1/24 1450\n{mac} public - 1500\n{mac} public.7 203.0.113.10/24 1500 203.0.113.1\n");
        files.ShouldNotContainKey("ways");
        Text(files["nft.rules"]).ShouldNotContain("chain ways");
    }

    [Fact]
    public void One_gateway_is_one_way()
    {
        var files = RouterFiles.Render(InSeveral(null, ("203.0.113.90", "203.0.113.1", null, null))).ToDictionary(f => f.Path);
        Text(files["interfaces"]).ShouldContain(" public 203.0.113.10/24,203.0.113.90/24 1500 203.0.113.1\n");
        files.ShouldNotContainKey("ways");
    }

    [Fact]
    public void Guests_go_out_by_the_source_nat_address() =>
        Text(Render(withNat: true)["nft.rules"]).ShouldContain("oifname \"p-*\" ip saddr 10.1.1.0/24 snat ip to 203.0.113.10\n");

    [Fact]
    public void Without_a_source_nat_address_nothing_is_translated_and_there_is_no_public_card()
    {
        var files = Render(withNat: false);
        Text(files["nft.rules"]).ShouldNotContain("oifname \"p-*\" ip saddr 10.1.1.0/24 snat");
        Text(files["interfaces"]).ShouldBe($"{_card.Mac} guest 10.1.1.1/24 1450\n");
    }

    [Fact]
    public void Rules_name_cards_only_as_routers_call_them() => Text(Render(withNat: true)["nft.rules"])
        .Split('"').Where((_, i) => i % 2 == 1).Distinct().ShouldBe(["lo", "g-*", "p-*"], ignoreOrder: true);

    [Fact]
    public void One_of_a_pair_is_told_of_the_other_and_listens_to_it_alone()
    {
        var wishes = Wishes(withNat: true);
        var files = RouterFiles.Render(wishes with { Pair = new(_card, Ip("10.1.1.2"), Ip("10.1.1.3"), "02:aa:bb:cc:dd:03", 254) }).ToDictionary(f => f.Path);
        Text(files["pair"]).ShouldBe($"group 1\npriority 254\ncard {_card.Mac}\nown 10.1.1.2\npeer 10.1.1.3 02:aa:bb:cc:dd:03\n");
        Text(files["interfaces"]).ShouldBe(Text(Render(withNat: true)["interfaces"]), "addresses that move are those of a router alone");
        var name = _card.DeviceName;
        Text(files["nft.rules"]).ShouldStartWith(
            $$"""
            flush ruleset inet
            table inet router {
              chain input {
                type filter hook input priority filter; policy drop;
                iifname "{{name}}" ip saddr 10.1.1.3 ether saddr != 02:aa:bb:cc:dd:03 drop
                iifname "{{name}}" ip saddr 10.1.1.3 ip daddr 10.1.1.2 meta l4proto 112 accept
                iifname "{{name}}" ip saddr 10.1.1.3 ip daddr 10.1.1.2 udp dport 3780 accept
                ct state established,related accept

            """);
    }

    [Fact]
    public void A_router_alone_is_told_of_nobody() => Render(withNat: true).ShouldNotContainKey("pair");

    [Fact]
    public void Names_and_leases_know_each_guest()
    {
        var files = Render(withNat: true, Guest);
        Text(files["dnsmasq.hosts"]).ShouldBe("02:aa:bb:cc:dd:ee,10.1.1.50,web,24h\n");
        Text(files["hosts"]).ShouldBe($"10.1.1.1 data-server {_router.Name}\n10.1.1.50 web\n");
        var dhcp = Text(files["dnsmasq.conf"]);
        dhcp.ShouldContain($"dhcp-range=set:{_card.DeviceName},10.1.1.0,static,255.255.255.0,24h\n");
        dhcp.ShouldContain($"dhcp-option=tag:{_card.DeviceName},option:mtu,1450\n");
        dhcp.ShouldContain("domain=cs.example\n");
        dhcp.IndexOf("tag:aside,option:router\n", StringComparison.Ordinal).ShouldBeGreaterThan(dhcp.IndexOf(",option:router,10.1.1.1\n", StringComparison.Ordinal));
        dhcp.ShouldEndWith("server=9.9.9.9\n");
    }

    [Fact]
    public void Metadata_keeps_each_value_on_one_line_and_passwords_are_secret()
    {
        var files = Render(withNat: true, Guest);
        Text(files["metadata/10.1.1.50"]).ShouldBe("local-hostname web\npublic-keys ssh-ed25519 A one\\nssh-ed25519 B two\n");
        files["userdata/10.1.1.50"].Content.ShouldBe([0, 1, 255]);
        Text(files["passwords/10.1.1.50"]).ShouldBe("7\ns3cret\n");
        files.Values.Where(f => f.Secret).Select(f => f.Path).ShouldBe(["passwords/10.1.1.50"]);
    }
}
