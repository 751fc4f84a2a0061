using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Management.Networking.Reconcilers;
using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

/// <summary>Private gateways: doors of VPCs to networks beside them.</summary>
public sealed class PrivateGatewayTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private static (string, string)[] At(string vpc, string ip, string vlan, params (string, string)[] more) =>
        [("vpcid", vpc), ("ipaddress", ip), ("gateway", ip[..ip.LastIndexOf('.')] + ".1"), ("netmask", "255.255.255.0"), ("vlan", vlan), .. more];

    private Task<JsonObject> OpenAsync(params (string, string)[] parameters) => cloud.DoneAsync("privategateway", "createPrivateGateway", parameters);

    private Task<string> RefusedAsync(params (string, string)[] parameters) => cloud.RefusedAsync(431, "createPrivateGateway", parameters);

    private async Task SucceedsAsync(string command, string id) => (await cloud.JobAsync(command, ("id", id)))["jobstatus"]!.GetValue<int>().ShouldBe(1);

    private async Task<int> CardsAsync(string tier) => (await cloud.SpecAsync((await cloud.RouterAsync(tier)).IdOf())).Nics.Count;

    private async Task ReconcileAsync<T>() where T : Stratiform.Workflows.IReconciler
    {
        await using var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<T>(scope.ServiceProvider).ReconcileAsync(CancellationToken.None);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        for (var tried = 0; !await holds(); tried++)
        {
            tried.ShouldBeLessThan(3000);
            await Task.Delay(100);
        }
    }

    [Fact]
    public async Task Its_card_comes_while_the_router_runs_and_goes_when_nothing_leads_by_it()
    {
        var vpc = await cloud.VpcAsync("doors", 50);
        var tier = await cloud.TierAsync(vpc, "inside", "10.50.1.1");
        await cloud.DeployAsync(tier, "inside-guest");
        (await CardsAsync(tier)).ShouldBe(2);
        var gateway = await OpenAsync(At(vpc, "172.20.50.2", "3700", ("sourcenatsupported", "true")));
        foreach (var (field, value) in new[] { ("state", "Ready"), ("ipaddress", "172.20.50.2"), ("gateway", "172.20.50.1"), ("netmask", "255.255.255.0"), ("vlan", "vxlan://3700"), ("aclname", "default_deny"), ("vpcid", vpc) })
            gateway[field]!.GetValue<string>().ShouldBe(value);
        gateway.ContainsKey("associatednetworkid").ShouldBeFalse();
        (await CardsAsync(tier)).ShouldBe(3);
        (await cloud.RouterFileAsync(tier, "interfaces")).ShouldContain(" side 172.20.50.2/24 1500\n");
        (await cloud.RouterFileAsync(tier, "nft.rules")).ShouldContain(" snat ip to 172.20.50.2\n");
        (await cloud.ShapeAsync("privategateway", "listPrivateGateways", ("vpcid", vpc), ("vlan", "3700"), ("ipaddress", "172.20.50.2"), ("state", "Ready"))).IdOf().ShouldBe(gateway.IdOf());
        (await cloud.CallAsync("listNetworks", ("listall", "true"))).Text.ShouldNotContain("vxlan://3700");
        (await cloud.CallAsync("listNetworks", ("listall", "true"), ("issystem", "true"))).Text.ShouldContain("vxlan://3700");

        var route = await cloud.DoneAsync("staticroute", "createStaticRoute", ("gatewayid", gateway.IdOf()), ("cidr", "192.168.50.0/24"));
        (route["nexthop"]!.GetValue<string>(), route["vpcgatewayid"]!.GetValue<string>(), route["vpcgatewayip"]!.GetValue<string>()).ShouldBe(("172.20.50.1", gateway.IdOf(), "172.20.50.2"));
        var other = await cloud.DoneAsync("staticroute", "createStaticRoute", ("vpcid", vpc), ("cidr", "192.168.51.0/24"), ("nexthop", "172.20.50.9"));
        other["vpcgatewayid"]!.GetValue<string>().ShouldBe(gateway.IdOf());
        (await cloud.RouterFileAsync(tier, "routes")).ShouldBe("192.168.50.0/24 172.20.50.1\n192.168.51.0/24 172.20.50.9\n");
        (await cloud.RouterFileAsync(tier, "nft.rules")).ShouldContain("ip saddr != { 172.20.50.0/24, 192.168.50.0/24, 192.168.51.0/24 } drop");
        (await cloud.RefusedAsync(536, "deletePrivateGateway", ("id", gateway.IdOf()))).ShouldContain(route.IdOf());
        (await cloud.RefusedAsync(431, "createStaticRoute", ("gatewayid", gateway.IdOf()), ("cidr", "192.168.52.0/24"), ("nexthop", "172.20.50.2"))).ShouldContain("nobody else");
        (await cloud.RefusedAsync(431, "createStaticRoute", ("vpcid", vpc), ("cidr", "192.168.52.0/24"), ("nexthop", "172.20.50.255"))).ShouldContain("no address");

        await SucceedsAsync("deleteStaticRoute", route.IdOf());
        await SucceedsAsync("deleteStaticRoute", other.IdOf());
        await SucceedsAsync("deletePrivateGateway", gateway.IdOf());
        (await CardsAsync(tier)).ShouldBe(2);
        (await cloud.RouterFileAsync(tier, "interfaces")).ShouldNotContain(" side ");
        (await cloud.CallAsync("listPrivateGateways", ("vpcid", vpc))).ShouldBe(200).Body.Count.ShouldBe(0);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task What_would_lead_two_ways_is_refused_and_so_are_addresses_that_are_none()
    {
        var vpc = await cloud.VpcAsync("narrow", 51);
        await cloud.TierAsync(vpc, "narrow", "10.51.1.1");
        (await RefusedAsync(At(vpc, "10.51.9.2", "3701"))).ShouldContain("overlaps 10.51.0.0/16");
        foreach (var none in new[] { "172.20.51.0", "172.20.51.1", "172.20.51.255" }) (await RefusedAsync(At(vpc, none, "3701"))).ShouldContain("none that the router can have");
        (await RefusedAsync(At(vpc, "127.0.0.2", "3701"))).ShouldContain("not an address");
        (await RefusedAsync(At(vpc, "172.20.51.2", "nowhere"))).ShouldContain("untagged");
        (await RefusedAsync(At(vpc, "172.20.51.2", "3701")[..4])).ShouldContain("associatednetworkid");
        (await RefusedAsync(At(vpc, "172.20.51.2", "3701", ("aclid", Guid.CreateVersion7().ToString())))).ShouldContain("ACL list");
        var route = await cloud.DoneAsync("staticroute", "createStaticRoute", ("vpcid", vpc), ("cidr", "172.20.51.128/25"), ("nexthop", "10.51.1.9"));
        (await cloud.RefusedAsync(537, "createPrivateGateway", At(vpc, "172.20.51.2", "3701"))).ShouldContain(route.IdOf());
        await SucceedsAsync("deleteStaticRoute", route.IdOf());

        var gateway = await OpenAsync(At(vpc, "172.20.51.2", "3701"));
        (await RefusedAsync(At(vpc, "172.20.51.2", "3701"))).ShouldContain(gateway.IdOf());
        (await cloud.RefusedAsync(537, "createPrivateGateway", At(vpc, "172.20.51.3", "3702"))).ShouldContain(gateway.IdOf());
        (await cloud.RefusedAsync(537, "createStaticRoute", ("vpcid", vpc), ("cidr", "172.20.0.0/16"), ("nexthop", "10.51.1.9"))).ShouldContain(gateway.IdOf());
        // Another VPC may be its neighbour, and goes by another address.
        var neighbour = await cloud.VpcAsync("neighbour", 52);
        (await RefusedAsync(At(neighbour, "172.20.51.2", "3701"))).ShouldContain("is taken");
        var across = await OpenAsync(At(neighbour, "172.20.51.3", "vxlan://3701"));
        (await cloud.RefusedAsync(431, "createStaticRoute", ("vpcid", vpc), ("gatewayid", across.IdOf()), ("cidr", "10.52.0.0/16"))).ShouldContain("not of the VPC");
        // The wires are its own as long as it is there.
        (await cloud.RefusedAsync(431, "createNetwork", ("name", "shared"), ("zoneid", cloud.Zone), ("networkofferingid", await OfferingAsync("Shared")),
            ("gateway", "172.20.51.1"), ("netmask", "255.255.255.0"), ("startip", "172.20.51.10"), ("endip", "172.20.51.20"), ("vlan", "3701"))).ShouldContain("VXLAN 3701");
        await SucceedsAsync("deletePrivateGateway", gateway.IdOf());
        await SucceedsAsync("deletePrivateGateway", across.IdOf());
    }

    [Fact]
    public async Task A_far_end_of_a_vpn_is_not_beside_as_well()
    {
        var vpc = await cloud.VpcAsync("twofold", 53);
        var near = await cloud.DoneAsync("vpngateway", "createVpnGateway", ("vpcid", vpc));
        var far = await cloud.DoneAsync("vpncustomergateway", "createVpnCustomerGateway", ("name", "far-53"), ("gateway", "198.51.100.53"), ("cidrlist", "172.20.53.0/25"),
            ("ipsecpsk", "known-to-both"), ("ikepolicy", "aes128-sha256;modp2048"), ("esppolicy", "aes256-sha1"));
        (string, string)[] connect = [("s2svpngatewayid", near.IdOf()), ("s2scustomergatewayid", far.IdOf())];
        var gateway = await OpenAsync(At(vpc, "172.20.53.2", "untagged"));
        gateway["vlan"]!.GetValue<string>().ShouldBe("untagged");
        (await cloud.RefusedAsync(537, "createVpnConnection", connect)).ShouldContain(gateway.IdOf());
        await SucceedsAsync("deletePrivateGateway", gateway.IdOf());
        await cloud.DoneAsync("vpnconnection", "createVpnConnection", connect);
        (await cloud.RefusedAsync(537, "createPrivateGateway", At(vpc, "172.20.53.2", "3703"))).ShouldContain("far-53");
    }

    [Fact]
    public async Task A_router_that_comes_later_has_its_card_and_the_vpc_takes_it_along()
    {
        var vpc = await cloud.VpcAsync("early", 54);
        var tier = await cloud.TierAsync(vpc, "late", "10.54.1.1");
        var gateway = await OpenAsync(At(vpc, "172.20.54.2", "3704"));
        var guest = await cloud.DeployAsync(tier, "late-guest");
        await ReconcileAsync<RouterSync>();
        await EventuallyAsync(async () => (await cloud.RouterFileAsync(tier, "interfaces")).Contains(" side 172.20.54.2/24 1500\n", StringComparison.Ordinal));
        (await CardsAsync(tier)).ShouldBe(3);
        // One and the same card after a reboot.
        var before = await cloud.RouterFileAsync(tier, "interfaces");
        await cloud.JobAsync("rebootRouter", ("id", (await cloud.RouterAsync(tier)).IdOf()));
        (await cloud.RouterFileAsync(tier, "interfaces")).ShouldBe(before);

        (await cloud.JobAsync("destroyVirtualMachine", ("id", guest.IdOf()), ("expunge", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        await SucceedsAsync("deleteNetwork", tier);
        await SucceedsAsync("deleteVPC", vpc);
        (await cloud.CallAsync("listPrivateGateways", ("id", gateway.IdOf()), ("listall", "true"))).Text.ShouldNotContain("172.20.54.2");
        await ReconcileAsync<NetworkGc>();
        await EventuallyAsync(async () => !(await cloud.CallAsync("listNetworks", ("listall", "true"), ("issystem", "true"))).Text.Contains("vxlan://3704", StringComparison.Ordinal));
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_list_guards_it()
    {
        var vpc = await cloud.VpcAsync("guarded", 55);
        var tier = await cloud.TierAsync(vpc, "guarded", "10.55.1.1");
        await cloud.DeployAsync(tier, "guarded-guest");
        var list = (await cloud.DoneAsync("networkacllist", "createNetworkACLList", ("name", "door"), ("vpcid", vpc))).IdOf();
        await cloud.DoneAsync("networkacl", "createNetworkACL", ("aclid", list), ("protocol", "tcp"), ("startport", "443"), ("cidrlist", "172.20.55.9/32"), ("traffictype", "Ingress"));
        var gateway = await OpenAsync(At(vpc, "172.20.55.2", "3705"));
        (await cloud.RouterFileAsync(tier, "nft.rules")).ShouldNotContain("dport 443");
        (await cloud.JobAsync("replaceNetworkACLList", ("aclid", list), ("gatewayid", gateway.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.RouterFileAsync(tier, "nft.rules")).ShouldContain("tcp th dport 443 ip saddr { 172.20.55.9/32 } return");
        (await cloud.ShapeAsync("privategateway", "listPrivateGateways", ("id", gateway.IdOf())))["aclid"]!.GetValue<string>().ShouldBe(list);
        (await cloud.RefusedAsync(536, "deleteNetworkACLList", ("id", list))).ShouldContain(gateway.IdOf());
        (await cloud.RefusedAsync(431, "replaceNetworkACLList", ("aclid", list), ("gatewayid", gateway.IdOf()), ("networkid", tier))).ShouldContain("one thing at a time");
    }

    [Fact]
    public async Task Tenants_open_them_to_networks_of_their_own_and_keep_out_of_others()
    {
        var tenant = await cloud.TenantAsync("beside");
        var stranger = await cloud.TenantAsync("stranger-beside");
        (string, string)[] owned = [("account", "beside"), ("domainid", tenant.Domain.Id.ToString())];
        var offering = (await cloud.CallAsync("listVPCOfferings")).Body["vpcoffering"]?[0]!.AsObject().IdOf()
            ?? (await cloud.DoneAsync("vpcoffering", "createVPCOffering", ("name", "vpcs"), ("enable", "true"))).IdOf();
        var vpc = (await cloud.DoneAsync("vpc", "createVPC", [("name", "own"), ("zoneid", cloud.Zone), ("vpcofferingid", offering), ("cidr", "10.56.0.0/16"), .. owned])).IdOf();
        var wires = (await cloud.ShapeAsync("network", "createNetwork", [("name", "wires"), ("zoneid", cloud.Zone), ("networkofferingid", await OfferingAsync("L2")), .. owned])).IdOf();
        (string, string)[] place = [("vpcid", vpc), ("ipaddress", "172.20.56.2"), ("gateway", "172.20.56.1"), ("netmask", "255.255.255.0")];
        (await cloud.AsAsync(tenant.Keys, "createPrivateGateway", [.. place, ("vlan", "3706")])).Status.ShouldNotBe(200);
        (await cloud.AsAsync(stranger.Keys, "createPrivateGateway", [.. place, ("associatednetworkid", wires)])).ShouldBe(431).ErrorText!.ShouldContain(vpc);
        var foreign = (await cloud.ShapeAsync("network", "createNetwork", ("name", "foreign"), ("zoneid", cloud.Zone), ("networkofferingid", await OfferingAsync("L2")))).IdOf();
        (await cloud.AsAsync(tenant.Keys, "createPrivateGateway", [.. place, ("associatednetworkid", foreign)])).ShouldBe(431).ErrorText!.ShouldContain(foreign);

        var asked = (await cloud.AsAsync(tenant.Keys, "createPrivateGateway", [.. place, ("associatednetworkid", wires)])).ShouldBe(200);
        var id = asked.Body["id"]!.GetValue<string>();
        await EventuallyAsync(async () => (await cloud.AsAsync(tenant.Keys, "listPrivateGateways", ("id", id))).Text.Contains("Ready", StringComparison.Ordinal));
        var shown = (await cloud.AsAsync(tenant.Keys, "listPrivateGateways", ("vpcid", vpc))).Body["privategateway"]![0]!.AsObject();
        (shown["associatednetworkid"]!.GetValue<string>(), shown["associatednetwork"]!.GetValue<string>(), shown.ContainsKey("vlan"), shown.ContainsKey("physicalnetworkid"))
            .ShouldBe((wires, "wires", false, false));
        (await cloud.JobAsync("deleteNetwork", ("id", wires))).ToJsonString().ShouldContain("private gateway");
        (await cloud.AsAsync(stranger.Keys, "deletePrivateGateway", ("id", id))).ShouldBe(431).ErrorText!.ShouldContain(id);
        (await cloud.AsAsync(stranger.Keys, "listPrivateGateways", ("listall", "true"))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.AsAsync(tenant.Keys, "deletePrivateGateway", ("id", id))).ShouldBe(200);
        await EventuallyAsync(async () => !(await cloud.AsAsync(tenant.Keys, "listPrivateGateways", ("id", id))).Text.Contains("172.20.56.2", StringComparison.Ordinal));
    }

    private async Task<string> OfferingAsync(string type)
    {
        var listed = (await cloud.CallAsync("listNetworkOfferings", ("name", $"beside-{type}"))).Body["networkoffering"];
        return listed?[0]!.AsObject().IdOf() ?? (await cloud.ShapeAsync("networkoffering", "createNetworkOffering",
            [("name", $"beside-{type}"), ("traffictype", "Guest"), ("guestiptype", type), ("enable", "true")])).IdOf();
    }
}
