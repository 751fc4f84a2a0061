using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

public sealed class VpcAddressTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private async Task<(string Tier, string Guest, string Ip)> WithGuestAsync(string vpc, string name, string gateway)
    {
        var tier = await cloud.TierAsync(vpc, name, gateway);
        var guest = await cloud.DeployAsync(tier, name + "-guest");
        return (tier, guest.IdOf(), guest["nic"]![0]!["ipaddress"]!.GetValue<string>());
    }

    [Fact]
    public async Task Addresses_of_a_vpc_lead_into_any_tier()
    {
        var vpc = await cloud.VpcAsync("leading", 30);
        var web = await WithGuestAsync(vpc, "web", "10.30.1.1");
        var db = await WithGuestAsync(vpc, "db", "10.30.2.1");
        var acquired = await cloud.DoneAsync("ipaddress", "associateIpAddress", ("vpcid", vpc));
        (acquired["vpcid"]!.GetValue<string>(), acquired["associatednetworkid"], acquired["issourcenat"]!.GetValue<bool>()).ShouldBe((vpc, null, false));
        var ip = acquired["ipaddress"]!.GetValue<string>();
        (await cloud.RouterFileAsync(web.Tier, "interfaces")).ShouldContain($",{ip}/24 ");

        (string, string)[] port = [("ipaddressid", acquired.IdOf()), ("protocol", "tcp"), ("publicport", "80"), ("privateport", "8080")];
        await cloud.DoneAsync("portforwardingrule", "createPortForwardingRule", [.. port, ("virtualmachineid", web.Guest), ("networkid", web.Tier)]);
        var rules = await cloud.RouterFileAsync(db.Tier, "nft.rules");
        rules.ShouldContain($"{ip} . tcp . 80 : {web.Ip} . 8080");
        rules.ShouldNotContain($"chain {ip} ");
        (await cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("associatednetworkid", web.Tier))).IdOf().ShouldBe(acquired.IdOf());
        (await cloud.CallAsync("listPublicIpAddresses", ("associatednetworkid", db.Tier))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.CallAsync("listFirewallRules", ("ipaddressid", acquired.IdOf()), ("listall", "true"))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.RefusedAsync(537, "createPortForwardingRule", [.. port, ("virtualmachineid", db.Guest), ("networkid", db.Tier)])).ShouldContain("leads tcp 80");
        (await cloud.RefusedAsync(431, "createPortForwardingRule", [.. port, ("virtualmachineid", db.Guest)])).ShouldContain("give networkid");
        (await cloud.RefusedAsync(431, "createPortForwardingRule", [.. port, ("virtualmachineid", db.Guest), ("networkid", db.Tier), ("cidrlist", "192.0.2.0/24")]))
            .ShouldContain("ACL list");
        (await cloud.RefusedAsync(431, "createFirewallRule", ("ipaddressid", acquired.IdOf()), ("protocol", "tcp"))).ShouldContain("createNetworkACL");
        (await cloud.RefusedAsync(431, "createEgressFirewallRule", ("networkid", web.Tier), ("protocol", "tcp"))).ShouldContain("lacks the service Firewall");

        (await cloud.JobAsync("disassociateIpAddress", ("id", acquired.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.RouterFileAsync(db.Tier, "nft.rules")).ShouldNotContain(ip);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task An_address_is_led_to_one_guest_of_a_tier_and_another_is_spread()
    {
        var vpc = await cloud.VpcAsync("spreading", 31);
        var web = await WithGuestAsync(vpc, "front", "10.31.1.1");
        var one = await cloud.DoneAsync("ipaddress", "associateIpAddress", ("networkid", web.Tier));
        (await cloud.CallAsync("enableStaticNat", ("ipaddressid", one.IdOf()), ("virtualmachineid", web.Guest), ("networkid", web.Tier))).ShouldBe(200);
        (await cloud.RouterFileAsync(web.Tier, "nft.rules")).ShouldContain($"{web.Ip} : {one["ipaddress"]!.GetValue<string>()}");
        (await cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("id", one.IdOf())))["associatednetworkname"]!.GetValue<string>().ShouldBe("front");

        var other = await cloud.DoneAsync("ipaddress", "associateIpAddress", ("vpcid", vpc));
        var rule = await cloud.DoneAsync("loadbalancer", "createLoadBalancerRule", ("publicipid", other.IdOf()), ("name", "shop"), ("algorithm", "leastconn"),
            ("publicport", "80"), ("privateport", "8080"), ("networkid", web.Tier), ("openfirewall", "false"));
        await cloud.JobAsync("assignToLoadBalancerRule", ("id", rule.IdOf()), ("virtualmachineids", web.Guest));
        (await cloud.RouterFileAsync(web.Tier, "haproxy.cfg")).ShouldContain($"{web.Ip}:8080 check");
        (await cloud.RouterFileAsync(web.Tier, "nft.rules")).ShouldContain($"ip daddr . tcp dport vmap {{ {other["ipaddress"]!.GetValue<string>()} . 80 : goto in-g-");

        var source = await cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("vpcid", vpc), ("issourcenat", "true"));
        (await cloud.RefusedAsync(431, "disassociateIpAddress", ("id", source.IdOf()))).ShouldContain("belongs to the VPC");
        (await cloud.JobAsync("destroyVirtualMachine", ("id", web.Guest), ("expunge", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.JobAsync("deleteNetwork", ("id", web.Tier)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.JobAsync("deleteVPC", ("id", vpc)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("listPublicIpAddresses", ("id", other.IdOf()))).ShouldBe(200).Body.Count.ShouldBe(0);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Others_vpcs_get_no_addresses()
    {
        var vpc = await cloud.VpcAsync("mine", 32);
        var other = await cloud.TenantAsync("stranger-to-vpc-addresses");
        var random = Guid.CreateVersion7().ToString();
        var theirs = await cloud.AsAsync(other.Keys, "associateIpAddress", ("vpcid", vpc));
        theirs.Status.ShouldBe(431, theirs.Text);
        theirs.Text.Replace(vpc, random, StringComparison.Ordinal).ShouldBe((await cloud.AsAsync(other.Keys, "associateIpAddress", ("vpcid", random))).Text);
    }
}
