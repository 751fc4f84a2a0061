using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Management.Accounts;
using Stratiform.Management.Networking;
using Stratiform.Management.Networking.Reconcilers;
using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

/// <summary>VPNs by which users come into networks and VPCs.</summary>
public sealed class RemoteAccessTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private const string Password = "tell\"no}body";

    private async Task<(string Id, string Ip)> WayOutAsync(string holder, string of)
    {
        var address = await cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", (holder, of), ("issourcenat", "true"), ("listall", "true"));
        return (address.IdOf(), address["ipaddress"]!.GetValue<string>());
    }

    private Task<JsonObject> OpenAsync(string address, params (string, string)[] more) =>
        cloud.DoneAsync("remoteaccessvpn", "createRemoteAccessVpn", [("publicipid", address), .. more]);

    private Task<JsonObject> AddAsync(string name, params (string, string)[] more) =>
        cloud.DoneAsync("vpnuser", "addVpnUser", [("username", name), ("password", Password), .. more]);

    private async Task SucceedsAsync(string command, string name, string value) =>
        (await cloud.JobAsync(command, (name, value)))["jobstatus"]!.GetValue<int>().ShouldBe(1);

    private static string Word(string secret) => $"secret = 0s{Convert.ToBase64String(Encoding.ASCII.GetBytes(secret))}\n";

    private async Task<int> FailAtRouterAsync(string network, string text, Func<Task<JsonObject>> job)
    {
        var ended = await cloud.WhileRefusingAsync(await cloud.RouterIdAsync(network), "swanctl", text, job);
        ended["jobresult"]!["errortext"]!.GetValue<string>().ShouldContain(text);
        return ended["jobstatus"]!.GetValue<int>();
    }

    [Fact]
    public async Task Users_are_let_into_a_network_until_they_or_the_vpn_go()
    {
        var (network, guest) = await cloud.WithGuestAsync("dialled");
        var (address, ip) = await WayOutAsync("associatednetworkid", network);
        (await AddAsync("alice"))["state"]!.GetValue<string>().ShouldBe("Active", "there is no VPN whose router would have to know");
        var vpn = await OpenAsync(address, ("iprange", "10.9.9.1-10.9.9.8"));
        (Text("publicip"), Text("publicipid"), Text("iprange"), Text("state"), Text("account")).ShouldBe((ip, address, "10.9.9.1-10.9.9.8", "Running", "admin"));
        var key = Text("presharedkey");
        key.Length.ShouldBe(24);
        (await cloud.ShapeAsync("remoteaccessvpn", "listRemoteAccessVpns", ("publicipid", address)))["presharedkey"]!.GetValue<string>().ShouldBe(key);
        (await cloud.ShapeAsync("remoteaccessvpn", "listRemoteAccessVpns", ("networkid", network))).IdOf().ShouldBe(vpn.IdOf());

        var connections = await cloud.RouterFileAsync(network, "swanctl/clients.conf");
        foreach (var said in (string[])["version = 1\n", "version = 2\n", $"local_addrs = {ip}\n", "auth = eap-mschapv2\n", "auth = xauth\n", "addrs = 10.9.9.1-10.9.9.8\n", "dns = 10.1.1.1\n",
            "split_include = 10.1.1.0/24\n", "local_ts = 10.1.1.0/24\n", "id-2 = %any\n", Word(key)])
        {
            connections.ShouldContain(" " + said);
        }
        (await UsersAsync(network)).ShouldContain($"id = alice\n    {Word(Password)}");
        (await cloud.RouterFileAsync(network, "swanctl/swanctl.conf")).ShouldBe("include conf.d/*.conf\ninclude clients.conf\ninclude users.conf\n");
        (await cloud.RouterFileAsync(network, "dnsmasq.conf")).ShouldContain("listen-address=10.1.1.1\n");
        var rules = await cloud.RouterFileAsync(network, "nft.rules");
        foreach (var rule in (string[])[$"iifname \"p-*\" ip daddr {ip} udp dport {{ 500, 4500 }} accept", "oifname \"p-*\" ip daddr 10.9.9.1-10.9.9.8 rt ipsec missing drop",
            "ip saddr 10.9.9.1-10.9.9.8 ip daddr 10.1.1.0/24 meta ipsec exists accept", "ip saddr 10.1.1.0/24 ip daddr 10.9.9.1-10.9.9.8 accept"])
        {
            rules.ShouldContain(rule);
        }

        await AddAsync("bob@example");
        (await UsersAsync(network)).ShouldContain("id = bob@example\n");
        (await cloud.RouterFileAsync(network, "swanctl/clients.conf")).ShouldBe(connections, "who is in goes on");
        await SucceedsAsync("removeVpnUser", "username", "ALICE");
        (await UsersAsync(network)).ShouldNotContain("alice");
        (await cloud.ShapeAsync("vpnuser", "listVpnUsers", ("username", "Bob@Example")))["username"]!.GetValue<string>().ShouldBe("bob@example");

        await SucceedsAsync("deleteRemoteAccessVpn", "publicipid", address);
        foreach (var file in (string[])["clients.conf", "users.conf", "swanctl.conf"]) (await cloud.RouterFileAsync(network, "swanctl/" + file)).ShouldBeNull();
        (await cloud.RouterFileAsync(network, "nft.rules")).ShouldNotContain("ipsec");
        (await cloud.RefusedAsync(431, "deleteRemoteAccessVpn", ("publicipid", address))).ShouldContain($"{ip} has no remote access VPN");
        await SucceedsAsync("removeVpnUser", "username", "bob@example");
        (await cloud.RefusedAsync(431, "removeVpnUser", ("username", "bob@example"))).ShouldContain("no VPN user bob@example");
        await SucceedsAsync("destroyVirtualMachine", "id", guest);
        await cloud.ShouldBeCleanAsync();

        string Text(string field) => vpn[field]!.GetValue<string>();
    }

    private Task<string> UsersAsync(string network) => cloud.RouterFileAsync(network, "swanctl/users.conf");

    [Fact]
    public async Task In_a_vpc_the_tiers_lists_judge_and_ranges_meet_nothing_else()
    {
        var vpc = await cloud.VpcAsync("dialled-vpc", 60);
        var tier = await cloud.TierAsync(vpc, "dialled-tier", "10.60.1.1");
        await cloud.DeployAsync(tier, "dialled-tier-guest");
        var (address, ip) = await WayOutAsync("vpcid", vpc);
        var near = await cloud.DoneAsync("vpngateway", "createVpnGateway", ("vpcid", vpc));
        var office = await FarAsync("198.51.100.90", "172.30.0.0/24", "office");
        await cloud.DoneAsync("vpnconnection", "createVpnConnection", ("s2svpngatewayid", near.IdOf()), ("s2scustomergatewayid", office));
        await cloud.DoneAsync("staticroute", "createStaticRoute", ("vpcid", vpc), ("cidr", "192.168.60.0/24"), ("nexthop", "10.60.1.9"));
        (await RefusedAsync(431, "10.60.200.1-10.60.200.9")).ShouldContain("overlaps 10.60.0.0/16, where the guests are");
        (await RefusedAsync(431, "10.59.255.250-10.60.0.0")).ShouldContain("overlaps 10.60.0.0/16");
        (await RefusedAsync(537, "172.29.255.255-172.30.0.0")).ShouldContain("customer gateway office");
        (await RefusedAsync(537, "192.168.60.255-192.168.61.1")).ShouldContain("to which the static route");
        await cloud.DoneAsync("privategateway", "createPrivateGateway", Beside("172.31.60", "760"));
        (await RefusedAsync(537, "172.31.60.200-172.31.60.201")).ShouldContain("where the private gateway");

        (await OpenAsync(address, ("openfirewall", "false"), ("iprange", "10.9.9.1-10.9.9.8")))["publicip"]!.GetValue<string>().ShouldBe(ip);
        var rules = await cloud.RouterFileAsync(tier, "nft.rules");
        rules.ShouldContain($"ip daddr {ip} udp dport {{ 500, 4500 }} accept", customMessage: "a VPC has no firewall rules that could open it");
        rules.ShouldContain("ip saddr 10.9.9.1-10.9.9.8 ip daddr 10.60.0.0/16 meta ipsec exists goto tiers");
        (await cloud.RouterFileAsync(tier, "swanctl/clients.conf")).ShouldContain("local_ts = 10.60.0.0/16\n");
        (await cloud.RefusedAsync(431, "createRemoteAccessVpn", ("publicipid", address))).ShouldContain("has a remote access VPN already");

        (await cloud.RefusedAsync(537, "createStaticRoute", ("vpcid", vpc), ("cidr", "10.9.9.0/24"), ("nexthop", "10.60.1.9"))).ShouldContain("overlaps 10.9.9.1-10.9.9.8");
        (await cloud.RefusedAsync(537, "createVpnConnection", ("s2svpngatewayid", near.IdOf()), ("s2scustomergatewayid", await FarAsync("198.51.100.91", "10.9.0.0/16", "wide"))))
            .ShouldContain("overlaps 10.9.9.1-10.9.9.8");
        (await cloud.RefusedAsync(537, "createPrivateGateway", Beside("10.9.9", "761"))).ShouldContain("overlaps 10.9.9.1-10.9.9.8");
        var other = await cloud.DoneAsync("ipaddress", "associateIpAddress", ("vpcid", vpc));
        (await cloud.RefusedAsync(431, "createRemoteAccessVpn", ("publicipid", other.IdOf()))).ShouldContain("dial the address that guests go out by");

        Task<string> RefusedAsync(int code, string range) => cloud.RefusedAsync(code, "createRemoteAccessVpn", ("publicipid", address), ("iprange", range));
        (string, string)[] Beside(string network, string vlan) =>
            [("vpcid", vpc), ("ipaddress", network + ".2"), ("gateway", network + ".1"), ("netmask", "255.255.255.0"), ("vlan", vlan)];
        async Task<string> FarAsync(string gateway, string cidrs, string name) => (await cloud.DoneAsync("vpncustomergateway", "createVpnCustomerGateway",
            ("gateway", gateway), ("cidrlist", cidrs), ("name", name), ("ipsecpsk", "key"), ("ikepolicy", "aes128-sha256;modp2048"), ("esppolicy", "aes256-sha1"))).IdOf();
    }

    [Fact]
    public async Task It_goes_with_its_vpc()
    {
        var vpc = await cloud.VpcAsync("dialled-briefly", 61);
        var (address, _) = await WayOutAsync("vpcid", vpc);
        (await OpenAsync(address))["state"]!.GetValue<string>().ShouldBe("Running", "there is no router before the first guest");
        await SucceedsAsync("deleteVPC", "id", vpc);
        (await cloud.CallAsync("listRemoteAccessVpns", ("publicipid", address))).ShouldBe(200).Body.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_network_stays_for_those_who_dial_and_takes_its_vpn_along_when_deleted()
    {
        var (network, guest) = await cloud.WithGuestAsync("kept");
        var (address, ip) = await WayOutAsync("associatednetworkid", network);
        await OpenAsync(address);
        (await cloud.RefusedAsync(431, "disassociateIpAddress", ("id", address))).ShouldContain(ip);
        (await cloud.JobAsync("destroyVirtualMachine", ("id", guest), ("expunge", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("updateConfiguration", ("name", "network.gc.wait"), ("value", "0"))).ShouldBe(200);
        await using (var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope())
            await ActivatorUtilities.CreateInstance<NetworkGc>(scope.ServiceProvider).ReconcileAsync(CancellationToken.None);
        (await cloud.CallAsync("resetConfiguration", ("name", "network.gc.wait"))).ShouldBe(200);
        (await cloud.ShapeAsync("network", "listNetworks", ("id", network)))["state"]!.GetValue<string>().ShouldBe("Implemented");

        await SucceedsAsync("restartNetwork", "id", network);
        (await cloud.JobAsync("restartNetwork", ("id", network), ("cleanup", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.RouterFileAsync(network, "swanctl/clients.conf")).ShouldContain($"local_addrs = {ip}\n", customMessage: "a router that was built anew lets users in");
        await SucceedsAsync("deleteNetwork", "id", network);
        (await cloud.CallAsync("listRemoteAccessVpns", ("publicipid", address))).ShouldBe(200).Body.Count.ShouldBe(0);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task What_clients_dial_leads_nowhere_else()
    {
        var (network, guest) = await cloud.WithGuestAsync("ports");
        var (address, _) = await WayOutAsync("associatednetworkid", network);
        var forwarding = await cloud.DoneAsync("portforwardingrule", "createPortForwardingRule", Lead(4000, 5000));
        (await cloud.RefusedAsync(537, "createRemoteAccessVpn", ("publicipid", address))).ShouldContain($"port forwarding rule {forwarding.IdOf()} has ports of the address");
        await SucceedsAsync("deletePortForwardingRule", "id", forwarding.IdOf());
        await OpenAsync(address);
        foreach (var (first, last) in new[] { (500, 500), (4000, 4500) })
            (await cloud.RefusedAsync(537, "createPortForwardingRule", Lead(first, last))).ShouldContain("VPN clients dial UDP 500 and 4500");
        await cloud.DoneAsync("portforwardingrule", "createPortForwardingRule", Lead(501, 4499));

        (string, string)[] Lead(int first, int last) =>
        [
            ("ipaddressid", address), ("virtualmachineid", guest), ("protocol", "udp"), ("publicport", first.ToString(CultureInfo.InvariantCulture)),
            ("publicendport", last.ToString(CultureInfo.InvariantCulture)), ("privateport", first.ToString(CultureInfo.InvariantCulture)),
        ];
    }

    [Fact]
    public async Task Without_an_open_firewall_rules_say_who_may_dial()
    {
        var (network, _) = await cloud.WithGuestAsync("shut");
        var (address, ip) = await WayOutAsync("associatednetworkid", network);
        await OpenAsync(address, ("openfirewall", "false"));
        (await cloud.RouterFileAsync(network, "nft.rules")).ShouldNotContain("{ 500, 4500 }");
        await cloud.DoneAsync("firewallrule", "createFirewallRule", ("ipaddressid", address), ("protocol", "udp"), ("startport", "500"), ("cidrlist", "192.0.2.0/24"));
        (await cloud.RouterFileAsync(network, "nft.rules")).ShouldContain($"  chain {ip} {{\n    meta l4proto udp ct original proto-dst 500 ip saddr {{ 192.0.2.0/24 }} accept\n");
    }

    [Fact]
    public async Task What_a_router_refuses_is_as_it_was_before()
    {
        var (network, _) = await cloud.WithGuestAsync("refusing-clients");
        var (address, _) = await WayOutAsync("associatednetworkid", network);
        (await FailAtRouterAsync(network, "no such plugin", () => cloud.JobAsync("createRemoteAccessVpn", ("publicipid", address)))).ShouldBe(2);
        (await cloud.CallAsync("listRemoteAccessVpns", ("publicipid", address))).ShouldBe(200).Body.Count.ShouldBe(0);
        var owner = await cloud.DoneAsync("vpnuser", "addVpnUser", ("username", "steady"), ("password", Password));
        await OpenAsync(address);
        (await FailAtRouterAsync(network, "too many", () => cloud.JobAsync("addVpnUser", ("username", "late"), ("password", Password)))).ShouldBe(2);
        (await cloud.CallAsync("listVpnUsers", ("username", "late"))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await FailAtRouterAsync(network, "too few", () => cloud.JobAsync("removeVpnUser", ("username", "steady")))).ShouldBe(2);
        (await cloud.ShapeAsync("vpnuser", "listVpnUsers", ("id", owner.IdOf())))["state"]!.GetValue<string>().ShouldBe("Active");
        (await FailAtRouterAsync(network, "in use", () => cloud.JobAsync("deleteRemoteAccessVpn", ("publicipid", address)))).ShouldBe(2);
        (await cloud.ShapeAsync("remoteaccessvpn", "listRemoteAccessVpns", ("publicipid", address)))["state"]!.GetValue<string>().ShouldBe("Running");
        await SucceedsAsync("removeVpnUser", "username", "steady");
        await SucceedsAsync("deleteRemoteAccessVpn", "publicipid", address);
        await cloud.ShouldBeCleanAsync();
    }

    [Theory]
    [InlineData("10.9.9.1", "is not FIRST-LAST")]
    [InlineData("10.9.9.1-10.9.9.8-10.9.9.9", "is not FIRST-LAST")]
    [InlineData("10.9.9.1-10.9.9.8 }", "is not FIRST-LAST")]
    [InlineData("010.9.9.1-10.9.9.8", "is not FIRST-LAST")]
    [InlineData("::1-::2", "is not FIRST-LAST")]
    [InlineData("10.9.9.8-10.9.9.1", "ends before it begins")]
    [InlineData("10.0.0.0-10.0.16.0", "too large")]
    [InlineData("223.255.255.255-224.0.0.1", "no client can have")]
    [InlineData("127.0.0.1-127.0.0.2", "no client can have")]
    public async Task Ranges_that_no_client_could_have_are_refused(string range, string why)
    {
        var vpc = await cloud.VpcAsync("ranges", 62);
        var (address, _) = await WayOutAsync("vpcid", vpc);
        (await cloud.RefusedAsync(431, "createRemoteAccessVpn", ("publicipid", address), ("iprange", range))).ShouldContain(why);
        (await cloud.RefusedAsync(431, "updateConfiguration", ("name", "remote.access.vpn.client.iprange"), ("value", range))).ShouldContain(why);
        await SucceedsAsync("deleteVPC", "id", vpc);
    }

    [Theory]
    [InlineData("al", Password, "3 to 64 letters")]
    [InlineData(".alice", Password, "3 to 64 letters")]
    [InlineData("alice\n}", Password, "3 to 64 letters")]
    [InlineData("al ice", Password, "3 to 64 letters")]
    [InlineData("%any", Password, "3 to 64 letters")]
    [InlineData("alice", "ab", "3 to 64 printable")]
    [InlineData("alice", "two\nlines", "3 to 64 printable")]
    [InlineData("alice", "pässword", "3 to 64 printable")]
    public async Task Users_that_no_router_could_be_told_of_are_refused(string name, string password, string why) =>
        (await cloud.RefusedAsync(431, "addVpnUser", ("username", name), ("password", password))).ShouldContain(why);

    [Fact]
    public async Task Users_are_their_accounts_own_and_so_are_vpns()
    {
        var (mine, other) = (await cloud.TenantAsync("dials"), await cloud.TenantAsync("stranger-to-users"));
        var vpc = await cloud.VpcAsync("private-vpc", 63);
        var (address, _) = await WayOutAsync("vpcid", vpc);
        var vpn = await OpenAsync(address);
        (await DoneAsAsync(mine.Keys, "addVpnUser", ("username", "alice"), ("password", Password)))["vpnuser"]!["account"]!.GetValue<string>().ShouldBe("dials");
        (await DoneAsAsync(other.Keys, "addVpnUser", ("username", "alice"), ("password", Password)))["vpnuser"]!["account"]!.GetValue<string>().ShouldBe("stranger-to-users");
        (await cloud.AsAsync(mine.Keys, "addVpnUser", ("username", "Alice"), ("password", Password))).ShouldBe(431).ErrorText!.ShouldContain("has a VPN user Alice already");
        foreach (var keys in new[] { mine.Keys, other.Keys }) (await cloud.AsAsync(keys, "listVpnUsers")).ShouldBe(200).Body["count"]!.GetValue<int>().ShouldBe(1);
        for (var i = 1; i < 8; i++) await DoneAsAsync(mine.Keys, "addVpnUser", ("username", $"user{i}"), ("password", Password));
        (await cloud.AsAsync(mine.Keys, "addVpnUser", ("username", "ninth"), ("password", Password))).ShouldBe(535).ErrorText!.ShouldContain("has 8 VPN users");
        (await cloud.AsAsync(other.Keys, "removeVpnUser", ("username", "user1"))).ShouldBe(431).ErrorText!.ShouldContain("no VPN user user1");

        foreach (var command in (string[])["createRemoteAccessVpn", "deleteRemoteAccessVpn"])
        {
            var random = Guid.CreateVersion7().ToString();
            var refused = await cloud.AsAsync(other.Keys, command, ("publicipid", address));
            refused.Status.ShouldBe(431, refused.Text);
            refused.Text.Replace(address, random, StringComparison.Ordinal).ShouldBe((await cloud.AsAsync(other.Keys, command, ("publicipid", random))).Text);
        }
        (await cloud.AsAsync(other.Keys, "listRemoteAccessVpns", ("id", vpn.IdOf()))).Text.ShouldNotContain(vpn["presharedkey"]!.GetValue<string>());
        (await cloud.AsAsync(other.Keys, "listRemoteAccessVpns")).ShouldBe(200).Body.Count.ShouldBe(0);
        foreach (var command in (string[])["listVpnUsers", "listRemoteAccessVpns", "listEvents", "listAsyncJobs"])
            (await cloud.CallAsync(command, ("listall", "true"), ("page", "1"), ("pagesize", "500"))).ShouldBe(200).Text.ShouldNotContain("body");
        (await cloud.CallAsync("listEvents", ("listall", "true"), ("page", "1"), ("pagesize", "500"))).ShouldBe(200).Text.ShouldNotContain(vpn["presharedkey"]!.GetValue<string>());
        await using var db = cloud.Open();
        foreach (var row in await db.Set<VpnUser>().ToListAsync(CancellationToken.None)) Encoding.UTF8.GetString(row.WrappedPassword).ShouldNotContain("body");
    }

    private async Task<JsonObject> DoneAsAsync(KeyPair keys, string command, params (string, string)[] parameters)
    {
        var job = await cloud.JobAsAsync(keys, command, parameters);
        job["jobstatus"]!.GetValue<int>().ShouldBe(1, job.ToJsonString());
        return job["jobresult"]!.AsObject();
    }

    [Fact]
    public async Task An_offering_without_the_service_has_no_remote_access()
    {
        var offering = (await cloud.ShapeAsync("networkoffering", "createNetworkOffering",
            ("name", "undialled"), ("traffictype", "Guest"), ("guestiptype", "Isolated"), ("supportedservices", "Dhcp,SourceNat"), ("enable", "true"))).IdOf();
        var network = await cloud.NetworkAsync("undialled", ("networkofferingid", offering));
        await cloud.DeployAsync(network, "undialled-guest");
        var (address, _) = await WayOutAsync("associatednetworkid", network);
        (await cloud.RefusedAsync(431, "createRemoteAccessVpn", ("publicipid", address))).ShouldContain("undialled lacks the service Vpn");
    }
}
