using System.Text.Json.Nodes;
using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

/// <summary>What guests' network cards may pass.</summary>
public sealed class NetworkRateTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task The_default_card_obeys_its_guests_offering_and_the_others_their_networks()
    {
        var size = await cloud.ShapeAsync("serviceoffering", "createServiceOffering",
            ("name", "slow"), ("cpunumber", "1"), ("cpuspeed", "500"), ("memory", "128"), ("networkrate", "20"));
        size["networkrate"]!.GetValue<int>().ShouldBe(20);
        var kind = await NetworkOfferingAsync("slower", ("networkrate", "10"));
        kind["networkrate"]!.GetValue<int>().ShouldBe(10);
        var (home, side) = (await cloud.NetworkAsync("rated-home", ("networkofferingid", kind.IdOf())), await cloud.NetworkAsync("rated-side", ("networkofferingid", kind.IdOf())));
        var guest = await cloud.DoneAsync("virtualmachine", "deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", cloud.Template),
            ("serviceofferingid", size.IdOf()), ("networkids", $"{home},{side}"));
        (await RatesAsync(guest.IdOf())).ShouldBe([20, 10]);
        (await cloud.SpecAsync((await cloud.RouterIdAsync(home)).ToString())).Nics.ShouldAllBe(nic => nic.RateMbit == 0);
    }

    [Fact]
    public async Task What_no_offering_says_the_settings_say_and_an_offering_can_lift_it()
    {
        var (plain, free) = (await NetworkOfferingAsync("plain"), await NetworkOfferingAsync("free", ("networkrate", "-1")));
        (plain.ContainsKey("networkrate"), free["networkrate"]!.GetValue<int>()).ShouldBe((false, 0));
        var networks = new List<string>();
        foreach (var kind in new[] { plain, plain, free })
            networks.Add(await cloud.NetworkAsync($"set-{networks.Count}", ("networkofferingid", kind.IdOf())));
        (await RatesAsync(await DeployAsync(networks))).ShouldBe([0, 0, 0]);
        await SetAsync("vm.network.throttling.rate", "300");
        await SetAsync("network.throttling.rate", "200");
        (await RatesAsync(await DeployAsync(networks))).ShouldBe([300, 200, 0]);
        await SetAsync("vm.network.throttling.rate", "0");
        await SetAsync("network.throttling.rate", "0");
    }

    [Theory]
    [InlineData("createNetworkOffering", "-2")]
    [InlineData("createNetworkOffering", "400001")]
    [InlineData("createServiceOffering", "-7")]
    public async Task What_is_no_rate_is_refused(string command, string rate)
    {
        (string, string)[] rest = command == "createNetworkOffering"
            ? [("traffictype", "Guest"), ("guestiptype", "Isolated")] : [("cpunumber", "1"), ("cpuspeed", "500"), ("memory", "128")];
        (await cloud.RefusedAsync(431, command, [("name", "odd"), ("networkrate", rate), .. rest])).ShouldContain("Mbit/s");
    }

    [Fact]
    public async Task System_vms_have_no_rate() =>
        (await cloud.RefusedAsync(431, "createServiceOffering", ("name", "odd"), ("cpunumber", "1"), ("cpuspeed", "500"), ("memory", "512"),
            ("issystem", "true"), ("systemvmtype", "secondarystoragevm"), ("networkrate", "10"))).ShouldContain("guests' cards");

    private Task<JsonObject> NetworkOfferingAsync(string name, params (string, string)[] more) => cloud.ShapeAsync("networkoffering", "createNetworkOffering",
        [("name", name), ("traffictype", "Guest"), ("guestiptype", "Isolated"), ("enable", "true"), .. more]);

    private async Task<string> DeployAsync(IEnumerable<string> networks) => (await cloud.DoneAsync("virtualmachine", "deployVirtualMachine",
        ("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small), ("networkids", string.Join(',', networks)))).IdOf();

    private async Task<IEnumerable<int>> RatesAsync(string vm) => (await cloud.SpecAsync(vm)).Nics.Select(nic => nic.RateMbit);

    private async Task SetAsync(string name, string value) =>
        (await cloud.CallAsync("updateConfiguration", ("name", name), ("value", value))).ShouldBe(200);
}
