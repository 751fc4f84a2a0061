using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

public sealed class StaticRouteTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task A_route_leads_by_a_guest_until_it_is_deleted()
    {
        var vpc = await cloud.VpcAsync("routing", 40);
        var tier = await cloud.TierAsync(vpc, "gateways", "10.40.1.1");
        await cloud.DeployAsync(tier, "appliance", ("ipaddress", "10.40.1.209"));
        var route = await cloud.DoneAsync("staticroute", "createStaticRoute", ("vpcid", vpc), ("cidr", "192.168.7.9/24"), ("nexthop", "10.40.1.209"));
        (Text("cidr"), Text("nexthop"), Text("state"), Text("vpcid")).ShouldBe(("192.168.7.0/24", "10.40.1.209", "Active", vpc));
        (await cloud.RouterFileAsync(tier, "routes")).ShouldBe("192.168.7.0/24 10.40.1.209\n");
        (await cloud.RouterFileAsync(tier, "nft.rules")).ShouldContain("ip saddr != { 10.40.1.0/24, 192.168.7.0/24 } drop");
        (await cloud.ShapeAsync("staticroute", "listStaticRoutes", ("vpcid", vpc))).IdOf().ShouldBe(route.IdOf());
        (await Refused(537, "192.168.7.0/24", "10.40.1.209")).ShouldContain(route.IdOf());

        (await cloud.JobAsync("deleteStaticRoute", ("id", route.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.RouterFileAsync(tier, "routes")).ShouldBeNull();
        (await cloud.RouterFileAsync(tier, "nft.rules")).ShouldNotContain("192.168.7.0");
        await cloud.ShouldBeCleanAsync();

        string Text(string field) => route[field]!.GetValue<string>();
        Task<string> Refused(int code, string cidr, string nextHop) =>
            cloud.RefusedAsync(code, "createStaticRoute", ("vpcid", vpc), ("cidr", cidr), ("nexthop", nextHop));
    }

    [Fact]
    public async Task What_a_router_could_not_lead_to_is_refused_and_so_are_strangers()
    {
        var vpc = await cloud.VpcAsync("astray", 41);
        await cloud.TierAsync(vpc, "only", "10.41.1.1");
        foreach (var cidr in new[] { "0.0.0.0/0", "127.0.0.0/16", "169.254.169.254/32", "239.0.0.0/8" })
            (await Refused(cidr, "10.41.1.9")).ShouldContain("none that a static route can lead to");
        (await Refused("10.41.128.0/24", "10.41.1.9")).ShouldContain("overlaps 10.41.0.0/16");
        (await Refused("10.0.0.0/8", "10.41.1.9")).ShouldContain("overlaps 10.41.0.0/16");
        (await Refused("192.168.7.0/24", "10.41.2.9")).ShouldContain("no address in a tier");
        (await Refused("192.168.7.0/24", "10.41.1.1")).ShouldContain("no address in a tier");
        (await Refused("192.168.7.0/24\n10.0.0.0/8", "10.41.1.9")).ShouldContain("is not an IPv4 network");
        var stranger = await cloud.TenantAsync("stranger-to-routes");
        (await cloud.AsAsync(stranger.Keys, "createStaticRoute", ("vpcid", vpc), ("cidr", "192.168.7.0/24"), ("nexthop", "10.41.1.9"))).ShouldBe(431).ErrorText!.ShouldContain(vpc);

        var route = await cloud.DoneAsync("staticroute", "createStaticRoute", ("vpcid", vpc), ("cidr", "192.168.7.0/24"), ("nexthop", "10.41.1.9"));
        (await cloud.AsAsync(stranger.Keys, "deleteStaticRoute", ("id", route.IdOf()))).ShouldBe(431).ErrorText!.ShouldContain(route.IdOf());
        (await cloud.AsAsync(stranger.Keys, "listStaticRoutes", ("vpcid", vpc))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.RefusedAsync(536, "deleteVPC", ("id", vpc))).ShouldContain("tier");

        async Task<string> Refused(string cidr, string nextHop) => await cloud.RefusedAsync(431, "createStaticRoute", ("vpcid", vpc), ("cidr", cidr), ("nexthop", nextHop));
    }

    [Fact]
    public async Task Routes_go_with_their_vpc()
    {
        var vpc = await cloud.VpcAsync("leaving", 42);
        var tier = await cloud.TierAsync(vpc, "short", "10.42.1.1");
        await cloud.DoneAsync("staticroute", "createStaticRoute", ("vpcid", vpc), ("cidr", "192.168.7.0/24"), ("nexthop", "10.42.1.9"));
        (await cloud.JobAsync("deleteNetwork", ("id", tier)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.JobAsync("deleteVPC", ("id", vpc)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("listStaticRoutes", ("listall", "true"))).Body["staticroute"]?.AsArray().Where(r => r!["vpcid"]!.GetValue<string>() == vpc).ShouldBeEmpty();
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_route_and_the_far_end_of_a_vpn_keep_apart()
    {
        var vpc = await cloud.VpcAsync("split", 43);
        await cloud.TierAsync(vpc, "split", "10.43.1.1");
        var near = await cloud.DoneAsync("vpngateway", "createVpnGateway", ("vpcid", vpc));
        var far = await FarAsync("createVpnCustomerGateway", "172.16.43.0/24");
        var route = await cloud.DoneAsync("staticroute", "createStaticRoute", ("vpcid", vpc), ("cidr", "172.16.43.128/25"), ("nexthop", "10.43.1.9"));
        (string, string)[] connect = [("s2svpngatewayid", near.IdOf()), ("s2scustomergatewayid", far.IdOf())];
        (await cloud.RefusedAsync(537, "createVpnConnection", connect)).ShouldContain(route.IdOf());

        (await cloud.JobAsync("deleteStaticRoute", ("id", route.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        await cloud.DoneAsync("vpnconnection", "createVpnConnection", connect);
        (await cloud.RefusedAsync(537, "createStaticRoute", ("vpcid", vpc), ("cidr", "172.16.0.0/16"), ("nexthop", "10.43.1.9"))).ShouldContain("far-43");
        // A far end that changes later is no way around.
        await cloud.DoneAsync("staticroute", "createStaticRoute", ("vpcid", vpc), ("cidr", "192.168.43.0/24"), ("nexthop", "10.43.1.9"));
        var job = await cloud.JobAsync("updateVpnCustomerGateway", [("id", far.IdOf()), .. Far("192.168.0.0/16")]);
        job["jobstatus"]!.GetValue<int>().ShouldBe(2);
        job.ToJsonString().ShouldContain("192.168.43.0/24");

        Task<System.Text.Json.Nodes.JsonObject> FarAsync(string command, string cidrs) => cloud.DoneAsync("vpncustomergateway", command, Far(cidrs));
        static (string, string)[] Far(string cidrs) => [("name", "far-43"), ("gateway", "198.51.100.43"), ("cidrlist", cidrs), ("ipsecpsk", "known-to-both"),
            ("ikepolicy", "aes128-sha256;modp2048"), ("esppolicy", "aes256-sha1")];
    }

    [Fact]
    public async Task A_next_hop_is_somebody()
    {
        var vpc = await cloud.VpcAsync("nobody", 44);
        await cloud.TierAsync(vpc, "nobody", "10.44.1.1");
        foreach (var nobody in new[] { "10.44.1.0", "10.44.1.255" })
            (await cloud.RefusedAsync(431, "createStaticRoute", ("vpcid", vpc), ("cidr", "192.168.7.0/24"), ("nexthop", nobody))).ShouldContain("no address");
    }

    [Fact]
    public async Task A_route_goes_with_the_tier_that_it_leads_by()
    {
        var vpc = await cloud.VpcAsync("shrinking", 45);
        var tier = await cloud.TierAsync(vpc, "going", "10.45.1.1");
        await cloud.TierAsync(vpc, "staying", "10.45.2.1");
        await cloud.DoneAsync("staticroute", "createStaticRoute", ("vpcid", vpc), ("cidr", "192.168.7.0/24"), ("nexthop", "10.45.1.9"));
        var other = await cloud.DoneAsync("staticroute", "createStaticRoute", ("vpcid", vpc), ("cidr", "192.168.8.0/24"), ("nexthop", "10.45.2.9"));
        (await cloud.JobAsync("deleteNetwork", ("id", tier)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.ShapeAsync("staticroute", "listStaticRoutes", ("vpcid", vpc))).IdOf().ShouldBe(other.IdOf());
        (await cloud.RefusedAsync(431, "createStaticRoute", ("vpcid", vpc), ("cidr", "192.168.7.0/24"), ("nexthop", "10.45.1.9"))).ShouldContain("no address");
    }
}
