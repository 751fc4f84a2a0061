using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

public sealed class VpcTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task A_vpc_has_its_address_from_the_first_moment_and_is_deleted_without_tiers()
    {
        var vpc = await cloud.VpcAsync("short", 10);
        var shown = await cloud.ShapeAsync("vpc", "listVPCs", ("id", vpc));
        (shown["state"]!.GetValue<string>(), shown["cidr"]!.GetValue<string>(), shown["network"]!.AsArray().Count).ShouldBe(("Enabled", "10.10.0.0/16", 0));
        var source = await cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("vpcid", vpc), ("issourcenat", "true"));
        source["vpcname"]!.GetValue<string>().ShouldBe("short");

        var tier = await cloud.TierAsync(vpc, "only", "10.10.1.1");
        (await cloud.ShapeAsync("vpc", "listVPCs", ("id", vpc)))["network"]![0]!["id"]!.GetValue<string>().ShouldBe(tier);
        (await cloud.RefusedAsync(536, "deleteVPC", ("id", vpc))).ShouldContain("1 tier (only)");
        (await cloud.JobAsync("deleteNetwork", ("id", tier)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.JobAsync("deleteVPC", ("id", vpc)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("listVPCs", ("id", vpc))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("ipaddress", source["ipaddress"]!.GetValue<string>()), ("allocatedonly", "false")))
            ["state"]!.GetValue<string>().ShouldBe("Free");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task One_that_is_not_started_takes_its_address_with_its_first_tier()
    {
        var vpc = await cloud.VpcAsync("later", 9, ("start", "false"));
        (await cloud.CallAsync("listPublicIpAddresses", ("vpcid", vpc))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.RefusedAsync(431, "createVpnGateway", ("vpcid", vpc))).ShouldContain("was not started");
        var (web, db) = (await cloud.TierAsync(vpc, "later-web", "10.9.1.1"), await cloud.TierAsync(vpc, "later-db", "10.9.2.1"));
        await Task.WhenAll(cloud.DeployAsync(web, "later-one"), cloud.DeployAsync(db, "later-two"));
        var source = await cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("vpcid", vpc));
        source["issourcenat"]!.GetValue<bool>().ShouldBeTrue();
        (await cloud.RouterFileAsync(web, "interfaces")).ShouldContain($" public {source["ipaddress"]!.GetValue<string>()}/");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task One_router_serves_all_tiers_and_cards_come_and_go_while_it_runs()
    {
        var vpc = await cloud.VpcAsync("two", 11);
        var web = await cloud.TierAsync(vpc, "web", "10.11.1.1");
        var db = await cloud.TierAsync(vpc, "db", "10.11.2.1");
        await cloud.DeployAsync(web, "two-web");
        var router = await cloud.RouterIdAsync(web);
        var boot = await cloud.BootOfAsync(router);
        (await CardsAsync(router)).ShouldBe(2);

        (await cloud.RefusedAsync(431, "deployVirtualMachine", ("name", "two-web"), ("zoneid", cloud.Zone), ("templateid", cloud.Template),
            ("serviceofferingid", cloud.Small), ("networkids", db))).ShouldContain("choose another name");
        var guest = await cloud.DeployAsync(db, "two-db");
        (await cloud.RouterIdAsync(db)).ShouldBe(router);
        (await cloud.BootOfAsync(router)).ShouldBe(boot);
        (await CardsAsync(router)).ShouldBe(3);
        var interfaces = await cloud.RouterFileAsync(db, "interfaces");
        interfaces.ShouldContain(" guest 10.11.1.1/24 ");
        interfaces.ShouldContain(" guest 10.11.2.1/24 ");
        (await cloud.RouterFileAsync(web, "hosts")).ShouldContain($"{guest["nic"]![0]!["ipaddress"]!.GetValue<string>()} two-db\n");
        var shown = await cloud.ShapeAsync("router", "listRouters", ("vpcid", vpc), ("listall", "true"));
        (shown["vpcname"]!.GetValue<string>(), shown["guestnetworkid"]).ShouldBe(("two", null));

        (await cloud.JobAsync("destroyVirtualMachine", ("id", guest.IdOf()), ("expunge", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.JobAsync("deleteNetwork", ("id", db)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.BootOfAsync(router)).ShouldBe(boot);
        (await CardsAsync(router)).ShouldBe(2);
        (await cloud.RouterFileAsync(web, "interfaces")).ShouldNotContain("10.11.2.1");
        await cloud.ShouldBeCleanAsync();
    }

    [Theory]
    [InlineData("false", true, 12)]
    [InlineData("true", false, 13)]
    public async Task A_restart_leaves_all_tiers_served(string cleanup, bool isSameBoot, int number)
    {
        var vpc = await cloud.VpcAsync("restart-" + cleanup, number);
        var one = await cloud.TierAsync(vpc, "one", $"10.{number}.1.1");
        await cloud.DeployAsync(one, "one-of-" + cleanup);
        var two = await cloud.TierAsync(vpc, "two", $"10.{number}.2.1");
        await cloud.DeployAsync(two, "two-of-" + cleanup);
        var router = await cloud.RouterIdAsync(one);
        var boot = await cloud.BootOfAsync(router);
        (await cloud.RefusedAsync(431, "restartNetwork", ("id", one), ("cleanup", "true"))).ShouldContain("restartVPC");
        (await cloud.JobAsync("restartVPC", ("id", vpc), ("cleanup", cleanup)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.BootOfAsync(router) == boot).ShouldBe(isSameBoot);
        (await CardsAsync(router)).ShouldBe(3);
        (await cloud.RouterFileAsync(two, "interfaces")).Split(" guest ").Length.ShouldBe(3);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Tiers_keep_to_the_range_and_the_domain_of_their_vpc_and_off_each_other()
    {
        var vpc = await cloud.VpcAsync("ranges", 14);
        await cloud.TierAsync(vpc, "first", "10.14.1.1");
        async Task<string> RefusedAsync(int code, params (string, string)[] more) => await cloud.RefusedAsync(code, "createNetwork",
            [("name", "odd"), ("zoneid", cloud.Zone), ("networkofferingid", await cloud.TierOfferingAsync()), ("vpcid", vpc), .. more]);
        (await RefusedAsync(431, ("gateway", "10.15.1.1"), ("netmask", "255.255.255.0"))).ShouldContain("not within the VPC ranges (10.14.0.0/16)");
        (await RefusedAsync(431)).ShouldContain("give gateway and netmask");
        (await RefusedAsync(537, ("gateway", "10.14.1.129"), ("netmask", "255.255.255.128"))).ShouldContain("The tier first of the VPC ranges");
        (await RefusedAsync(431, ("gateway", "10.14.2.1"), ("netmask", "255.255.255.0"), ("networkdomain", "other.example"))).ShouldContain("cloud.internal");
        (await RefusedAsync(431, ("gateway", "10.14.2.1"), ("netmask", "255.255.255.0"), ("aclid", Guid.CreateVersion7().ToString()))).ShouldContain("listNetworkACLLists");
        (await cloud.RefusedAsync(431, "createNetwork", ("name", "odd"), ("zoneid", cloud.Zone), ("networkofferingid", cloud.NetworkOffering), ("vpcid", vpc),
            ("gateway", "10.14.2.1"), ("netmask", "255.255.255.0"))).ShouldContain("forvpc=true");
        (await cloud.RefusedAsync(431, "createNetwork", ("name", "odd"), ("zoneid", cloud.Zone), ("networkofferingid", await cloud.TierOfferingAsync())))
            .ShouldContain("give vpcid");
        (await cloud.RefusedAsync(431, "createVPC", ("name", "odd"), ("zoneid", cloud.Zone), ("vpcofferingid",
            (await cloud.ShapeAsync("vpcoffering", "listVPCOfferings", ("name", "vpcs"))).IdOf()), ("cidr", "10.0.0.0/30"))).ShouldContain("between /8 and /29");
    }

    [Fact]
    public async Task Others_vpcs_are_like_none()
    {
        var vpc = await cloud.VpcAsync("mine", 16);
        var other = await cloud.TenantAsync("stranger-to-vpcs");
        foreach (var command in new[] { "deleteVPC", "updateVPC", "restartVPC" })
        {
            var random = Guid.CreateVersion7().ToString();
            var theirs = await cloud.AsAsync(other.Keys, command, ("id", vpc));
            theirs.Status.ShouldBe(431, theirs.Text);
            theirs.Text.Replace(vpc, random, StringComparison.Ordinal).ShouldBe((await cloud.AsAsync(other.Keys, command, ("id", random))).Text);
        }
        (await cloud.AsAsync(other.Keys, "listVPCs", ("listall", "true"))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.DoneAsync("vpc", "updateVPC", ("id", vpc), ("name", "renamed"), ("displaytext", "Renamed")))["name"]!.GetValue<string>().ShouldBe("renamed");
    }

    [Fact]
    public async Task No_more_vpcs_than_the_account_may_have()
    {
        var tenant = await cloud.TenantAsync("few-vpcs");
        await cloud.VpcAsync("any", 17);
        (await cloud.CallAsync("updateResourceLimit", ("account", tenant.Account.Name), ("domainid", tenant.Domain.Id.ToString()), ("resourcetype", "7"), ("max", "0"))).ShouldBe(200);
        (await cloud.AsAsync(tenant.Keys, "createVPC", ("name", "v"), ("zoneid", cloud.Zone), ("cidr", "10.0.0.0/16"), ("vpcofferingid",
            (await cloud.ShapeAsync("vpcoffering", "listVPCOfferings", ("name", "vpcs"))).IdOf()))).Status.ShouldBe(535);
    }

    [Fact]
    public async Task An_offering_is_used_while_it_is_enabled()
    {
        var offering = await cloud.DoneAsync("vpcoffering", "createVPCOffering", ("name", "passing"), ("supportedservices", "dhcp,NetworkACL"));
        (offering["state"]!.GetValue<string>(), offering["service"]!.AsArray().Count).ShouldBe(("Disabled", 2));
        offering["service"]![0]!["provider"]![0]!["name"]!.GetValue<string>().ShouldBe("VpcVirtualRouter");
        (string, string)[] vpc = [("name", "v"), ("zoneid", cloud.Zone), ("vpcofferingid", offering.IdOf()), ("cidr", "10.18.0.0/16")];
        (await cloud.RefusedAsync(431, "createVPC", vpc)).ShouldContain("disabled");
        (await cloud.DoneAsync("vpcoffering", "updateVPCOffering", ("id", offering.IdOf()), ("state", "Enabled")))["state"]!.GetValue<string>().ShouldBe("Enabled");
        var made = (await cloud.DoneAsync("vpc", "createVPC", vpc)).IdOf();
        (await cloud.RefusedAsync(431, "createNetwork", ("name", "t"), ("zoneid", cloud.Zone), ("networkofferingid", await cloud.TierOfferingAsync()), ("vpcid", made),
            ("gateway", "10.18.1.1"), ("netmask", "255.255.255.0"))).ShouldContain("which the VPC's offering passing lacks");
        (await cloud.RefusedAsync(431, "deleteVPCOffering", ("id", offering.IdOf()))).ShouldContain("disable it first");
        await cloud.DoneAsync("vpcoffering", "updateVPCOffering", ("id", offering.IdOf()), ("state", "Disabled"));
        (await cloud.JobAsync("deleteVPCOffering", ("id", offering.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.ShapeAsync("vpc", "listVPCs", ("id", made)))["vpcofferingname"]!.GetValue<string>().ShouldBe("passing");
        (await cloud.RefusedAsync(431, "createVPCOffering", ("name", "odd"), ("supportedservices", "Firewall"))).ShouldContain("in VPCs");
        (await cloud.RefusedAsync(431, "createNetworkOffering", ("name", "odd"), ("traffictype", "Guest"), ("guestiptype", "Isolated"), ("forvpc", "true"),
            ("supportedservices", "Dhcp"))).ShouldContain("NetworkACL");
    }

    private async Task<int> CardsAsync(Guid router)
    {
        var place = (await cloud.BootOfAsync(router)).ShouldNotBeNull();
        var host = cloud.Simulator[place.Host];
        var serving = await cloud.ServingAsync(router);
        return (await host.Hypervisor.ReadAllAsync(CancellationToken.None)).Single(d => d.Report.Id == serving).Spec.Nics.Count;
    }
}
