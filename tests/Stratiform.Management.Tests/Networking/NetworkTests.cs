using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

public sealed class NetworkTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task A_network_is_deleted_once_nobody_uses_it()
    {
        var network = await cloud.NetworkAsync("used");
        var vm = (await cloud.DeployAsync(network, "guest"))["id"]!.GetValue<string>();
        (await cloud.ShapeAsync("network", "listNetworks", ("id", network)))["state"]!.GetValue<string>().ShouldBe("Implemented");
        (await cloud.ShapeAsync("router", "listRouters", ("networkid", network), ("listall", "true")))["state"]!.GetValue<string>().ShouldBe("Running");

        var refused = await cloud.JobAsync("deleteNetwork", ("id", network));
        refused["jobresultcode"]!.GetValue<int>().ShouldBe(536);
        refused["jobresult"]!["errortext"]!.GetValue<string>().ShouldContain("still use the network used");
        (await cloud.ShapeAsync("network", "listNetworks", ("id", network)))["state"]!.GetValue<string>().ShouldBe("Implemented");

        (await cloud.JobAsync("destroyVirtualMachine", ("id", vm), ("expunge", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.JobAsync("deleteNetwork", ("id", network)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("listNetworks", ("id", network))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.CallAsync("listRouters", ("networkid", network), ("listall", "true"))).ShouldBe(200).Body.Count.ShouldBe(0);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_network_outlives_its_offering()
    {
        var offering = (await cloud.ShapeAsync("networkoffering", "createNetworkOffering",
            ("name", "passing"), ("displaytext", "passing"), ("traffictype", "Guest"), ("guestiptype", "Isolated"))).IdOf();
        (await cloud.CallAsync("updateNetworkOffering", ("id", offering), ("state", "Enabled"))).ShouldBe(200);
        var network = await cloud.NetworkAsync("lasting", ("networkofferingid", offering));
        (await cloud.CallAsync("updateNetworkOffering", ("id", offering), ("state", "Disabled"))).ShouldBe(200);
        (await cloud.CallAsync("deleteNetworkOffering", ("id", offering))).ShouldBe(200);
        (await cloud.DeployAsync(network, "lasting-guest"))["state"]!.GetValue<string>().ShouldBe("Running");
    }

    [Fact]
    public async Task Names_with_control_characters_are_refused() =>
        (await cloud.CallAsync("createNetwork", ("name", "a\u0001b"), ("displaytext", "x"), ("zoneid", cloud.Zone), ("networkofferingid", cloud.NetworkOffering)))
            .Status.ShouldBeOneOf(430, 431);
}
