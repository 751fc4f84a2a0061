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

    [Theory]
    [InlineData("updateNetworkServiceProvider", "state", "Disabled", "Enabled")]
    [InlineData("configureVirtualRouterElement", "enabled", "false", "true")]
    public async Task A_provider_that_is_switched_off_gives_nothing_new(string command, string field, string off, string on)
    {
        var wires = (await cloud.ShapeAsync("physicalnetwork", "listPhysicalNetworks", ("zoneid", cloud.Zone))).IdOf();
        var provider = await cloud.ShapeAsync("networkserviceprovider", "listNetworkServiceProviders", ("physicalnetworkid", wires), ("name", "VirtualRouter"));
        (provider["state"]!.GetValue<string>(), provider["physicalnetworkid"]!.GetValue<string>()).ShouldBe(("Enabled", wires));
        provider["servicelist"]!.AsArray().Select(s => s!.GetValue<string>()).ShouldContain("SourceNat");
        var element = await cloud.ShapeAsync("virtualrouterelement", "listVirtualRouterElements", ("nspid", provider.IdOf()));
        element["enabled"]!.GetValue<bool>().ShouldBeTrue();
        var id = command == "updateNetworkServiceProvider" ? provider.IdOf() : element.IdOf();

        var (old, _) = await cloud.WithGuestAsync("old-" + field);
        var planned = await cloud.NetworkAsync("planned-" + field);
        await cloud.DoneAsync(command == "updateNetworkServiceProvider" ? "networkserviceprovider" : "virtualrouterelement", command, ("id", id), (field, off));
        (await cloud.RefusedAsync(431, "createNetwork", ("name", "new-" + field), ("zoneid", cloud.Zone), ("networkofferingid", cloud.NetworkOffering)))
            .ShouldContain(command);
        var refused = await cloud.JobAsync("deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", cloud.Template),
            ("serviceofferingid", cloud.Small), ("networkids", planned));
        refused["jobresult"]!["errortext"]!.GetValue<string>().ShouldContain(command);
        (await cloud.DeployAsync(old, "late-" + field))["state"]!.GetValue<string>().ShouldBe("Running");

        await cloud.DoneAsync(command == "updateNetworkServiceProvider" ? "networkserviceprovider" : "virtualrouterelement", command, ("id", id), (field, on));
        (await cloud.DeployAsync(planned, "at-last-" + field))["state"]!.GetValue<string>().ShouldBe("Running");
    }

    [Theory]
    [InlineData("quiet", null, true)]
    [InlineData("honest", "FALSE", true)]
    [InlineData("relaying", "true", false)]
    public async Task Guests_send_as_themselves_unless_their_offering_lets_them(string name, string? forged, bool isGuarded)
    {
        (string, string)[] details = forged is null ? [] : [("details[0].forgedtransmits", forged)];
        var made = await cloud.ShapeAsync("networkoffering", "createNetworkOffering",
            [("name", name), ("traffictype", "Guest"), ("guestiptype", "Isolated"), ("enable", "true"), .. details]);
        made["details"]?["forgedtransmits"]!.GetValue<string>().ShouldBe(isGuarded ? null : "true");
        var network = await cloud.NetworkAsync(name, ("networkofferingid", made.IdOf()));
        var guest = await cloud.DeployAsync(network, name + "-guest");
        var card = (await cloud.SpecAsync(guest.IdOf())).Nics.ShouldHaveSingleItem();
        if (isGuarded) card.Guard.ShouldNotBeNull().Addresses.ShouldBe([guest["nic"]![0]!["ipaddress"]!.GetValue<string>()]);
        else card.Guard.ShouldBeNull();
        (await cloud.SpecAsync((await cloud.RouterIdAsync(network)).ToString())).Nics.ShouldAllBe(nic => nic.Guard == null);
    }

    [Theory]
    [InlineData("details[0].forgedtransmits", "perhaps", "true or false")]
    [InlineData("details[0].promiscuousmode", "true", "there is forgedtransmits")]
    public async Task Details_of_an_offering_that_nobody_knows_are_refused(string name, string value, string why) =>
        (await cloud.RefusedAsync(431, "createNetworkOffering", ("name", "odd"), ("traffictype", "Guest"), ("guestiptype", "Isolated"), (name, value)))
            .ShouldContain(why);

    [Fact]
    public async Task A_network_of_layer_2_carries_guests_without_router_or_addresses()
    {
        var offering = (await cloud.ShapeAsync("networkoffering", "createNetworkOffering",
            ("name", "wires"), ("traffictype", "Guest"), ("guestiptype", "L2"), ("enable", "true"))).IdOf();
        (await cloud.RefusedAsync(431, "createNetwork", ("name", "odd"), ("zoneid", cloud.Zone), ("networkofferingid", offering),
            ("gateway", "10.9.0.1"), ("netmask", "255.255.255.0"))).ShouldContain("no addresses of its own");
        var network = await cloud.NetworkAsync("wires", ("networkofferingid", offering));
        var shown = await cloud.ShapeAsync("network", "listNetworks", ("type", "L2"));
        (shown.IdOf(), shown["type"]!.GetValue<string>(), shown.ContainsKey("cidr"), shown["service"]!.AsArray().Count).ShouldBe((network, "L2", false, 0));
        (await cloud.RefusedAsync(431, "deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small),
            ("networkids", network), ("ipaddress", "10.1.1.9"))).ShouldContain("gives no addresses");
        var guest = await cloud.DeployAsync(network, "wired");
        var card = guest["nic"]![0]!.AsObject();
        (card["type"]!.GetValue<string>(), card.ContainsKey("ipaddress"), card.ContainsKey("gateway")).ShouldBe(("L2", false, false));
        (await cloud.SpecAsync(guest.IdOf())).Nics.ShouldHaveSingleItem().Guard.ShouldNotBeNull().Addresses.ShouldBeNull();
        (await cloud.CallAsync("listRouters", ("networkid", network), ("listall", "true"))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.RefusedAsync(431, "associateIpAddress", ("networkid", network))).ShouldContain("lacks the service SourceNat");
        (await cloud.JobAsync("restartNetwork", ("id", network), ("cleanup", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        await cloud.DoneAsync("virtualmachine", "destroyVirtualMachine", ("id", guest.IdOf()), ("expunge", "true"));
        (await cloud.JobAsync("deleteNetwork", ("id", network)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task An_offering_of_layer_2_has_no_services() =>
        (await cloud.RefusedAsync(431, "createNetworkOffering", ("name", "odd"), ("traffictype", "Guest"), ("guestiptype", "L2"), ("supportedservices", "Dhcp")))
            .ShouldContain("no router that could give Dhcp");

    [Fact]
    public async Task Names_with_control_characters_are_refused() =>
        (await cloud.CallAsync("createNetwork", ("name", "a\u0001b"), ("displaytext", "x"), ("zoneid", cloud.Zone), ("networkofferingid", cloud.NetworkOffering)))
            .Status.ShouldBeOneOf(430, 431);
}
