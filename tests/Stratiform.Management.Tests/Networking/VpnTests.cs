using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Management.Networking.Reconcilers;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.Networking;

/// <summary>Site-to-site VPNs of VPCs.</summary>
public sealed class VpnTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private const string Key = "tell\"no}body";

    private static (string, string)[] Far(string gateway, string cidrs, params (string Name, string Value)[] more)
    {
        var said = new Dictionary<string, string>
        {
            ["gateway"] = gateway,
            ["cidrlist"] = cidrs,
            ["ipsecpsk"] = Key,
            ["ikepolicy"] = "aes128-sha256;modp2048",
            ["esppolicy"] = "aes256-sha1",
        };
        foreach (var (name, value) in more) said[name] = value;
        return [.. said.Select(pair => (pair.Key, pair.Value))];
    }

    private Task<JsonObject> CustomerAsync(string gateway, string cidrs, params (string, string)[] more) =>
        cloud.DoneAsync("vpncustomergateway", "createVpnCustomerGateway", Far(gateway, cidrs, more));

    private Task<JsonObject> GatewayAsync(string vpc) => cloud.DoneAsync("vpngateway", "createVpnGateway", ("vpcid", vpc));

    private Task<JsonObject> ConnectAsync(JsonObject near, JsonObject far, params (string, string)[] more) =>
        cloud.DoneAsync("vpnconnection", "createVpnConnection", [("s2svpngatewayid", near.IdOf()), ("s2scustomergatewayid", far.IdOf()), .. more]);

    private async Task<string> StateAsync(JsonObject connection) =>
        (await cloud.ShapeAsync("vpnconnection", "listVpnConnections", ("id", connection.IdOf())))["state"]!.GetValue<string>();

    private async Task LookAsync()
    {
        await using var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<VpnSights>(scope.ServiceProvider).ReconcileAsync(CancellationToken.None);
    }

    private async Task SayAsync(string tier, JsonObject connection, TunnelState state)
    {
        var router = await cloud.RouterIdAsync(tier);
        cloud.Simulator[(await cloud.BootOfAsync(router)).ShouldNotBeNull().Host].Routers.Tunnel(connection.IdOf(), state);
        await LookAsync();
    }

    private async Task SucceedsAsync(string command, string id) => (await cloud.JobAsync(command, ("id", id)))["jobstatus"]!.GetValue<int>().ShouldBe(1);

    [Fact]
    public async Task A_connection_is_on_the_router_when_its_job_ends_and_gone_when_it_is_deleted()
    {
        var vpc = await cloud.VpcAsync("near", 40);
        var tier = await cloud.TierAsync(vpc, "near", "10.40.1.1");
        await cloud.DeployAsync(tier, "near-guest");
        var near = await GatewayAsync(vpc);
        var far = await CustomerAsync("198.51.100.40", "172.16.40.0/24,172.16.41.0/24", ("name", "office"), ("dpd", "true"), ("esplifetime", "7200"));
        var connection = await ConnectAsync(near, far);
        var ours = near["publicip"]!.GetValue<string>();
        (connection["state"]!.GetValue<string>(), connection["publicip"]!.GetValue<string>(), connection["cidrlist"]!.GetValue<string>(), connection["passive"]!.GetValue<bool>())
            .ShouldBe(("Connecting", ours, "172.16.40.0/24,172.16.41.0/24", false));

        var file = $"swanctl/conf.d/{connection.IdOf()}.conf";
        var text = await cloud.RouterFileAsync(tier, file);
        foreach (var said in (string[])["version = 0\n", $"local_addrs = {ours}\n", "remote_addrs = 198.51.100.40\n", "proposals = aes128-sha256-modp2048\n", "esp_proposals = aes256-sha1\n",
            "local_ts = 10.40.0.0/16\n", "remote_ts = 172.16.40.0/24, 172.16.41.0/24\n", "life_time = 7200s\n", "rekey_time = 77760s\n", "dpd_delay = 15s\n", "start_action = trap|start\n",
            "dpd_action = restart\n", $"secret = 0s{Convert.ToBase64String(Encoding.ASCII.GetBytes(Key))}\n"])
        {
            text.ShouldContain(" " + said);
        }
        var rules = await cloud.RouterFileAsync(tier, "nft.rules");
        foreach (var rule in (string[])[$"ip saddr {{ 198.51.100.40 }} ip daddr {ours} udp dport {{ 500, 4500 }} accept", "ip daddr { 172.16.40.0/24, 172.16.41.0/24 } rt ipsec missing drop",
            "ip saddr { 172.16.40.0/24, 172.16.41.0/24 } ip daddr 10.40.0.0/16 meta ipsec exists goto tiers"])
        {
            rules.ShouldContain(rule);
        }

        await SucceedsAsync("deleteVpnConnection", connection.IdOf());
        (await cloud.RouterFileAsync(tier, file)).ShouldBeNull();
        (await cloud.RouterFileAsync(tier, "swanctl/swanctl.conf")).ShouldBeNull();
        (await cloud.RouterFileAsync(tier, "nft.rules")).ShouldNotContain("ipsec");
        await SucceedsAsync("deleteVpnCustomerGateway", far.IdOf());
        await SucceedsAsync("deleteVpnGateway", near.IdOf());
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Its_state_is_what_its_router_says()
    {
        var vpc = await cloud.VpcAsync("seen", 41);
        var near = await GatewayAsync(vpc);
        var connection = await ConnectAsync(near, await CustomerAsync("198.51.100.41", "172.16.42.0/24"), ("passive", "true"));
        connection["state"]!.GetValue<string>().ShouldBe("Pending", "there is no router before the first guest");
        var tier = await cloud.TierAsync(vpc, "seen", "10.41.1.1");
        await cloud.DeployAsync(tier, "seen-guest");
        await LookAsync();
        (await StateAsync(connection)).ShouldBe("Disconnected");
        foreach (var (said, state) in new[] { (TunnelState.Up, "Connected"), (TunnelState.Connecting, "Connecting"), (TunnelState.Broken, "Error"), (TunnelState.Up, "Connected") })
        {
            await SayAsync(tier, connection, said);
            (await StateAsync(connection)).ShouldBe(state);
        }
        await cloud.DoneAsync("router", "stopRouter", ("id", (await cloud.RouterAsync(tier)).IdOf()));
        await LookAsync();
        (await StateAsync(connection)).ShouldBe("Disconnected");
    }

    [Fact]
    public async Task A_reset_and_a_change_of_the_far_end_begin_it_anew()
    {
        var vpc = await cloud.VpcAsync("anew", 42);
        var tier = await cloud.TierAsync(vpc, "anew", "10.42.1.1");
        await cloud.DeployAsync(tier, "anew-guest");
        var far = await CustomerAsync("198.51.100.42", "172.16.43.0/24", ("name", "moving"), ("ikelifetime", "3600"));
        var connection = await ConnectAsync(await GatewayAsync(vpc), far);
        var file = $"swanctl/conf.d/{connection.IdOf()}.conf";
        var first = await cloud.RouterFileAsync(tier, file);
        await SayAsync(tier, connection, TunnelState.Up);
        (await cloud.DoneAsync("vpnconnection", "resetVpnConnection", ("id", connection.IdOf())))["state"]!.GetValue<string>().ShouldBe("Connected");
        (await cloud.RouterFileAsync(tier, file)).ShouldNotBe(first);

        var changed = await cloud.DoneAsync("vpncustomergateway", "updateVpnCustomerGateway",
            [("id", far.IdOf()), .. Far("198.51.100.43", "172.16.43.0/24,172.16.44.0/24", ("ikeversion", "ikev1"), ("ikepolicy", "3des-md5;modp1536"))]);
        (changed["name"]!.GetValue<string>(), changed["ikelifetime"]!.GetValue<long>(), changed["ikeversion"]!.GetValue<string>()).ShouldBe(("moving", 3600, "ikev1"));
        var text = await cloud.RouterFileAsync(tier, file);
        text.ShouldContain("remote_addrs = 198.51.100.43\n");
        text.ShouldContain("proposals = 3des-md5-modp1536\n");
        (text.Contains("net1 {", StringComparison.Ordinal), text.Contains("net2 {", StringComparison.Ordinal)).ShouldBe((true, true), "IKEv1 knows one network for each key");

        (await cloud.RefusedAsync(536, "deleteVpnCustomerGateway", ("id", far.IdOf()))).ShouldContain("moving has 1 connection");
        var overlap = await cloud.JobAsync("updateVpnCustomerGateway", [("id", far.IdOf()), .. Far("198.51.100.43", "10.42.128.0/24")]);
        (overlap["jobresultcode"]!.GetValue<int>(), overlap["jobresult"]!["errortext"]!.GetValue<string>()).ShouldBe(
            (537, "The network 10.42.128.0/24 of the customer gateway moving overlaps the VPC anew (10.42.0.0/16); both ends need addresses of their own."));
        (await cloud.ShapeAsync("vpncustomergateway", "listVpnCustomerGateways", ("id", far.IdOf())))["cidrlist"]!.GetValue<string>().ShouldBe("172.16.43.0/24,172.16.44.0/24");
    }

    [Fact]
    public async Task A_router_that_refuses_a_connection_keeps_none_of_it()
    {
        var vpc = await cloud.VpcAsync("refusing", 43);
        var tier = await cloud.TierAsync(vpc, "refusing", "10.43.1.1");
        await cloud.DeployAsync(tier, "refusing-guest");
        var (near, far) = (await GatewayAsync(vpc), await CustomerAsync("198.51.100.44", "172.16.45.0/24"));
        var job = await cloud.WhileRefusingAsync(await cloud.RouterIdAsync(tier), "swanctl", "no such proposal",
            () => cloud.JobAsync("createVpnConnection", ("s2svpngatewayid", near.IdOf()), ("s2scustomergatewayid", far.IdOf())));
        job["jobresult"]!["errortext"]!.GetValue<string>().ShouldContain("swanctl refused the new one (no such proposal)");
        (await cloud.CallAsync("listVpnConnections", ("vpcid", vpc))).ShouldBe(200).Body.Count.ShouldBe(0);
        await SucceedsAsync("deleteVpnGateway", near.IdOf());
        await cloud.ShouldBeCleanAsync();
    }

    [Theory]
    [InlineData("gateway", "vpn.example", "IPv4 address")]
    [InlineData("gateway", "010.1.1.1", "IPv4 address")]
    [InlineData("gateway", "224.0.0.1", "IPv4 address")]
    [InlineData("cidrlist", "172.16.0.0", "not an IPv4 network")]
    [InlineData("cidrlist", "172.16.0.0/16,0.0.0.0/0", "too large")]
    [InlineData("cidrlist", "172.16.0.0/16 }", "not an IPv4 network")]
    [InlineData("ipsecpsk", "two\nlines", "printable")]
    [InlineData("ikepolicy", "aes128-sha1", "CIPHER-HASH;GROUP")]
    [InlineData("ikepolicy", "aes128-sha1;modp2048\n}", "CIPHER-HASH;GROUP")]
    [InlineData("ikepolicy", "rot13-sha1;modp2048", "CIPHER-HASH;GROUP")]
    [InlineData("esppolicy", "aes128-sha1;modp1", "CIPHER-HASH[;GROUP]")]
    [InlineData("esppolicy", "aes128", "CIPHER-HASH[;GROUP]")]
    [InlineData("ikelifetime", "10", "300 to 86400")]
    [InlineData("esplifetime", "90000", "300 to 86400")]
    [InlineData("ikeversion", "ikev3", "ikeversion")]
    public async Task What_no_router_should_be_configured_by_is_refused(string parameter, string value, string why) =>
        (await cloud.RefusedAsync(431, "createVpnCustomerGateway", Far("198.51.100.50", "172.16.50.0/24", (parameter, value)))).ShouldContain(why);

    [Fact]
    public async Task Networks_that_many_have_are_refused_and_so_are_second_gateways()
    {
        var vpc = await cloud.VpcAsync("crowded", 44);
        var near = await GatewayAsync(vpc);
        (await cloud.RefusedAsync(431, "createVpnGateway", ("vpcid", vpc))).ShouldContain("has a VPN gateway already");
        var first = await CustomerAsync("198.51.100.51", "172.17.0.0/24", ("name", "first"));
        (await cloud.RefusedAsync(431, "createVpnCustomerGateway", Far("198.51.100.51", "172.18.0.0/24"))).ShouldContain("for 198.51.100.51 already");
        (await cloud.RefusedAsync(431, "createVpnCustomerGateway", Far("198.51.100.52", "172.18.0.0/24", ("name", "first")))).ShouldContain("the name first already");
        await ConnectAsync(near, first);
        (await RefusedAsync(431, near, first)).ShouldContain("have a connection already");
        (await RefusedAsync(537, near, await CustomerAsync("198.51.100.53", "172.17.0.0/16", ("name", "wide")))).ShouldContain("overlaps first");
        (await RefusedAsync(537, near, await CustomerAsync("198.51.100.54", "10.0.0.0/8"))).ShouldContain("overlaps the VPC crowded (10.44.0.0/16)");
        (await RefusedAsync(431, near, await CustomerAsync(near["publicip"]!.GetValue<string>(), "172.19.0.0/24"))).ShouldContain("an address of the VPC crowded itself");
        (await cloud.RefusedAsync(536, "deleteVpnGateway", ("id", near.IdOf()))).ShouldContain("has 1 connection");
        for (var i = 1; i < 4; i++) await ConnectAsync(near, await CustomerAsync($"198.51.100.{60 + i}", $"172.20.{i}.0/24"));
        (await RefusedAsync(535, near, await CustomerAsync("198.51.100.70", "172.20.9.0/24"))).ShouldContain("has 4 connections");
        await SucceedsAsync("deleteVPC", vpc);
        (await cloud.CallAsync("listVpnConnections", ("vpcid", vpc))).ShouldBe(200).Body.Count.ShouldBe(0);
        await SucceedsAsync("deleteVpnCustomerGateway", first.IdOf());

        var offering = (await cloud.DoneAsync("vpcoffering", "createVPCOffering", ("name", "without-vpn"), ("supportedservices", "Dhcp,SourceNat"), ("enable", "true"))).IdOf();
        var plain = (await cloud.DoneAsync("vpc", "createVPC", ("name", "plain"), ("zoneid", cloud.Zone), ("vpcofferingid", offering), ("cidr", "10.45.0.0/16"))).IdOf();
        (await cloud.RefusedAsync(431, "createVpnGateway", ("vpcid", plain))).ShouldContain("without-vpn has no service Vpn");
    }

    private Task<string> RefusedAsync(int code, JsonObject near, JsonObject far) =>
        cloud.RefusedAsync(code, "createVpnConnection", ("s2svpngatewayid", near.IdOf()), ("s2scustomergatewayid", far.IdOf()));

    [Fact]
    public async Task Keys_are_told_to_nobody_and_others_ends_are_like_none()
    {
        var vpc = await cloud.VpcAsync("private", 46);
        var (near, far) = (await GatewayAsync(vpc), await CustomerAsync("198.51.100.80", "172.21.0.0/24"));
        var connection = await ConnectAsync(near, far);
        foreach (var command in (string[])["listVpnCustomerGateways", "listVpnConnections", "listEvents", "listAsyncJobs"])
            (await cloud.CallAsync(command, ("listall", "true"))).ShouldBe(200).Text.ShouldNotContain("body");

        var other = await cloud.TenantAsync("stranger-to-vpns");
        var theirs = (await cloud.JobAsAsync(other.Keys, "createVpnCustomerGateway", Far("198.51.100.80", "172.21.0.0/24")))["jobresult"]!["vpncustomergateway"]!.AsObject();
        foreach (var (command, name, id, more) in new (string, string, string, (string, string)[])[]
        {
            ("createVpnGateway", "vpcid", vpc, []), ("deleteVpnGateway", "id", near.IdOf(), []), ("deleteVpnCustomerGateway", "id", far.IdOf(), []),
            ("updateVpnCustomerGateway", "id", far.IdOf(), Far("198.51.100.81", "172.21.0.0/24")), ("deleteVpnConnection", "id", connection.IdOf(), []),
            ("resetVpnConnection", "id", connection.IdOf(), []), ("createVpnConnection", "s2svpngatewayid", near.IdOf(), [("s2scustomergatewayid", theirs.IdOf())]),
        })
        {
            var random = Guid.CreateVersion7().ToString();
            var refused = await cloud.AsAsync(other.Keys, command, [(name, id), .. more]);
            refused.Status.ShouldBe(431, refused.Text);
            refused.Text.Replace(id, random, StringComparison.Ordinal).ShouldBe((await cloud.AsAsync(other.Keys, command, [(name, random), .. more])).Text);
        }
        foreach (var list in (string[])["listVpnGateways", "listVpnConnections"]) (await cloud.AsAsync(other.Keys, list)).ShouldBe(200).Body.Count.ShouldBe(0);
        (await RefusedAsync(431, near, theirs)).ShouldContain("belongs to another account");
    }
}
