using Stratiform.Agent.Networking;
using Stratiform.Protocol;

namespace Stratiform.Agent.Tests.Contracts;

/// <summary>What every network fabric does.</summary>
public abstract class FabricContract
{
    protected abstract INetworkFabric Fabric { get; }

    [Fact]
    public async Task A_guest_network_can_be_plugged_into_until_it_is_removed()
    {
        var network = Guest(101);
        (await RefusalAsync(() => Fabric.PlugAsync(CardIn(network.NetworkId), default))).ShouldBe(HostErrorCode.NotFound);
        await Fabric.EnsureAsync(network, default);
        await Fabric.EnsureAsync(network, default);
        var plug = await Fabric.PlugAsync(CardIn(network.NetworkId), default);
        plug.Bridge.Length.ShouldBeInRange(1, 15);
        (await Fabric.ReadAllAsync(default)).ShouldContain(network.NetworkId);
        await Fabric.EnsureAbsentAsync(network.NetworkId, default);
        await Fabric.EnsureAbsentAsync(network.NetworkId, default);
        (await Fabric.ReadAllAsync(default)).ShouldNotContain(network.NetworkId);
        (await RefusalAsync(() => Fabric.PlugAsync(CardIn(network.NetworkId), default))).ShouldBe(HostErrorCode.NotFound);
    }

    [Fact]
    public async Task Of_cards_that_are_not_there_nothing_has_passed() =>
        (await Fabric.ReadTrafficAsync([Guid.CreateVersion7()], default)).Cards.ShouldBeEmpty();

    [Fact]
    public async Task Two_networks_do_not_share_a_vni()
    {
        var (one, other) = (Guest(102), Guest(102));
        await Fabric.EnsureAsync(one, default);
        (await RefusalAsync(() => Fabric.EnsureAsync(other, default))).ShouldBe(HostErrorCode.Failed);
        (await Fabric.ReadAllAsync(default)).ShouldNotContain(other.NetworkId);
        await Fabric.EnsureAbsentAsync(one.NetworkId, default);
        await Fabric.EnsureAsync(other, default);
        await Fabric.EnsureAbsentAsync(other.NetworkId, default);
    }

    [Fact]
    public async Task A_network_keeps_its_wires()
    {
        var network = Guest(103);
        await Fabric.EnsureAsync(network, default);
        (await RefusalAsync(() => Fabric.EnsureAsync(network with { Vni = 104 }, default))).ShouldBe(HostErrorCode.Invalid);
        await Fabric.EnsureAbsentAsync(network.NetworkId, default);
    }

    [Theory]
    [InlineData(TrafficType.Public)]
    [InlineData(TrafficType.Management)]
    [InlineData(TrafficType.Storage)]
    public async Task Networks_of_other_traffic_share_the_hosts_bridge(TrafficType traffic)
    {
        var one = Guest(0) with { Traffic = traffic, Vni = null };
        var other = one with { NetworkId = Guid.CreateVersion7() };
        await Fabric.EnsureAsync(one, default);
        await Fabric.EnsureAsync(other, default);
        (await Fabric.PlugAsync(CardIn(one.NetworkId), default)).ShouldBe(await Fabric.PlugAsync(CardIn(other.NetworkId), default));
        await Fabric.EnsureAbsentAsync(one.NetworkId, default);
        (await Fabric.ReadAllAsync(default)).ShouldContain(other.NetworkId);
        await Fabric.EnsureAbsentAsync(other.NetworkId, default);
    }

    [Fact]
    public async Task A_guarded_card_is_plugged_and_unplugged_any_number_of_times()
    {
        var network = Guest(105);
        await Fabric.EnsureAsync(network, default);
        var card = CardIn(network.NetworkId) with { Guard = new NicGuard(["10.1.1.5"]) };
        await Fabric.UnplugAsync([card], default);
        foreach (var guard in new[] { card.Guard, new NicGuard([]), new NicGuard(["10.1.1.6", "10.1.1.7"]) })
            (await Fabric.PlugAsync(card with { Guard = guard }, default)).ShouldBe(await Fabric.PlugAsync(card, default));
        await Fabric.UnplugAsync([card, CardIn(network.NetworkId)], default);
        await Fabric.UnplugAsync([card], default);
        await Fabric.EnsureAbsentAsync(network.NetworkId, default);
    }

    [Fact]
    public async Task Doors_are_shut_and_opened_any_number_of_times()
    {
        var network = Guest(106);
        await Fabric.EnsureAsync(network, default);
        var (one, other) = (CardIn(network.NetworkId) with { IsShut = true }, CardIn(network.NetworkId));
        await Fabric.PlugAsync(one, default);
        for (var turn = 0; turn < 2; turn++)
        {
            await Fabric.SwitchAsync([other.Id], [one.Id], default);
            await Fabric.SwitchAsync([one.Id], [other.Id], default);
        }
        await Fabric.UnplugAsync([one, other], default);
        await Fabric.UnplugAsync([one, other], default);
        await Fabric.EnsureAbsentAsync(network.NetworkId, default);
    }

    protected static NicSpec CardIn(Guid network) => new(Guid.CreateVersion7(), "02:00:00:00:00:01", network, 1450);

    private static EnsureNetwork Guest(int vni) =>
        new() { NetworkId = Guid.CreateVersion7(), Traffic = TrafficType.Guest, Vni = vni, Mtu = 1450 };

    private static async Task<HostErrorCode> RefusalAsync(Func<Task> act) => (await Should.ThrowAsync<HostException>(act)).Code;
}
