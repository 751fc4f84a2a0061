using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

public sealed class SharedNetworkTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private static readonly (string, string)[] Range =
        [("gateway", "192.168.7.1"), ("netmask", "255.255.255.0"), ("startip", "192.168.7.20"), ("endip", "192.168.7.29")];

    [Fact]
    public async Task Accounts_share_a_network_whose_router_only_serves()
    {
        var network = await ShareAsync("campus", [("vlan", "7001"), .. Range]);
        var shown = await cloud.ShapeAsync("network", "listNetworks", ("id", network));
        (shown["type"]!.GetValue<string>(), shown["acltype"]!.GetValue<string>(), shown["vlan"]!.GetValue<string>(), shown["subdomainaccess"]!.GetValue<bool>(), shown["account"])
            .ShouldBe(("Shared", "Domain", "7001", true, null));
        shown["service"]!.AsArray().Select(s => s!["name"]!.GetValue<string>()).ShouldBe(["Dhcp", "Dns", "UserData"]);
        var ips = new List<string>();
        foreach (var name in new[] { "first-on-campus", "second-on-campus" })
        {
            var tenant = await cloud.TenantAsync(name);
            var listed = (await cloud.AsAsync(tenant.Keys, "listNetworks", ("id", network))).ShouldBe(200).Body["network"]!.AsArray().ShouldHaveSingleItem()!;
            listed["vlan"].ShouldBeNull();
            var vm = (await cloud.JobAsAsync(tenant.Keys, "deployVirtualMachine", ("name", name), ("zoneid", cloud.Zone), ("templateid", cloud.Template),
                ("serviceofferingid", cloud.Small), ("networkids", network)))["jobresult"]!["virtualmachine"]!;
            var card = vm["nic"]!.AsArray().ShouldHaveSingleItem()!;
            (card["type"]!.GetValue<string>(), card["gateway"]!.GetValue<string>()).ShouldBe(("Shared", "192.168.7.1"));
            ips.Add(card["ipaddress"]!.GetValue<string>());
            foreach (var command in new[] { "deleteNetwork", "updateNetwork", "restartNetwork" })
                (await cloud.AsAsync(tenant.Keys, command, ("id", network))).Status.ShouldBe(431, command);
        }
        var router = await cloud.RouterAsync(network);
        var own = router["guestipaddress"]!.GetValue<string>();
        ips.Append(own).ShouldAllBe(ip => int.Parse(ip.Split('.', StringSplitOptions.None)[3], null) >= 20 && int.Parse(ip.Split('.', StringSplitOptions.None)[3], null) <= 29);
        ips.Append(own).Distinct().Count().ShouldBe(3);
        (await cloud.SpecAsync(router.IdOf())).Nics.ShouldHaveSingleItem();
        (await cloud.RouterFileAsync(network, "interfaces")).ShouldEndWith($" guest {own}/24 1500 192.168.7.1\n");
        var served = await cloud.RouterFileAsync(network, "dnsmasq.conf");
        served.ShouldContain("option:router,192.168.7.1\n");
        served.ShouldContain($"option:dns-server,{own}\n");
        (await cloud.RouterFileAsync(network, "nft.rules")).ShouldContain("ip saddr != { 0.0.0.0, 192.168.7.0/24 } drop");
        (await cloud.RouterFileAsync(network, "metadata/" + ips[0])).ShouldContain($"public-ipv4 {ips[0]}\n");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task It_keeps_its_number_until_it_is_deleted()
    {
        var network = await ShareAsync("lasting", [("vlan", "vxlan://7002"), .. Range]);
        (await RefusedAsync(431, [("vlan", "7002"), .. Range])).ShouldContain("has the VXLAN 7002");
        var vm = (await cloud.DeployAsync(network, "only-one")).IdOf();
        (await cloud.JobAsync("deleteNetwork", ("id", network)))["jobresultcode"]!.GetValue<int>().ShouldBe(536);
        (await cloud.JobAsync("destroyVirtualMachine", ("id", vm), ("expunge", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.JobAsync("deleteNetwork", ("id", network)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        await ShareAsync("next", [("vlan", "7002"), .. Range]);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task One_is_on_the_hosts_own_bridge()
    {
        var network = await ShareAsync("plain", [("vlan", "untagged"), .. Range]);
        (await RefusedAsync(431, [("vlan", "vlan://untagged"), .. Range])).ShouldContain("untagged already");
        var card = (await cloud.DeployAsync(network, "plain-guest", ("ipaddress", "192.168.7.25")))["nic"]![0]!;
        card["ipaddress"]!.GetValue<string>().ShouldBe("192.168.7.25");
        var shown = await cloud.ShapeAsync("network", "listNetworks", ("id", network));
        (shown["vlan"]!.GetValue<string>(), shown["broadcasturi"]!.GetValue<string>()).ShouldBe(("untagged", "vlan://untagged"));
    }

    [Fact]
    public async Task Who_it_is_not_shared_with_does_not_see_it()
    {
        var (one, other) = (await cloud.TenantAsync("chosen"), await cloud.TenantAsync("not-chosen"));
        (string, string)[] chosen = [("account", one.Account.Name), ("domainid", one.Domain.Id.ToString())];
        var ofAccount = await ShareAsync("of-account", [("vlan", "7010"), ("acltype", "Account"), .. chosen, .. Range]);
        var ofDomain = await ShareAsync("of-domain", [("vlan", "7011"), ("domainid", one.Domain.Id.ToString()), ("subdomainaccess", "false"), .. Range]);
        foreach (var network in new[] { ofAccount, ofDomain })
        {
            (await cloud.AsAsync(one.Keys, "listNetworks", ("id", network))).ShouldBe(200).Body["count"]!.GetValue<int>().ShouldBe(1);
            (await cloud.AsAsync(other.Keys, "listNetworks", ("id", network))).ShouldBe(200).Body.Count.ShouldBe(0);
            var refused = await cloud.AsAsync(other.Keys, "deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", cloud.Template),
                ("serviceofferingid", cloud.Small), ("networkids", network));
            (refused.Status, refused.Text).ShouldBe((431, refused.Text));
            (await cloud.RefusedAsync(531, "deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small),
                ("networkids", network), ("account", other.Account.Name), ("domainid", other.Domain.Id.ToString()))).ShouldContain("not shared");
        }
        (await cloud.ShapeAsync("network", "listNetworks", ("id", ofAccount)))["account"]!.GetValue<string>().ShouldBe(one.Account.Name);
        (await cloud.CallAsync("listNetworks", ("acltype", "Account"), ("listall", "true"), ("type", "Shared"))).ShouldBe(200).Body["count"]!.GetValue<int>().ShouldBe(1);
        (await cloud.AsAsync(one.Keys, "createNetwork", [("name", "own"), ("zoneid", cloud.Zone), ("networkofferingid", await OfferingAsync()), ("vlan", "7012"), .. Range]))
            .Status.ShouldBe(531);
    }

    [Theory]
    [InlineData("192.168.7.1", "192.168.7.20", "192.168.8.20", "8000", "does not lie in 192.168.7.0/24")]
    [InlineData("192.168.7.1", "192.168.7.20", "192.168.7.20", "8000", "too small")]
    [InlineData("192.168.7.1", "192.168.7.1", "192.168.7.20", "8000", "contains the gateway")]
    [InlineData("192.168.7.1", "192.168.7.20", "192.168.7.29", "0", "1 to 16777215")]
    [InlineData("192.168.7.1", "192.168.7.20", "192.168.7.29", "vlan://100", "no VLANs here")]
    [InlineData("192.168.7.1", null, "192.168.7.29", "8000", "startip and endip")]
    [InlineData("192.168.7.1", "192.168.7.20", "192.168.7.29", null, "vlan=untagged")]
    [InlineData(null, "192.168.7.20", "192.168.7.29", "8000", "give its gateway and netmask")]
    public async Task What_cannot_be_shared_is_refused(string? gateway, string? start, string? end, string? vlan, string why)
    {
        (string, string?)[] given = [("gateway", gateway), ("netmask", gateway is null ? null : "255.255.255.0"), ("startip", start), ("endip", end), ("vlan", vlan)];
        (await RefusedAsync(431, [.. given.Where(g => g.Item2 is not null).Select(g => (g.Item1, g.Item2!))])).ShouldContain(why);
    }

    [Fact]
    public async Task Only_shared_networks_are_of_a_domain_and_only_few_services_are_theirs()
    {
        (await cloud.RefusedAsync(431, "createNetwork", ("name", "odd"), ("zoneid", cloud.Zone), ("networkofferingid", cloud.NetworkOffering), ("acltype", "Domain")))
            .ShouldContain("of shared networks");
        (await cloud.RefusedAsync(431, "createNetworkOffering", ("name", "odd"), ("traffictype", "Guest"), ("guestiptype", "Shared"), ("supportedservices", "SourceNat")))
            .ShouldContain("in shared networks");
    }

    private async Task<string> ShareAsync(string name, (string, string)[] more) =>
        (await cloud.ShapeAsync("network", "createNetwork", [("name", name), ("zoneid", cloud.Zone), ("networkofferingid", await OfferingAsync()), .. more])).IdOf();

    private async Task<string> RefusedAsync(int code, (string, string)[] more) =>
        await cloud.RefusedAsync(code, "createNetwork", [("name", "odd"), ("zoneid", cloud.Zone), ("networkofferingid", await OfferingAsync()), .. more]);

    private async Task<string> OfferingAsync()
    {
        var listed = (await cloud.CallAsync("listNetworkOfferings", ("name", "shared"))).ShouldBe(200).Body["networkoffering"];
        return listed?[0]!["id"]!.GetValue<string>() ?? (await cloud.ShapeAsync("networkoffering", "createNetworkOffering",
            ("name", "shared"), ("traffictype", "Guest"), ("guestiptype", "Shared"), ("enable", "true"))).IdOf();
    }
}
