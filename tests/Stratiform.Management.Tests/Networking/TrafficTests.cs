using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.Networking;

/// <summary>What has come and gone by addresses, networks and virtual machines, and how it is seen.</summary>
public sealed class TrafficTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task Sums_go_on_from_one_boot_of_a_router_to_the_next()
    {
        await cloud.CallAsync("updateConfiguration", ("name", "router.stats.interval"), ("value", "1"));
        var (network, _) = await cloud.WithGuestAsync("counted");
        var address = await cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("associatednetworkid", network), ("issourcenat", "true"));
        address.ContainsKey("receivedbytes").ShouldBeFalse("nobody has counted yet");
        var first = Guid.CreateVersion7();
        await PassAsync(first, 1000, 100);
        await SeenAsync(1000, 100);
        await PassAsync(first, 1500, 100);
        await SeenAsync(1500, 100);
        await PassAsync(Guid.CreateVersion7(), 30, 7);
        await SeenAsync(1530, 107);
        var gauges = await cloud.MetricsAsync();
        gauges.ShouldContain($"stratiform_network_received_bytes{{network=\"{network}\"}} 1530");
        gauges.ShouldContain($"stratiform_address_sent_bytes{{address=\"{address["ipaddress"]!.GetValue<string>()}\"}} 107");

        // Who has the address next begins from nothing.
        var acquired = await cloud.AcquireAsync(network);
        acquired.ContainsKey("receivedbytes").ShouldBeFalse();

        async Task PassAsync(Guid boot, long received, long sent)
        {
            var router = await cloud.RouterIdAsync(network);
            var card = "g-" + (await cloud.RouterFileAsync(network, "interfaces")).Split(' ')[0].Replace(":", "", StringComparison.Ordinal);
            cloud.Simulator[(await cloud.BootOfAsync(router)).ShouldNotBeNull().Host].Routers.Pass(await cloud.ServingAsync(router), new RouterTraffic
            {
                Answers = true,
                Boot = boot,
                Addresses = [new(address["ipaddress"]!.GetValue<string>(), received, sent)],
                Cards = [new(card, received, sent)],
            });
        }

        async Task SeenAsync(long received, long sent)
        {
            foreach (var (shape, list, by) in new[] { ("network", "listNetworks", network), ("publicipaddress", "listPublicIpAddresses", address.IdOf()) })
            {
                var seen = (Received: -1L, Sent: -1L);
                for (var i = 0; i < 1200 && seen != (received, sent); i++)
                {
                    var shown = await cloud.ShapeAsync(shape, list, ("id", by));
                    seen = (shown["receivedbytes"]?.GetValue<long>() ?? -1, shown["sentbytes"]?.GetValue<long>() ?? -1);
                    await Task.Delay(50);
                }
                seen.ShouldBe((received, sent), shape);
            }
        }
    }

    [Fact]
    public async Task What_passes_a_virtual_machines_cards_is_shown()
    {
        await cloud.CallAsync("updateConfiguration", ("name", "vm.stats.interval"), ("value", "1000"));
        var vm = await cloud.DeployAsync(await cloud.NetworkAsync("seen"), "seen");
        vm.ContainsKey("networkkbsread").ShouldBeFalse("nobody has counted yet");
        var card = Guid.Parse(vm["nic"]![0]!["id"]!.GetValue<string>());
        var host = cloud.Simulator[(await cloud.BootOfAsync(Guid.Parse(vm.IdOf()))).ShouldNotBeNull().Host];
        foreach (var (device, received, sent, read, written) in new[] { (7, 10L << 10, 3L << 10, 10, 3), (7, 12L << 10, 3L << 10, 12, 3), (9, 1L << 10, 512L, 13, 3) })
        {
            host.Fabric.Pass(new NicCount(card, device, received, sent));
            var seen = (Read: -1L, Written: -1L);
            for (var i = 0; i < 1200 && seen != (read, written); i++)
            {
                var shown = await cloud.ShapeAsync("virtualmachine", "listVirtualMachines", ("id", vm.IdOf()));
                seen = (shown["networkkbsread"]?.GetValue<long>() ?? -1, shown["networkkbswrite"]?.GetValue<long>() ?? -1);
                await Task.Delay(50);
            }
            seen.ShouldBe((read, written));
        }
    }
}
