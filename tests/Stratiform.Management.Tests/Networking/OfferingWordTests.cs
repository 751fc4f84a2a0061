using System.Text.Json.Nodes;
using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

/// <summary>What offerings of networks and VPCs say beside their services.</summary>
public sealed class OfferingWordTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private static readonly (string, string)[] Kind = [("traffictype", "Guest"), ("guestiptype", "Isolated"), ("enable", "true")];

    private Task<JsonObject> OfferingAsync(string name, params (string, string)[] more) => cloud.ShapeAsync("networkoffering", "createNetworkOffering", [("name", name), .. Kind, .. more]);

    private Task<string> RefusedAsync(params (string, string)[] more) => cloud.RefusedAsync(431, "createNetworkOffering", [("name", "odd"), ("traffictype", "Guest"), .. more]);

    [Fact]
    public async Task Who_has_no_network_gets_one_of_the_required_offering()
    {
        var kind = await OfferingAsync("begin", ("availability", "Required"));
        kind["availability"]!.GetValue<string>().ShouldBe("Required");
        (await cloud.ShapeAsync("networkoffering", "listNetworkOfferings", ("availability", "required"))).IdOf().ShouldBe(kind.IdOf());
        (await RefusedAsync([.. Kind[1..], ("availability", "Required")])).ShouldContain("The network offering begin is required already");

        var tenant = await cloud.TenantAsync("beginner");
        (string, string)[] guest = [("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small)];
        (await cloud.JobAsAsync(tenant.Keys, "deployVirtualMachine", guest))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        var network = (await cloud.AsAsync(tenant.Keys, "listNetworks")).ShouldBe(200).Body["network"]!.AsArray().ShouldHaveSingleItem()!;
        (network["name"]!.GetValue<string>(), network["networkofferingname"]!.GetValue<string>(), network["state"]!.GetValue<string>()).ShouldBe(("beginner-network", "begin", "Implemented"));
        (await cloud.JobAsAsync(tenant.Keys, "deployVirtualMachine", guest))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.AsAsync(tenant.Keys, "listNetworks")).ShouldBe(200).Body["network"]!.AsArray().Count.ShouldBe(1, "the second guest is in the first one's");

        (await cloud.ShapeAsync("networkoffering", "updateNetworkOffering", ("id", kind.IdOf()), ("availability", "Optional")))["availability"]!.GetValue<string>().ShouldBe("Optional");
        var other = await cloud.TenantAsync("wanderer");
        (await cloud.AsAsync(other.Keys, "deployVirtualMachine", guest)).ShouldBe(431).ErrorText.ShouldNotBeNull().ShouldContain("has no network");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Two_first_guests_at_once_share_one_network()
    {
        var kind = await OfferingAsync("begin-at-once", ("availability", "Required"));
        var tenant = await cloud.TenantAsync("twins");
        (string, string)[] guest = [("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small), ("startvm", "false")];
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => cloud.AsAsync(tenant.Keys, "deployVirtualMachine", guest)));
        (await cloud.AsAsync(tenant.Keys, "listNetworks")).ShouldBe(200).Body["network"]!.AsArray().Count.ShouldBe(1);
        (await cloud.CallAsync("updateNetworkOffering", ("id", kind.IdOf()), ("availability", "Optional"))).ShouldBe(200);
    }

    [Fact]
    public async Task Load_balancers_hold_as_much_as_their_networks_offering_says()
    {
        var kind = await OfferingAsync("bounded", ("maxconnections", "50"), ("keepaliveenabled", "false"));
        kind["maxconnections"]!.GetValue<int>().ShouldBe(50);
        var network = await cloud.NetworkAsync("bounded", ("networkofferingid", kind.IdOf()));
        await cloud.DeployAsync(network, "bounded-guest");
        var address = (await cloud.AcquireAsync(network)).IdOf();
        await cloud.DoneAsync("loadbalancer", "createLoadBalancerRule", ("name", "http"), ("publicipid", address), ("publicport", "80"), ("privateport", "80"), ("algorithm", "roundrobin"));
        await cloud.DoneAsync("loadbalancer", "createLoadBalancerRule", ("name", "tcp"), ("publicipid", address), ("publicport", "25"), ("privateport", "25"), ("algorithm", "roundrobin"));
        var config = await cloud.RouterFileAsync(network, "haproxy.cfg");
        config.ShouldContain("global\n    maxconn 50\n");
        config.Split("    maxconn 50\n").Length.ShouldBe(4, "in all, and of each");
        config.Split("    mode http\n    balance roundrobin\n    maxconn 50\n    option httpclose\n").Length.ShouldBe(2, "only HTTP has answers after which to close");
        (await cloud.ShapeAsync("networkoffering", "updateNetworkOffering", ("id", kind.IdOf()), ("maxconnections", "60"), ("keepaliveenabled", "true")))["maxconnections"]!.GetValue<int>().ShouldBe(60);
        await cloud.ShouldBeCleanAsync();
        await cloud.EventuallyAsync(async () => (await cloud.RouterFileAsync(network, "haproxy.cfg")).Contains("global\n    maxconn 60\n", StringComparison.Ordinal));
        (await cloud.RouterFileAsync(network, "haproxy.cfg")).ShouldNotContain("httpclose");
    }

    [Fact]
    public async Task Routers_are_made_of_what_the_offering_says()
    {
        var size = (await cloud.ShapeAsync("serviceoffering", "createServiceOffering", ("name", "roomy"), ("cpunumber", "2"), ("cpuspeed", "600"), ("memory", "512"),
            ("issystem", "true"), ("systemvmtype", "domainrouter"))).IdOf();
        var kind = await OfferingAsync("roomy", ("serviceofferingid", size));
        kind["serviceofferingid"]!.GetValue<string>().ShouldBe(size);
        var network = await cloud.NetworkAsync("roomy", ("networkofferingid", kind.IdOf()));
        await cloud.DeployAsync(network, "roomy-guest");
        var router = await cloud.RouterAsync(network);
        router["serviceofferingid"]!.GetValue<string>().ShouldBe(size);
        (await cloud.SpecAsync(router.IdOf())).MemoryMib.ShouldBe(512);

        var vpcs = (await cloud.DoneAsync("vpcoffering", "createVPCOffering", ("name", "roomy-vpcs"), ("enable", "true"), ("serviceofferingid", size))).IdOf();
        var vpc = await cloud.VpcAsync("roomy-vpc", 81, ("vpcofferingid", vpcs));
        var tier = await cloud.TierAsync(vpc, "roomy-tier", "10.81.1.1");
        await cloud.DeployAsync(tier, "roomy-tier-guest");
        (await cloud.SpecAsync((await cloud.RouterAsync(tier)).IdOf())).MemoryMib.ShouldBe(512);
        (await RefusedAsync(("guestiptype", "Isolated"), ("serviceofferingid", cloud.Small))).ShouldContain("is not for routers");
        (await RefusedAsync(("guestiptype", "L2"), ("serviceofferingid", size))).ShouldContain("has no router");
        (await RefusedAsync(("guestiptype", "Isolated"), ("forvpc", "true"), ("serviceofferingid", size))).ShouldContain("createVPCOffering");
    }

    [Fact]
    public async Task An_address_leads_into_one_tier_where_the_offering_says_so()
    {
        var kind = await cloud.DoneAsync("vpcoffering", "createVPCOffering", ("name", "one-each"), ("enable", "true"), ("conservemode", "false"));
        kind["conservemode"]!.GetValue<bool>().ShouldBeFalse();
        foreach (var (offering, number, isRefused) in new[] { (kind.IdOf(), 82, true), ("", 83, false) })
        {
            var vpc = await cloud.VpcAsync($"conserving-{number}", number, offering.Length > 0 ? [("vpcofferingid", offering)] : []);
            var address = (await cloud.DoneAsync("ipaddress", "associateIpAddress", ("vpcid", vpc))).IdOf();
            var (web, db) = (await cloud.TierAsync(vpc, $"web-{number}", $"10.{number}.1.1"), await cloud.TierAsync(vpc, $"db-{number}", $"10.{number}.2.1"));
            (string, string)[] Balancer(string tier, int port) => [("name", $"b-{number}-{port}"), ("publicipid", address), ("networkid", tier), ("publicport", $"{port}"), ("privateport", "80"), ("algorithm", "source")];
            await cloud.DoneAsync("loadbalancer", "createLoadBalancerRule", Balancer(web, 80));
            await cloud.DoneAsync("loadbalancer", "createLoadBalancerRule", Balancer(web, 81));
            if (isRefused) (await cloud.RefusedAsync(537, "createLoadBalancerRule", Balancer(db, 82))).ShouldContain($"leads into the tier web-{number}");
            else await cloud.DoneAsync("loadbalancer", "createLoadBalancerRule", Balancer(db, 82));
        }
    }

    [Fact]
    public async Task Lists_show_them_by_their_sort_keys()
    {
        var (late, early) = ((await OfferingAsync("sorted-a")).IdOf(), (await OfferingAsync("sorted-b")).IdOf());
        (await cloud.CallAsync("updateNetworkOffering", ("id", early), ("sortkey", "-5"))).ShouldBe(200);
        (await cloud.CallAsync("listNetworkOfferings", ("keyword", "sorted-"))).ShouldBe(200).Body["networkoffering"]!.AsArray().Select(o => o!.AsObject().IdOf()).ShouldBe([early, late]);
        var vpcs = (await cloud.DoneAsync("vpcoffering", "createVPCOffering", ("name", "sorted-vpcs-a"))).IdOf();
        var first = (await cloud.DoneAsync("vpcoffering", "createVPCOffering", ("name", "sorted-vpcs-b"))).IdOf();
        await cloud.DoneAsync("vpcoffering", "updateVPCOffering", ("id", first), ("sortkey", "-1"));
        (await cloud.CallAsync("listVPCOfferings", ("keyword", "sorted-vpcs"))).ShouldBe(200).Body["vpcoffering"]!.AsArray().Select(o => o!.AsObject().IdOf()).ShouldBe([first, vpcs]);
    }

    [Theory]
    [InlineData("Isolated", "specifyvlan", "true", "The cloud chooses where Isolated networks are")]
    [InlineData("Shared", "specifyipranges", "false", "use specifyipranges=true")]
    [InlineData("Isolated", "internetprotocol", "dualstack", "networks have IPv4")]
    [InlineData("Isolated", "maxconnections", "0", "between 1 and")]
    [InlineData("L2", "maxconnections", "10", "add Lb to supportedservices")]
    [InlineData("L2", "availability", "Required", "type Isolated with SourceNat")]
    public async Task What_its_networks_cannot_be_is_refused(string type, string parameter, string value, string why) =>
        (await RefusedAsync(("guestiptype", type), (parameter, value))).ShouldContain(why);

    [Fact]
    public async Task What_its_networks_are_may_be_said()
    {
        var kind = await cloud.ShapeAsync("networkoffering", "createNetworkOffering", ("name", "said"), ("traffictype", "Guest"), ("guestiptype", "Shared"),
            ("specifyvlan", "true"), ("specifyipranges", "true"), ("internetprotocol", "ipv4"), ("availability", "optional"));
        (kind["internetprotocol"]!.GetValue<string>(), kind["availability"]!.GetValue<string>()).ShouldBe(("IPv4", "Optional"));
        await cloud.DoneAsync("vpcoffering", "createVPCOffering", ("name", "said-vpcs"), ("internetprotocol", "IPv4"),
            ("servicecapabilitylist[0].service", "SourceNat"), ("servicecapabilitylist[0].capabilitytype", "RedundantRouter"), ("servicecapabilitylist[0].capabilityvalue", "false"));
        (await cloud.RefusedAsync(431, "createVPCOffering", ("name", "spread"), ("servicecapabilitylist[0].service", "Connectivity"),
            ("servicecapabilitylist[0].capabilitytype", "DistributedRouter"), ("servicecapabilitylist[0].capabilityvalue", "true"))).ShouldContain("DistributedRouter can only be false");
    }
}
