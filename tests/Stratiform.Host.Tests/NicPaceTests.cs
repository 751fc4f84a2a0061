using System.Globalization;
using Stratiform.Agent.Networking;
using Stratiform.Protocol;

namespace Stratiform.Host.Tests;

/// <summary>How much a guest's network card passes, counted on the wire: a flood of frames through a real bridge, each way.</summary>
[Collection(OnTheHost.Name)]
public sealed class NicPaceTests(HostLab lab) : IAsyncLifetime
{
    // Of 1,400 bytes: 5.6 MB, of which a card of 1 Mbit/s passes 128 KiB at once and 125 kB in each second after it.
    private const int Frames = 4000;
    private const string Flood = """
        import socket, struct, sys
        line = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        line.bind((sys.argv[1], 0))
        head = struct.pack("!BBHHHBBH4s4s", 69, 0, 1386, 0, 0, 64, 17, 0, bytes([10, 1, 1, 5]), bytes([10, 1, 1, 6]))
        added = sum(struct.unpack("!10H", head))
        head = head[:10] + struct.pack("!H", 65535 - (added % 65535)) + head[12:]
        frame = bytes.fromhex((sys.argv[3] + sys.argv[2]).replace(":", "") + "0800") + head + struct.pack("!HHHH", 8080, 8080, 1366, 0) + b"x" * 1358
        for _ in range(int(sys.argv[4])):
            line.send(frame)
        """;

    private readonly BridgeFabric _fabric = new(lab.Ip, lab.Nft, lab.Traffic, lab.NewStateFolder(), lab.Machine.BootId);
    private readonly EnsureNetwork _network = new() { NetworkId = Guid.CreateVersion7(), Traffic = TrafficType.Guest, Vni = 121, Mtu = 1450 };
    private readonly NicSpec _card = new(Guid.CreateVersion7(), "02:00:00:00:00:05", Guid.Empty, 1450);

    private NicSpec Card => _card with { NetworkId = _network.NetworkId };

    private string Tap => DeviceNames.Tap(_card.Id);

    public async Task InitializeAsync()
    {
        await _fabric.EnsureAsync(_network, default);
        foreach (var (port, end) in new[] { (Tap, "mouth0"), ("far0p", "far0") })
        {
            await lab.Ip.RunAsync(["link", "add", port, "type", "veth", "peer", "name", end], default);
            await lab.Ip.RunAsync(["link", "set", port, "master", DeviceNames.Bridge(_network.NetworkId), "up"], default);
            await lab.Ip.RunAsync(["link", "set", end, "up"], default);
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var device in new[] { Tap, "far0p" }) await lab.Ip.RunAsync(["link", "delete", device], default);
        await _fabric.EnsureAbsentAsync(_network.NetworkId, default);
    }

    [Fact]
    public async Task What_has_passed_a_card_is_counted_each_way()
    {
        await _fabric.PlugAsync(Card, default);
        var before = await CountAsync();
        await SentAsync("mouth0", "far0");
        var sent = await CountAsync();
        (sent.SentBytes - before.SentBytes).ShouldBeInRange(Frames * 1400, Frames * 1420);
        await SentAsync("far0", "mouth0");
        var received = await CountAsync();
        (received.ReceivedBytes - sent.ReceivedBytes).ShouldBeInRange(Frames * 1400, Frames * 1420);
        received.Device.ShouldBe(before.Device);

        async Task<NicCount> CountAsync() => (await _fabric.ReadTrafficAsync([_card.Id, Guid.CreateVersion7()], default)).Cards.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_card_passes_no_more_than_its_rate_either_way()
    {
        (await SentAsync("mouth0", "far0"), await SentAsync("far0", "mouth0")).ShouldBe((Frames, Frames));
        await _fabric.PlugAsync(Card with { RateMbit = 1 }, default);
        foreach (var (from, to) in new[] { ("mouth0", "far0"), ("far0", "mouth0") })
        {
            var came = await SentAsync(from, to);
            came.ShouldBeInRange((128 << 10) / 1400, Frames / 2, $"from {from} to {to}");
        }
        await _fabric.PlugAsync(Card with { RateMbit = 10_000 }, default);
        (await SentAsync("mouth0", "far0")).ShouldBe(Frames);
        await _fabric.PlugAsync(Card with { RateMbit = 1 }, default);
        await _fabric.UnplugAsync([Card with { RateMbit = 1 }], default);
        (await SentAsync("mouth0", "far0")).ShouldBe(Frames);
    }

    [Fact]
    public async Task A_guard_and_a_rate_go_together_and_the_rate_may_go_alone()
    {
        var guarded = Card with { Guard = new NicGuard(["10.1.1.5"]), RateMbit = 1 };
        await _fabric.PlugAsync(guarded, default);
        (await SentAsync("mouth0", "far0")).ShouldBeInRange(1, Frames / 2);
        (await SentAsync("mouth0", "far0", mac: "02:00:00:00:00:66")).ShouldBe(0);
        await _fabric.PlugAsync(guarded with { RateMbit = 0 }, default);
        (await SentAsync("mouth0", "far0")).ShouldBe(Frames);
        (await SentAsync("mouth0", "far0", mac: "02:00:00:00:00:66")).ShouldBe(0);
        await _fabric.UnplugAsync([guarded], default);
        (await SentAsync("mouth0", "far0", mac: "02:00:00:00:00:66")).ShouldBe(Frames);
    }

    // How many of the frames came out at the other end; those of others, as IPv6 sends by itself, are too few to matter and too short to count.
    private async Task<int> SentAsync(string from, string to, string mac = "02:00:00:00:00:05")
    {
        var before = await BytesAsync(to);
        await lab.InsideAsync("python3", "-c", Flood, from, mac, "02:00:00:00:00:99", Frames.ToString(CultureInfo.InvariantCulture));
        return (int)((await BytesAsync(to) - before) / 1400);
    }

    private async Task<long> BytesAsync(string device) =>
        long.Parse(await lab.InsideAsync("cat", $"/sys/class/net/{device}/statistics/rx_bytes"), CultureInfo.InvariantCulture);
}
