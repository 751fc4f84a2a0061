using Stratiform.Agent.Networking;
using Stratiform.Agent.Tests.Contracts;
using Stratiform.Protocol;

namespace Stratiform.Host.Tests;

[Collection(OnTheHost.Name)]
public sealed class BridgeFabricTests(HostLab lab) : FabricContract
{
    protected override INetworkFabric Fabric { get; } =
        new BridgeFabric(lab.Ip, lab.Nft, lab.Traffic, lab.NewStateFolder(), lab.Machine.BootId);

    [Fact]
    public async Task A_network_that_the_wire_cannot_carry_is_refused()
    {
        var jumbo = new EnsureNetwork { NetworkId = Guid.CreateVersion7(), Traffic = TrafficType.Guest, Vni = 110, Mtu = 9000 };
        var refusal = await Should.ThrowAsync<HostException>(() => Fabric.EnsureAsync(jumbo, default));
        refusal.Message.ShouldContain("9050");
        (await Fabric.ReadAllAsync(default)).ShouldNotContain(jumbo.NetworkId);
    }

    [Theory]
    [InlineData(TrafficType.Public, "br-public")]
    [InlineData(TrafficType.Management, "br-management")]
    [InlineData(TrafficType.Storage, "br-storage")]
    public async Task Each_traffic_has_the_bridge_that_the_operator_named(TrafficType traffic, string bridge)
    {
        var network = new EnsureNetwork { NetworkId = Guid.CreateVersion7(), Traffic = traffic, Mtu = 1500 };
        await Fabric.EnsureAsync(network, default);
        (await Fabric.PlugAsync(CardIn(network.NetworkId), default)).Bridge.ShouldBe(bridge);
        await Fabric.EnsureAbsentAsync(network.NetworkId, default);
    }

    [Fact]
    public async Task The_kernel_shows_the_network_by_its_id()
    {
        var network = new EnsureNetwork { NetworkId = Guid.CreateVersion7(), Traffic = TrafficType.Guest, Vni = 111, Mtu = 1450 };
        await Fabric.EnsureAsync(network, default);
        var devices = (await lab.Ip.LinksAsync(default)).Where(link => link.Alias == network.NetworkId.ToString()).ToList();
        devices.Select(link => link.Kind).Order().ShouldBe(["bridge", "vxlan"]);
        devices.ShouldAllBe(link => link.Mtu == 1450);
        devices.Single(link => link.Kind == "vxlan").Vni.ShouldBe(111);
        await Fabric.EnsureAbsentAsync(network.NetworkId, default);
        (await lab.Ip.LinksAsync(default)).ShouldNotContain(link => link.Alias == network.NetworkId.ToString());
    }
}
