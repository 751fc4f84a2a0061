using System.Net;
using Stratiform.Linux;
using Stratiform.Management.Accounts;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Host.Tests;

/// <summary>
/// The router's image loads of a ruleset only what differs from the one in force. In a kernel: what that makes is what the whole file would have made.
/// </summary>
public sealed class RouterChangesTests : IDisposable
{
    // Tells how each change came. The order of chains is that in which they came, and means nothing.
    private const string Changes = """
        cd "$1" && nft -f 0 && n=0 || exit
        while [ -e $((n + 1)) ]; do
            if awk -f "$0" $n $((n + 1)) >change; then
                nft -f change && echo "lines $(wc -l <change)" || echo refused
            else
                nft -f $((n + 1)) && echo whole
            fi
            n=$((n + 1))
        done
        nft -s list ruleset | sort >came
        nft -f $n && nft -s list ruleset | sort | diff came - && echo same
        """;

    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private readonly string _folder = Directory.CreateTempSubdirectory("changes-").FullName;
    private readonly Network _network;
    private readonly Router _router;
    private readonly RouterCard _card;
    private readonly PublicIpAddress[] _addresses;
    private readonly Nic _guest;
    private readonly List<RuleWish> _rules = [];
    private readonly List<AclRule> _list = [];
    private Ipv4Address? _leadsTo;
    private bool _isTier;
    private int _files;

    public RouterChangesTests()
    {
        var wires = new PhysicalNetwork("wires", new Zone("zone", Now) { Dns1 = "9.9.9.9", InternalDns1 = "9.9.9.9" }, Now);
        var range = new PublicIpRange(wires, IPAddress.Parse("203.0.113.10"), IPAddress.Parse("203.0.113.12"), Now)
        {
            Gateway = IPAddress.Parse("203.0.113.1"),
            Netmask = IPAddress.Parse("255.255.255.0"),
        };
        _network = new Network("net", new NetworkOffering("isolated", "isolated", [], Now), wires, new Subnet(IPNetwork.Parse("10.1.0.0/16"), IPAddress.Parse("10.1.0.1")),
            Id.New<Account>(), Id.New<Domain>(), Now)
        {
            NetworkDomain = "cs.example",
        };
        _addresses = [.. Enumerable.Range(10, 3).Select(n => new PublicIpAddress(range, Ip($"203.0.113.{n}")))];
        _guest = new Nic(_network, Guid.CreateVersion7(), 0, true, Now);
        _router = new Router(_network, Now);
        _card = _router.AddCard(_network);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Ipv4Address Ip(string text) => Ipv4Address.Of(IPAddress.Parse(text));

    private static RuleMatch Match(int start, int end, params string[] cidrs) => new()
    {
        Protocol = "tcp",
        StartPort = start,
        EndPort = end,
        SourceCidrs = [.. cidrs.Select(c => IPNetwork.Parse(c))],
    };

    // A set for each rule is dear to the kernel: some do.
    private RuleWish Open(int address, int port) => new(NetworkRule.Firewall(_network, _addresses[address],
        Match(port, port, port % 16 == 0 ? [$"198.51.{port % 256}.0/24", "192.0.2.0/24"] : [$"198.51.{port % 256}.0/24"]), Now), null);

    private RuleWish Except(int port) => new(NetworkRule.Egress(_network, Match(port, port, "10.1.0.0/16"), Now), null);

    private RuleWish Forward(int port, int inner, string guest, int more = 0) => new(
        NetworkRule.Forwarding(_network, _addresses[1], Match(port, port + more, "0.0.0.0/0"), new(new(_guest.Id), inner, inner + more), Now), Ip(guest));

    private static AclRule Rule(int number, AclTraffic traffic, AclAction action, int port) => new(Id.New<AclRule>(), AclList.DefaultDeny.Id, new()
    {
        Number = number,
        Traffic = traffic,
        Action = action,
        Protocol = "udp",
        StartPort = port,
        EndPort = port,
        Cidrs = [$"10.{port % 256}.0.0/16"],
    });

    // The rules as they are now, as the next file.
    private void Next()
    {
        var wishes = new RouterWishes
        {
            Router = _router,
            Networks = [new() { Card = _card, Network = _network, EgressAllowed = true, Guests = [], Acl = _isTier ? _list : null }],
            Addresses = [.. _addresses.Select((a, i) => new HeldAddress(
                a.Id, a.Address, IPAddress.Parse("255.255.255.0"), IPAddress.Parse("203.0.113.1"), IsSourceNat: i == 0, i == 2 ? _leadsTo : null))],
            Rules = [.. _rules],
            Resolvers = [],
        };
        var rules = RouterFiles.Render(wishes).Single(f => f.Path == "nft.rules");
        File.WriteAllBytes(Path.Combine(_folder, $"{_files++}"), rules.Content);
    }

    // How many lines each change had; null for one that came as a whole.
    private async Task<List<int?>> ChangeAsync()
    {
        var chains = Path.Combine(AppContext.BaseDirectory, "chains.awk");
        var told = (await Shell.RunAsync("unshare", ["--net", "sh", "-c", Changes, chains, _folder])).TrimEnd().Split('\n');
        told[^1].ShouldBe("same", string.Join('\n', told));
        told[..^1].ShouldAllBe(line => line == "whole" || line.StartsWith("lines "));
        return [.. told[..^1].Select(line => line == "whole" ? (int?)null : int.Parse(line[6..]))];
    }

    [Fact]
    public async Task One_rule_of_thousands_is_a_small_change()
    {
        for (var port = 1; port <= 3000; port++) _rules.Add(Open(port % 2, port));
        Next();
        _rules[1500] = Open(0, 5000);
        Next();
        _rules.RemoveAt(1500);
        Next();
        _rules.Insert(700, Open(1, 5001));
        Next();
        (await ChangeAsync()).ShouldAllBe(lines => lines < 200);
    }

    [Fact]
    public async Task Chains_come_and_go_with_their_rules()
    {
        for (var port = 1; port <= 400; port++) _rules.AddRange([Open(0, port), Except(port)]);
        Next();
        _rules.Add(Open(1, 22));
        Next();
        _rules.RemoveAll(r => r.Rule.AddressId == _addresses[0].Id);
        Next();
        _rules.RemoveAll(r => r.Rule.Purpose == RulePurpose.Egress);
        Next();
        (await ChangeAsync()).ShouldAllBe(lines => lines != null);
    }

    [Fact]
    public async Task Ports_that_lead_elsewhere_are_as_many_elements()
    {
        for (var port = 1; port <= 1000; port++) _rules.AddRange([Forward(port, port, "10.1.0.50"), Forward(2000 + port, 3000 + port, "10.1.0.50")]);
        Next();
        _rules[10] = Forward(6, 6, "10.1.0.51");
        _rules[11] = Forward(2006, 7000, "10.1.0.51");
        Next();
        _rules[10] = Forward(6, 6, "10.1.0.51", more: 0);
        _rules.Add(Forward(8000, 8000, "10.1.0.52", more: 50));
        _leadsTo = Ip("10.1.0.53");
        Next();
        _rules.RemoveAll(r => r.Rule.StartPort != r.Rule.PrivateStartPort);
        _leadsTo = Ip("10.1.0.54");
        Next();
        _rules.Clear();
        _leadsTo = null;
        Next();
        (await ChangeAsync()).ShouldAllBe(lines => lines < 10);
    }

    [Fact]
    public async Task Lists_of_tiers_keep_their_order()
    {
        _isTier = true;
        for (var number = 1; number <= 1000; number++) _list.Add(Rule(number, AclTraffic.Ingress, number % 3 == 0 ? AclAction.Deny : AclAction.Allow, number));
        for (var number = 1; number <= 50; number++) _list.Add(Rule(number, AclTraffic.Egress, AclAction.Allow, number));
        Next();
        _list[500] = Rule(20, AclTraffic.Ingress, AclAction.Deny, 7);
        Next();
        _list.RemoveAll(r => r.Traffic == AclTraffic.Egress);
        Next();
        (await ChangeAsync()).ShouldAllBe(lines => lines < 200);
    }

    [Fact]
    public async Task What_differs_in_more_than_chains_and_elements_comes_as_a_whole()
    {
        for (var port = 1; port <= 3000; port++) _rules.Add(Open(0, port));
        Next();
        _rules.Clear();
        for (var port = 3001; port <= 6000; port++) _rules.Add(Open(0, port));
        // All of it is new.
        Next();
        (await ChangeAsync()).ShouldBe([null]);
    }

    [Fact]
    public async Task After_many_changes_all_is_as_if_it_had_come_at_once()
    {
        var random = new Random(7);
        for (var port = 1; port <= 1000; port++) _rules.Add(Open(port % 2, port));
        for (var step = 0; step < 20; step++)
        {
            Next();
            for (var change = random.Next(1, 12); change > 0; change--)
            {
                var at = random.Next(_rules.Count);
                switch (random.Next(4))
                {
                    case 0: _rules.RemoveAt(at); break;
                    case 1: _rules.Insert(at, Open(random.Next(3), random.Next(1, 20000))); break;
                    case 2: _rules[at] = Except(random.Next(1, 20000)); break;
                    default: _rules.Add(Forward(20000 + step * 20 + change, random.Next(1, 60000), "10.1.0.50")); break;
                }
            }
        }
        (await ChangeAsync()).Count.ShouldBe(19);
    }
}
