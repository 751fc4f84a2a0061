using Stratiform.Agent.Networking;
using Stratiform.Protocol;

namespace Stratiform.Host.Tests;

/// <summary>Who reaches whom under security groups, seen on the wire: guests in namespaces behind the host's real bridge and packet filter.</summary>
[Collection(OnTheHost.Name)]
public sealed class GroupFilterTests(HostLab lab) : IAsyncLifetime
{
    private const string Web = "10.1.1.5", Db = "10.1.1.6", Other = "10.1.1.7", World = "10.1.1.1";

    private static readonly EnsureNetwork Wires = new() { NetworkId = Guid.CreateVersion7(), Traffic = TrafficType.Guest, Vni = 130, Mtu = 1450 };

    private static readonly Dictionary<string, (string Ip, NicSpec Card)> Guests = new[] { ("web", Web), ("db", Db), ("other", Other) }.ToDictionary(
        g => g.Item1,
        g => (g.Item2, new NicSpec(Guid.CreateVersion7(), "02:00:00:00:01:0" + g.Item2[^1], Wires.NetworkId, 1450) { Guard = new NicGuard([g.Item2]) { IsInGroups = true } }));

    private static readonly Guid WebGroup = Guid.CreateVersion7(), DbGroup = Guid.CreateVersion7(), OtherGroup = Guid.CreateVersion7();
    private static readonly GroupRule Http = new() { Protocol = "tcp", StartPort = 80, EndPort = 80, Cidr = "0.0.0.0/0" };
    private static readonly GroupRule Ssh = new() { Protocol = "tcp", StartPort = 20, EndPort = 30, Members = DbGroup };
    private static readonly GroupRule Ping = new() { Protocol = "icmp", IcmpType = 8, IcmpCode = 0, Cidr = "10.1.1.6/32" };

    private readonly BridgeFabric _fabric = new(lab.Ip, lab.Nft, lab.Traffic, lab.NewStateFolder(), lab.Machine.BootId);

    public async Task InitializeAsync()
    {
        await _fabric.EnsureAsync(Wires, default);
        var bridge = DeviceNames.Bridge(Wires.NetworkId);
        foreach (var (name, (ip, card)) in Guests) await WireAsync(name, DeviceNames.Tap(card.Id), bridge, ip, card.Mac);
        await WireAsync("world", "world0", bridge, World, "02:00:00:00:01:ff");
        await _fabric.EnsureGroupsAsync(Groups(), default);
        foreach (var (_, card) in Guests.Values) await _fabric.PlugAsync(card, default);
    }

    public async Task DisposeAsync()
    {
        // A namespace ends later than its name does.
        foreach (var port in Guests.Values.Select(g => DeviceNames.Tap(g.Card.Id)).Append("world0")) await lab.InsideAsync("ip", "link", "delete", port);
        foreach (var name in Guests.Keys.Append("world")) await lab.InsideAsync("ip", "netns", "delete", name);
        await _fabric.UnplugAsync([.. Guests.Values.Select(g => g.Card)], default);
        await _fabric.EnsureGroupsAsync(new() { HostId = Guid.Empty, Networks = [], Sets = [], Groups = [], Cards = [] }, default);
        await _fabric.EnsureAbsentAsync(Wires.NetworkId, default);
    }

    [Fact]
    public async Task Who_is_let_in_comes_in_and_nobody_else() => (await SayAsync(
        $"world,tcp,{Web},80", $"world,tcp,{Web},443", $"world,tcp,{Web},22", $"db,tcp,{Web},22", $"other,tcp,{Web},22", $"world,tcp,{Db},80",
        $"db,ping,{Web},0", $"world,ping,{Web},0", $"world,udp,{Web},5000"))
        .ShouldBe(["answered", "silence", "silence", "answered", "silence", "silence", "answered", "silence", "silence"]);

    [Fact]
    public async Task Answers_come_back_and_what_only_looks_like_one_does_not() => (await SayAsync(
        $"web,tcp,{World},443", $"web,udp,{World},53", $"db,ping,{World},0",
        // As an answer of a name server would come, to nobody's question and to a neighbour's.
        $"world,udp,{Web},5000,{World},53", $"db,udp,{World},53,{Db},7000", $"world,udp,{Web},7000,{World},53"))
        .ShouldBe(["answered", "answered", "answered", "silence", "answered", "silence"]);

    [Fact]
    public async Task With_a_rule_about_what_goes_out_nothing_else_does()
    {
        (await SayAsync($"other,tcp,{Web},80", $"other,tcp,{World},80", $"other,udp,{World},53", $"other,ping,{World},0"))
            .ShouldBe(["answered", "silence", "silence", "silence"]);
        await _fabric.EnsureGroupsAsync(Groups(services: World), default);
        (await SayAsync($"other,tcp,{World},80", $"other,udp,{World},53", $"other,tcp,{World},22")).ShouldBe(["answered", "answered", "silence"]);
        await _fabric.EnsureGroupsAsync(Groups(egress: []), default);
        (await SayAsync($"other,tcp,{World},22", $"other,ping,{World},0")).ShouldBe(["answered", "answered"]);
    }

    [Fact]
    public async Task A_rule_about_a_group_follows_its_members()
    {
        await _fabric.EnsureGroupsAsync(Groups(egress: [], members: [Other]), default);
        (await SayAsync($"other,tcp,{Web},22", $"db,tcp,{Web},22")).ShouldBe(["answered", "silence"]);
        await _fabric.EnsureGroupsAsync(Groups(egress: [], members: []), default);
        (await SayAsync($"other,tcp,{Web},22", $"db,tcp,{Web},22")).ShouldBe(["silence", "silence"]);
    }

    [Fact]
    public async Task Nobody_comes_in_as_somebody_else()
    {
        await _fabric.EnsureGroupsAsync(Groups(egress: []), default);
        await lab.InsideAsync("ip", "netns", "exec", "other", "ip", "address", "add", Db + "/32", "dev", "eth0");
        (await SayAsync($"other,tcp,{Web},22,{Db}", $"db,tcp,{Web},22")).ShouldBe(["silence", "answered"]);
    }

    [Fact]
    public async Task IPv6_goes_round_no_group()
    {
        await lab.InsideAsync("ip", "netns", "exec", "world", "sh", "-c", "sleep 2; ping -6 -q -c 1 -W 1 ff02::1%eth0 || :");
        var heard = await lab.InsideAsync("nft", "list", "chain", "bridge", "stratiform-groups", "in-" + DeviceNames.Tap(Guests["web"].Card.Id));
        heard.ShouldMatch(@"ether type != ip counter packets [1-9]\d* ");
    }

    [Fact]
    public async Task A_card_of_which_nothing_was_said_is_not_plugged_in()
    {
        var unknown = Guests["web"].Card with { Id = Guid.CreateVersion7(), Mac = "02:00:00:00:01:aa" };
        (await Should.ThrowAsync<HostException>(() => _fabric.PlugAsync(unknown, default))).Message.ShouldContain("security groups");
        var afterBoot = new BridgeFabric(lab.Ip, lab.Nft, lab.Traffic, lab.NewStateFolder(), "another boot");
        await Should.ThrowAsync<HostException>(() => afterBoot.PlugAsync(Guests["web"].Card, default));
    }

    private static EnsureGroups Groups(IReadOnlyList<GroupRule>? egress = null, IReadOnlyList<string>? members = null, string? services = null) => new()
    {
        HostId = Guid.Empty,
        Networks = [new(Wires.NetworkId, 77, IsUntagged: false)],
        Sets = [new(DbGroup, members ?? [Db])],
        Groups =
        [
            new(WebGroup, [Http, Ssh, Ping], []),
            new(DbGroup, [], []),
            new(OtherGroup, [], egress ?? [Http with { Cidr = Web + "/32" }, Ssh with { Members = null, Cidr = Web + "/32" }]),
        ],
        Cards =
        [
            new(Guests["web"].Card.Id, [WebGroup], services),
            new(Guests["db"].Card.Id, [DbGroup], services),
            new(Guests["other"].Card.Id, [OtherGroup], services),
        ],
    };

    private async Task WireAsync(string name, string port, string bridge, string ip, string mac)
    {
        await lab.InsideAsync("sh", "-c", "mkdir -p /run/netns; [ \"$(stat -f -c %T /run/netns)\" = tmpfs ] || mount -t tmpfs netns /run/netns; ip netns add \"$1\"", "wire", name);
        await lab.InsideAsync("ip", "link", "add", port, "type", "veth", "peer", "name", "eth0", "address", mac, "netns", name);
        await lab.InsideAsync("ip", "link", "set", port, "master", bridge, "up");
        await lab.InsideAsync("ip", "-n", name, "address", "add", ip + "/24", "dev", "eth0");
        foreach (var device in new[] { "lo", "eth0" }) await lab.InsideAsync("ip", "-n", name, "link", "set", device, "up");
    }

    private async Task<string[]> SayAsync(params string[] probes) => (await lab.InsideAsync(
        ["python3", Path.Combine(AppContext.BaseDirectory, "neighbours.py"), string.Join(',', Guests.Keys.Append("world")), .. probes]))
        .Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
