using Stratiform.Agent.Networking;
using Stratiform.Protocol;

namespace Stratiform.Host.Tests;

/// <summary>Doors of network cards on a real bridge: two cards with one MAC, of which one is open at a time.</summary>
[Collection(OnTheHost.Name)]
public sealed class CardDoorTests(HostLab lab) : IAsyncLifetime
{
    private const string Listener = "ear1";
    private const string Mac = "02:00:00:00:00:07";
    private readonly BridgeFabric _fabric = new(lab.Ip, lab.Nft, lab.Traffic, lab.NewStateFolder(), lab.Machine.BootId);
    private readonly EnsureNetwork _network = new() { NetworkId = Guid.CreateVersion7(), Traffic = TrafficType.Guest, Vni = 121, Mtu = 1450 };
    private readonly Guid _old = Guid.CreateVersion7();
    private readonly Guid _new = Guid.CreateVersion7();

    public async Task InitializeAsync()
    {
        await _fabric.EnsureAsync(_network, default);
        await _fabric.PlugAsync(Card(_old), default);
        await _fabric.PlugAsync(Card(_new) with { IsShut = true }, default);
        foreach (var (port, end) in new[] { (DeviceNames.Tap(_old), "old0"), (DeviceNames.Tap(_new), "new0"), (Listener + "p", Listener) })
        {
            await lab.Ip.RunAsync(["link", "add", port, "type", "veth", "peer", "name", end], default);
            await lab.Ip.RunAsync(["link", "set", port, "master", DeviceNames.Bridge(_network.NetworkId), "up"], default);
            await lab.Ip.RunAsync(["link", "set", end, "up"], default);
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var device in new[] { "old0", "new0", Listener }) await lab.Ip.RunAsync(["link", "delete", device], default);
        await _fabric.UnplugAsync([Card(_old), Card(_new)], default);
        await _fabric.EnsureAbsentAsync(_network.NetworkId, default);
    }

    [Fact]
    public async Task Nothing_passes_a_shut_door_and_what_one_card_was_the_other_is_after_the_switch()
    {
        (await PassingAsync("old0", Listener)).ShouldContain("its own address");
        (await PassingAsync(Listener, "old0")).ShouldContain("its own address");
        (await PassingAsync("new0", Listener)).ShouldBeEmpty();
        (await PassingAsync(Listener, "new0")).ShouldBeEmpty();
        await PassingAsync("old0", Listener);
        (await LearntAsync(_old)).ShouldContain(Mac);

        await _fabric.SwitchAsync([_old], [_new], default);
        (await LearntAsync(_old)).ShouldNotContain(Mac, customMessage: "the bridge would go on sending there");
        (await PassingAsync("old0", Listener)).ShouldBeEmpty();
        (await LearntAsync(_old)).ShouldNotContain(Mac, customMessage: "nor does it learn from what is shut");
        (await PassingAsync(Listener, "old0")).ShouldBeEmpty();
        (await PassingAsync("new0", Listener)).ShouldContain("its own address");
        (await LearntAsync(_new)).ShouldContain(Mac);

        await _fabric.SwitchAsync([_new], [_old], default);
        (await PassingAsync("old0", Listener)).ShouldContain("its own address");
        (await PassingAsync("new0", Listener)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_card_that_is_gone_leaves_no_door()
    {
        await _fabric.UnplugAsync([Card(_new)], default);
        (await lab.InsideAsync("nft", "list", "set", "bridge", "stratiform", "shut")).ShouldNotContain(DeviceNames.Tap(_new));
        await _fabric.SwitchAsync([Guid.CreateVersion7()], [Guid.CreateVersion7()], default);
    }

    private NicSpec Card(Guid id) => new(id, Mac, _network.NetworkId, 1450);

    private Task<string> LearntAsync(Guid card) => lab.InsideAsync("bridge", "fdb", "show", "dev", DeviceNames.Tap(card));

    private async Task<string[]> PassingAsync(string from, string to) =>
        (await lab.InsideAsync("python3", Path.Combine(AppContext.BaseDirectory, "frames.py"), from, to, Mac, "10.1.1.7"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
