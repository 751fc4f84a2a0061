using Stratiform.Management.Networking;
using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

/// <summary>Networks of whose range guests have a part.</summary>
public sealed class GuestRangeTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task Guests_get_addresses_of_the_part_alone_until_it_is_lifted()
    {
        var network = await cloud.NetworkAsync("parted");
        var reserved = await cloud.DoneAsync("network", "updateNetwork", ("id", network), ("guestvmcidr", "10.1.1.128/30"));
        (reserved["cidr"]!.GetValue<string>(), reserved["networkcidr"]!.GetValue<string>(), reserved["reservediprange"]!.GetValue<string>())
            .ShouldBe(("10.1.1.128/30", "10.1.1.0/24", "10.1.1.0-10.1.1.127, 10.1.1.132-10.1.1.255"));
        var given = new List<string>();
        for (var i = 0; i < 4; i++) given.Add((await cloud.DeployAsync(network, $"parted-{i}"))["nic"]![0]!["ipaddress"]!.GetValue<string>());
        given.ShouldBe(["10.1.1.128", "10.1.1.129", "10.1.1.130", "10.1.1.131"], ignoreOrder: true);
        (await cloud.JobAsync("deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small), ("networkids", network)))["jobresultcode"]!.GetValue<int>().ShouldBe(533);
        (await cloud.RefusedAsync(431, "deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small), ("networkids", network), ("ipaddress", "10.1.1.9")))
            .ShouldContain("is not one that guests of parted");
        (await cloud.RouterFileAsync(network, "dnsmasq.conf")).ShouldContain(",10.1.1.0,static,255.255.255.0,");

        (await cloud.RefusedAsync(537, "updateNetwork", ("id", network), ("guestvmcidr", "10.1.1.0/25"))).ShouldContain("10.1.1.128, 10.1.1.129, 10.1.1.130, 10.1.1.131 of parted would be outside of 10.1.1.0/25");
        var lifted = await cloud.DoneAsync("network", "updateNetwork", ("id", network), ("guestvmcidr", "10.1.1.0/24"));
        (lifted["cidr"]!.GetValue<string>(), lifted["networkcidr"], lifted["reservediprange"]).ShouldBe(("10.1.1.0/24", null, null));
        await cloud.DeployAsync(network, "parted-later", ("ipaddress", "10.1.1.9"));
        await cloud.ShouldBeCleanAsync();
    }

    [Theory]
    [InlineData("10.1.0.0/16", "is no part of the network")]
    [InlineData("10.2.1.0/25", "is no part of the network")]
    [InlineData("10.1.1.1/32", "has no address for guests")]
    [InlineData("10.1.1.255/32", "has no address for guests")]
    [InlineData("nowhere", "nowhere")]
    public async Task What_is_no_part_for_guests_is_refused(string part, string why) =>
        (await cloud.RefusedAsync(431, "updateNetwork", ("id", await cloud.NetworkAsync("whole")), ("guestvmcidr", part))).ShouldContain(why);

    [Fact]
    public async Task A_shared_networks_router_has_the_address_that_is_said()
    {
        var kind = (await cloud.ShapeAsync("networkoffering", "createNetworkOffering", ("name", "campus"), ("traffictype", "Guest"), ("guestiptype", "Shared"), ("enable", "true"))).IdOf();
        (string, string)[] Campus(string name, string vlan, string router) => [("name", name), ("zoneid", cloud.Zone), ("networkofferingid", kind), ("vlan", vlan),
            ("gateway", "192.168.7.1"), ("netmask", "255.255.255.0"), ("startip", "192.168.7.20"), ("endip", "192.168.7.22"), ("routerip", router)];
        foreach (var (vlan, router) in new[] { ("7001", "192.168.7.21"), ("7002", "192.168.7.99") })
        {
            var network = (await cloud.ShapeAsync("network", "createNetwork", Campus("campus-" + vlan, vlan, router))).IdOf();
            (await cloud.RefusedAsync(431, "deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small), ("networkids", network), ("ipaddress", router)))
                .ShouldContain(router);
            var first = await cloud.DeployAsync(network, "campus-first-" + vlan);
            await cloud.DeployAsync(network, "campus-second-" + vlan);
            first["nic"]![0]!["ipaddress"]!.GetValue<string>().ShouldNotBe(router);
            (await cloud.RouterFileAsync(network, "interfaces")).ShouldContain($" guest {router}/24 ");
        }
        await cloud.ShouldBeCleanAsync();
        (await cloud.RefusedAsync(431, "createNetwork", Campus("astray", "7003", "192.168.8.1"))).ShouldContain("is not one that a router");
        (await cloud.RefusedAsync(431, "createNetwork", Campus("way-out", "7003", "192.168.7.1"))).ShouldContain("is the way out");
        (await cloud.RefusedAsync(431, "createNetwork", ("name", "own"), ("zoneid", cloud.Zone), ("networkofferingid", cloud.NetworkOffering), ("routerip", "10.1.1.2"))).ShouldContain("so give gateway");
    }

    [Fact]
    public async Task One_that_is_hidden_is_in_no_tenants_list()
    {
        var tenant = await cloud.TenantAsync("unseen");
        (string, string)[] of = [("zoneid", cloud.Zone), ("networkofferingid", cloud.NetworkOffering), ("account", "unseen"), ("domainid", tenant.Domain.Id.ToString())];
        var network = await cloud.ShapeAsync("network", "createNetwork", [("name", "hidden"), ("displaynetwork", "false"), .. of]);
        network["displaynetwork"]!.GetValue<bool>().ShouldBeFalse();
        (await cloud.AsAsync(tenant.Keys, "listNetworks")).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.CallAsync("listNetworks", ("listall", "true"), ("displaynetwork", "false"))).ShouldBe(200).Body["network"]!.AsArray().ShouldHaveSingleItem();
        (await cloud.CallAsync("listNetworks", ("listall", "true"), ("keyword", "hidden"), ("displaynetwork", "true"))).ShouldBe(200).Body.Count.ShouldBe(0);
        await cloud.DoneAsync("network", "updateNetwork", ("id", network.IdOf()), ("displaynetwork", "true"));
        var seen = (await cloud.AsAsync(tenant.Keys, "listNetworks")).ShouldBe(200).Body["network"]!.AsArray().ShouldHaveSingleItem()!.AsObject();
        seen.ContainsKey("displaynetwork").ShouldBeFalse();
        (await cloud.AsAsync(tenant.Keys, "updateNetwork", ("id", network.IdOf()), ("displaynetwork", "false"))).Status.ShouldNotBe(200);
    }

    [Fact]
    public async Task Lists_find_networks_by_their_place_and_count_them()
    {
        var (network, _) = await cloud.WithGuestAsync("placed");
        var vlan = (await cloud.ShapeAsync("network", "listNetworks", ("id", network)))["vlan"]!.GetValue<string>();
        foreach (var place in new[] { vlan, "vxlan://" + vlan }) (await cloud.ShapeAsync("network", "listNetworks", ("vlan", place))).IdOf().ShouldBe(network);
        (await cloud.CallAsync("listNetworks", ("vlan", "untagged"))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.CallAsync("listNetworks", ("vlan", "nowhere"))).ShouldBe(200).Body.Count.ShouldBe(0);
        var counted = (await cloud.CallAsync("listNetworks", ("id", network), ("retrieveonlyresourcecount", "true"))).ShouldBe(200).Body;
        (counted["count"]!.GetValue<int>(), (counted["network"] as System.Text.Json.Nodes.JsonArray)?.Count ?? 0).ShouldBe((1, 0));
        (await cloud.CallAsync("listNetworks", ("restartrequired", "true"))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.CallAsync("listVPCs", ("restartrequired", "true"))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.CallAsync("listVPCOfferings", ("isdefault", "true"))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.ShapeAsync("router", "listRouters", ("networkid", network), ("arch", "x86_64")))["arch"]!.GetValue<string>().ShouldBe("x86_64");
        (await cloud.CallAsync("listRouters", ("networkid", network), ("arch", "i386"))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.RefusedAsync(431, "listRouters", ("arch", "vax\"}"))).ShouldContain("there are x86_64 and i386");
        var router = (await cloud.RouterAsync(network)).IdOf();
        (await cloud.JobAsync("stopRouter", ("id", router)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("listRouters", ("id", router), ("arch", "x86_64"))).ShouldBe(200).Body.Count.ShouldBe(0, "it is open while it is off");
    }

    [Fact]
    public void What_guests_do_not_have_is_told_on_both_sides() =>
        GuestRanges.Within(System.Net.IPNetwork.Parse("10.1.1.64/26"), 0x0A010101, 0x0A0101FD).ShouldBe((0x0A010140u, 0x0A01017Fu));

    [Fact]
    public async Task Pods_and_clusters_have_their_own_capacity()
    {
        var host = await cloud.ShapeAsync("cluster", "listClusters");
        var (pod, cluster) = (host["podid"]!.GetValue<string>(), host.IdOf());
        async Task<Dictionary<int, System.Text.Json.Nodes.JsonNode>> Rows(params (string, string)[] of) =>
            ((await cloud.CallAsync("listCapacity", of)).ShouldBe(200).Body["capacity"]?.AsArray() ?? []).ToDictionary(c => c!["type"]!.GetValue<int>(), c => c!);
        var (zone, byPod, byCluster) = (await Rows(("zoneid", cloud.Zone)), await Rows(("podid", pod)), await Rows(("clusterid", cluster)));
        byCluster.Keys.ShouldBe([0, 1, 2, 3]);
        foreach (var (type, row) in byCluster)
        {
            row["capacitytotal"]!.GetValue<long>().ShouldBe(zone[type]["capacitytotal"]!.GetValue<long>());
            row["capacitytotal"]!.GetValue<long>().ShouldBe(byPod[type]["capacitytotal"]!.GetValue<long>());
            (row["podid"]!.GetValue<string>(), row["clusterid"]!.GetValue<string>(), byPod[type]["clusterid"]).ShouldBe((pod, cluster, null));
        }
        byCluster[0]["capacitytotal"]!.GetValue<long>().ShouldBeGreaterThan(0);
        (await Rows(("podid", pod), ("clusterid", cluster), ("type", "1"))).Keys.ShouldBe([1]);
        (await cloud.RefusedAsync(431, "listCapacity", ("podid", Guid.Empty.ToString()))).ShouldContain("podid");
    }
}
