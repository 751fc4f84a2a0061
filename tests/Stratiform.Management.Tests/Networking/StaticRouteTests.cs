using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

public sealed class StaticRouteTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task A_route_leads_by_a_guest_until_it_is_deleted()
    {
        var vpc = await cloud.VpcAsync("routing", 40);
        var tier = await cloud.TierAsync(vpc, "gateways", "10.40.1.1");
        await cloud.DeployAsync(tier, "appliance", ("ipaddress", "10.40.1.9"));
        var route = await cloud.DoneAsync("staticroute", "createStaticRoute", ("vpcid", vpc), ("cidr", "192.168.7.9/24"), ("nexthop", "10.40.1.9"));
        (Text("cidr"), Text("nexthop"), Text("state"), Text("vpcid")).ShouldBe(("192.168.7.0/24", "10.40.1.9", "Active", vpc));
        (await cloud.RouterFileAsync(tier, "routes")).ShouldBe("192.168.7.0/24 10.40.1.9\n");
        (await cloud.RouterFileAsync(tier, "nft.rules")).ShouldContain("ip saddr != { 10.40.1.0/24, 192.168.7.0/24 } drop");
        (await cloud.ShapeAsync("staticroute", "listStaticRoutes", ("vpcid", vpc))).IdOf().ShouldBe(route.IdOf());
        (await Refused(537, "192.168.7.0/24", "10.40.1.9")).ShouldContain(route.IdOf());

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
}
