using Stratiform.Agent.Networking;
using Stratiform.Protocol;

namespace Stratiform.Host.Tests;

/// <summary>What comes out of a guest's network card and what does not, seen on the wire: frames sent by hand through a real bridge.</summary>
[Collection(OnTheHost.Name)]
public sealed class NicGuardTests(HostLab lab) : IAsyncLifetime
{
    private const string Listener = "ear0";

    private static readonly string[] Everything =
    [
        "its own address", "another's address", "another's MAC", "ARP for itself", "ARP for another", "ARP with another's MAC",
        "address probe", "DHCP request", "DHCP answer", "IPv6 of its link", "IPv6 of elsewhere", "neighbour solicitation",
        "router advertisement", "redirect", "DHCPv6 answer", "tagged frame", "LLDP",
    ];

    private static readonly NicGuard Own = new(["10.1.1.5"]);
    private readonly BridgeFabric _fabric = new(lab.Ip, lab.Nft, lab.Traffic, lab.NewStateFolder(), lab.Machine.BootId);
    private readonly EnsureNetwork _network = new() { NetworkId = Guid.CreateVersion7(), Traffic = TrafficType.Guest, Vni = 120, Mtu = 1450 };
    private readonly NicSpec _card = new(Guid.CreateVersion7(), "02:00:00:00:00:05", Guid.Empty, 1450);

    private NicSpec Card => _card with { NetworkId = _network.NetworkId };

    private string Tap => DeviceNames.Tap(_card.Id);

    public Task InitializeAsync() => _fabric.EnsureAsync(_network, default);

    public async Task DisposeAsync()
    {
        foreach (var device in new[] { Tap, Listener }) await lab.Ip.RunAsync(["link", "delete", device], default);
        await _fabric.UnplugAsync([Card with { Guard = Own }], default);
        await _fabric.EnsureAbsentAsync(_network.NetworkId, default);
    }

    [Fact]
    public async Task A_guest_is_nobody_but_itself()
    {
        await PlugAsync(Own);
        await WireAsync();
        (await ComingOutAsync()).ShouldBe(
            ["its own address", "ARP for itself", "address probe", "DHCP request", "IPv6 of its link", "neighbour solicitation"]);
    }

    [Fact]
    public async Task Without_an_address_it_can_ask_for_one()
    {
        await PlugAsync(new NicGuard([]));
        await WireAsync();
        (await ComingOutAsync()).ShouldBe(["address probe", "DHCP request", "IPv6 of its link", "neighbour solicitation"]);
    }

    [Fact]
    public async Task Where_nobody_gives_addresses_it_takes_any()
    {
        await PlugAsync(new NicGuard(null));
        await WireAsync();
        (await ComingOutAsync()).ShouldBe(["its own address", "another's address", "ARP for itself", "ARP for another", "address probe",
            "DHCP request", "IPv6 of its link", "IPv6 of elsewhere", "neighbour solicitation"]);
    }

    [Fact]
    public async Task What_has_no_guard_sends_what_it_likes()
    {
        await PlugAsync(null);
        await WireAsync();
        (await ComingOutAsync()).ShouldBe(Everything);
    }

    [Fact]
    public async Task A_guard_changes_under_a_card_that_is_plugged_in()
    {
        await WireAsync();
        await PlugAsync(new NicGuard(["10.1.1.66"]));
        (await ComingOutAsync()).ShouldContain("another's address");
        (await ComingOutAsync()).ShouldNotContain("its own address");
        await PlugAsync(new NicGuard(["10.1.1.66", "10.1.1.5"]));
        (await ComingOutAsync()).ShouldBe(["its own address", "another's address", "ARP for itself", "ARP for another",
            "address probe", "DHCP request", "IPv6 of its link", "neighbour solicitation"]);
        await _fabric.UnplugAsync([Card with { Guard = Own }], default);
        (await ComingOutAsync()).ShouldBe(Everything);
    }

    private Task<Plug> PlugAsync(NicGuard? guard) => _fabric.PlugAsync(Card with { Guard = guard }, default);

    // As QEMU makes a tap: the device with the card's name is in the bridge, and what is sent into its other end comes out of the card.
    private async Task WireAsync()
    {
        var bridge = DeviceNames.Bridge(_network.NetworkId);
        foreach (var (port, end) in new[] { (Tap, "mouth0"), (Listener + "p", Listener) })
        {
            await lab.Ip.RunAsync(["link", "add", port, "type", "veth", "peer", "name", end], default);
            await lab.Ip.RunAsync(["link", "set", port, "master", bridge, "up"], default);
            await lab.Ip.RunAsync(["link", "set", end, "up"], default);
        }
    }

    private async Task<string[]> ComingOutAsync() => (await lab.InsideAsync(
        "python3", Path.Combine(AppContext.BaseDirectory, "frames.py"), "mouth0", Listener, _card.Mac, "10.1.1.5"))
        .Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
