using System.Text.Json.Nodes;
using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

/// <summary>What a network is, changed in place: its offering, its name servers, its search domain.</summary>
public sealed class NetworkChangeTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private const string Plain = "Dhcp,Dns,SourceNat,UserData";

    private async Task<string> OfferingAsync(string name, params (string, string)[] more) => (await cloud.ShapeAsync("networkoffering", "createNetworkOffering",
        [("name", name), ("displaytext", name), ("traffictype", "Guest"), ("guestiptype", "Isolated"), ("enable", "true"), .. more])).IdOf();

    private Task<JsonObject> ChangeAsync(string network, params (string, string)[] change) => cloud.DoneAsync("network", "updateNetwork", [("id", network), .. change]);

    private async Task<string> RefusedAsync(string network, params (string, string)[] change) => await cloud.RefusedAsync(431, "updateNetwork", [("id", network), .. change]);

    [Fact]
    public async Task It_gets_another_offering_while_it_serves()
    {
        var (network, guest) = await cloud.WithGuestAsync("refit");
        var address = (await cloud.AcquireAsync(network)).IdOf();
        var plain = await OfferingAsync("plain", ("supportedservices", Plain));
        var closed = await OfferingAsync("closed", ("egressdefaultpolicy", "false"));
        var rule = (await cloud.DoneAsync("portforwardingrule", "createPortForwardingRule", ("ipaddressid", address), ("protocol", "tcp"), ("publicport", "80"), ("privateport", "80"),
            ("virtualmachineid", guest), ("openfirewall", "false"))).IdOf();
        (await RefusedAsync(network, ("networkofferingid", plain)))
            .ShouldContain("The network refit has 1 port forwarding rule, and the network offering plain lacks PortForwarding; delete it first, or choose another.");
        (await cloud.JobAsync("deletePortForwardingRule", ("id", rule)))["jobstatus"]!.GetValue<int>().ShouldBe(1);

        var router = await cloud.RouterAsync(network);
        var changed = await ChangeAsync(network, ("networkofferingid", plain), ("name", "refitted"), ("networkdomain", "refit.example"));
        (changed["networkofferingname"]!.GetValue<string>(), changed["name"]!.GetValue<string>(), changed["networkdomain"]!.GetValue<string>()).ShouldBe(("plain", "refitted", "refit.example"));
        changed["service"]!.AsArray().Select(s => s!["name"]!.GetValue<string>()).ShouldBe(Plain.Split(','), ignoreOrder: true);
        (await cloud.RouterFileAsync(network, "dnsmasq.conf")).ShouldContain("refit.example");
        (await cloud.RefusedAsync(431, "createFirewallRule", ("ipaddressid", address), ("protocol", "all"))).ShouldContain("lacks the service Firewall");

        (await cloud.RouterFileAsync(network, "nft.rules")).ShouldContain("  chain egress {\n    accept\n  }\n");
        await ChangeAsync(network, ("networkofferingid", closed));
        (await cloud.RouterFileAsync(network, "nft.rules")).ShouldContain("  chain egress {\n    drop\n  }\n");
        (await cloud.RouterAsync(network))["name"]!.GetValue<string>().ShouldBe(router["name"]!.GetValue<string>(), "it serves on");
        await cloud.DoneAsync("firewallrule", "createEgressFirewallRule", ("networkid", network), ("protocol", "tcp"), ("startport", "25"));
        (await RefusedAsync(network, ("networkofferingid", cloud.NetworkOffering))).ShouldContain("has 1 egress rule, and the network offering isolated treats what guests send otherwise");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Offerings_of_another_kind_are_refused()
    {
        var network = await cloud.NetworkAsync("kind");
        var layer2 = (await cloud.ShapeAsync("networkoffering", "createNetworkOffering", ("name", "wires"), ("displaytext", "wires"), ("traffictype", "Guest"), ("guestiptype", "L2"), ("enable", "true"))).IdOf();
        (await RefusedAsync(network, ("networkofferingid", layer2))).ShouldContain("is for L2 networks, and kind is one of Isolated networks");
        (await RefusedAsync(network, ("networkofferingid", await cloud.TierOfferingAsync()))).ShouldContain("is for tiers of VPCs");
        (await RefusedAsync(network, ("networkofferingid", await OfferingAsync("no-way-out", ("supportedservices", "Dhcp,Dns"))))).ShouldContain("lacks SourceNat");
        var disabled = await OfferingAsync("disabled");
        (await cloud.CallAsync("updateNetworkOffering", ("id", disabled), ("state", "Disabled"))).ShouldBe(200);
        (await RefusedAsync(network, ("networkofferingid", disabled))).ShouldContain("is disabled");
        (await cloud.ShapeAsync("network", "listNetworks", ("id", network)))["networkofferingname"]!.GetValue<string>().ShouldBe("isolated");
    }

    [Fact]
    public async Task One_that_becomes_persistent_waits_for_no_guest()
    {
        var network = await cloud.NetworkAsync("early");
        var changed = await ChangeAsync(network, ("networkofferingid", await OfferingAsync("lasting", ("ispersistent", "true"))));
        (changed["state"]!.GetValue<string>(), changed["ispersistent"]!.GetValue<bool>()).ShouldBe(("Implemented", true));
        (await cloud.RouterAsync(network))["state"]!.GetValue<string>().ShouldBe("Running");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task What_its_router_refuses_is_not_changed()
    {
        var (network, _) = await cloud.WithGuestAsync("unchanged");
        var other = await OfferingAsync("other");
        var job = await cloud.WhileRefusingAsync(await cloud.RouterIdAsync(network), "dnsmasq", "bad server",
            () => cloud.JobAsync("updateNetwork", ("id", network), ("dns1", "192.0.2.53"), ("networkofferingid", other)));
        job["jobresult"]!["errortext"]!.GetValue<string>().ShouldContain("dnsmasq refused the new one (bad server)");
        var kept = await cloud.ShapeAsync("network", "listNetworks", ("id", network));
        (kept["dns1"]!.GetValue<string>(), kept["networkofferingname"]!.GetValue<string>()).ShouldBe(("9.9.9.9", "isolated"));
        await ChangeAsync(network, ("dns1", "192.0.2.54"));
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Its_router_asks_the_name_servers_that_are_said()
    {
        var network = await cloud.NetworkAsync("names", ("dns1", "192.0.2.53"), ("dns2", "192.0.2.54"));
        await cloud.DeployAsync(network, "names-guest");
        (await ServersAsync(network)).ShouldBe(["192.0.2.53", "192.0.2.54"]);
        var changed = await ChangeAsync(network, ("dns1", "192.0.2.55"));
        (changed["dns1"]!.GetValue<string>(), changed["dns2"]).ShouldBe(("192.0.2.55", null));
        (await ServersAsync(network)).ShouldBe(["192.0.2.55"]);
        (await ChangeAsync(network, ("dns1", "")))["dns1"]!.GetValue<string>().ShouldBe("9.9.9.9", "the zone's again");
        (await ServersAsync(network)).ShouldBe(["9.9.9.9"]);
    }

    [Fact]
    public async Task A_vpc_has_them_for_all_its_tiers()
    {
        var vpc = await cloud.VpcAsync("asking", 77, ("dns1", "192.0.2.53"));
        (await cloud.ShapeAsync("vpc", "listVPCs", ("id", vpc)))["dns1"]!.GetValue<string>().ShouldBe("192.0.2.53");
        var tier = await cloud.TierAsync(vpc, "asking", "10.77.1.1");
        await cloud.DeployAsync(tier, "asking-guest");
        (await ServersAsync(tier)).ShouldBe(["192.0.2.53"]);
        (await cloud.ShapeAsync("network", "listNetworks", ("id", tier)))["dns1"]!.GetValue<string>().ShouldBe("192.0.2.53");
        (await RefusedAsync(tier, ("dns1", "192.0.2.54"))).ShouldContain("Tiers have the name servers of their VPC");
    }

    [Theory]
    [InlineData("dns1", "127.0.0.1", "dns1 127.0.0.1 is not the IPv4 address of a host")]
    [InlineData("dns1", "224.0.0.251", "not the IPv4 address of a host")]
    [InlineData("dns1", "dns.example", "dns1 dns.example is not an IPv4 address")]
    [InlineData("dns1", "192.0.2.1\nserver=/x/", "not an IPv4 address")]
    [InlineData("dns2", "192.0.2.54", "give dns1 too")]
    [InlineData("networkdomain", "-bad-", "networkdomain")]
    public async Task What_no_router_should_ask_is_refused(string parameter, string value, string why)
    {
        var network = await cloud.NetworkAsync("odd");
        (await RefusedAsync(network, (parameter, value))).ShouldContain(why);
    }

    private async Task<string[]> ServersAsync(string network) =>
        [.. (await cloud.RouterFileAsync(network, "dnsmasq.conf")).Split('\n').Where(line => line.StartsWith("server=", StringComparison.Ordinal)).Select(line => line["server=".Length..])];
}
