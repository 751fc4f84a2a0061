using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

public sealed class FirewallRuleTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task A_rule_is_in_the_router_until_it_is_deleted()
    {
        var (network, _) = await cloud.WithGuestAsync("open");
        var address = await cloud.AcquireAsync(network);
        var rule = await cloud.DoneAsync("firewallrule", "createFirewallRule",
            ("ipaddressid", address.IdOf()), ("protocol", "TCP"), ("startport", "22"), ("endport", "80"), ("cidrlist", "198.51.100.7/24,198.51.100.0/25,192.0.2.1/32"));
        rule["state"]!.GetValue<string>().ShouldBe("Active");
        rule["cidrlist"]!.GetValue<string>().ShouldBe("192.0.2.1/32,198.51.100.0/24");
        rule["startport"]!.GetValue<int>().ShouldBe(22);
        var ip = address["ipaddress"]!.GetValue<string>();
        (await cloud.RouterFileAsync(network, "nft.rules")).ShouldContain(
            $"  chain {ip} {{\n    meta l4proto tcp ct original proto-dst 22-80 ip saddr {{ 192.0.2.1/32, 198.51.100.0/24 }} accept\n  }}\n");

        var listed = await cloud.ShapeAsync("firewallrule", "listFirewallRules", ("ipaddressid", address.IdOf()));
        listed.IdOf().ShouldBe(rule.IdOf());
        listed["ipaddress"]!.GetValue<string>().ShouldBe(ip);

        (await cloud.JobAsync("deleteFirewallRule", ("id", rule.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.RouterFileAsync(network, "nft.rules")).ShouldNotContain($"chain {ip}");
        (await cloud.CallAsync("listFirewallRules", ("ipaddressid", address.IdOf()))).ShouldBe(200).Body.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_rule_that_another_says_already_is_refused_and_names_it()
    {
        var network = await cloud.NetworkAsync("twice");
        var address = (await cloud.AcquireAsync(network)).IdOf();
        var rule = await cloud.DoneAsync("firewallrule", "createFirewallRule", ("ipaddressid", address), ("protocol", "tcp"), ("startport", "20"), ("endport", "30"));
        (await cloud.RefusedAsync(537, "createFirewallRule", ("ipaddressid", address), ("protocol", "tcp"), ("startport", "30"))).ShouldContain(rule.IdOf());
        // Another network may come in by another rule.
        await cloud.DoneAsync("firewallrule", "createFirewallRule", ("ipaddressid", address), ("protocol", "tcp"), ("startport", "30"), ("cidrlist", "192.0.2.0/24"));
        await cloud.DoneAsync("firewallrule", "createFirewallRule", ("ipaddressid", address), ("protocol", "udp"), ("startport", "30"));
    }

    [Fact]
    public async Task What_is_no_rule_is_refused()
    {
        var address = (await cloud.AcquireAsync(await cloud.NetworkAsync("bad"))).IdOf();
        foreach (var (name, value, words) in new[]
        {
            ("protocol", "tcpp", "use tcp, udp, icmp, all"), ("protocol", "256", "use tcp, udp, icmp, all"),
            ("startport", "0", "ports are 1 to 65535"), ("startport", "65536", "ports are 1 to 65535"),
            ("endport", "21", "endport 21 is below startport 22"), ("icmptype", "8", "go with the protocol icmp"),
            ("cidrlist", "10.0.0.0", "is not an IPv4 network"), ("cidrlist", "10.0.0.0/33", "is not an IPv4 network"),
            ("cidrlist", "::/0", "is not an IPv4 network"), ("cidrlist", "010.0.0.0/8", "is not an IPv4 network"),
            ("cidrlist", "10.0.0.0/8 accept", "is not an IPv4 network"),
        })
        {
            var sent = new Dictionary<string, string> { ["ipaddressid"] = address, ["protocol"] = "tcp", ["startport"] = "22", [name] = value };
            (await cloud.RefusedAsync(431, "createFirewallRule", [.. sent.Select(p => (p.Key, p.Value))])).ShouldContain(words);
        }
        (await cloud.CallAsync("listFirewallRules", ("ipaddressid", address))).ShouldBe(200).Body.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_rule_that_the_router_refuses_is_gone_and_the_job_says_why()
    {
        var (network, _) = await cloud.WithGuestAsync("refusing");
        var address = (await cloud.AcquireAsync(network)).IdOf();
        var router = await cloud.RouterIdAsync(network);
        var job = await cloud.WhileRefusingAsync(router, "nft", "out of memory",
            () => cloud.JobAsync("createFirewallRule", ("ipaddressid", address), ("protocol", "all")));
        job["jobresultcode"]!.GetValue<int>().ShouldBe(534);
        job["jobresult"]!["errortext"]!.GetValue<string>().ShouldContain("nft refused the new one (out of memory)");
        (await cloud.CallAsync("listFirewallRules", ("ipaddressid", address))).ShouldBe(200).Body.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Guests_may_be_kept_from_sending_out()
    {
        var (network, _) = await cloud.WithGuestAsync("egress");
        var rule = await cloud.DoneAsync("firewallrule", "createEgressFirewallRule",
            ("networkid", network), ("protocol", "tcp"), ("startport", "25"), ("destcidrlist", "192.0.2.0/24"));
        rule["traffictype"]!.GetValue<string>().ShouldBe("Egress");
        rule["cidrlist"]!.GetValue<string>().ShouldBe("10.1.1.0/24");
        (await cloud.RouterFileAsync(network, "nft.rules")).ShouldContain(
            "  chain egress {\n    meta l4proto tcp th dport 25 ip saddr { 10.1.1.0/24 } ip daddr { 192.0.2.0/24 } drop\n    accept\n  }\n");
        (await cloud.RefusedAsync(431, "createEgressFirewallRule", ("networkid", network), ("protocol", "all"), ("cidrlist", "10.0.0.0/8")))
            .ShouldContain("is not within the network");
        (await cloud.ShapeAsync("firewallrule", "listEgressFirewallRules", ("networkid", network))).IdOf().ShouldBe(rule.IdOf());
        (await cloud.CallAsync("listFirewallRules", ("networkid", network))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.CallAsync("deleteFirewallRule", ("id", rule.IdOf()))).Status.ShouldBe(431);
        (await cloud.JobAsync("deleteEgressFirewallRule", ("id", rule.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.RouterFileAsync(network, "nft.rules")).ShouldContain("  chain egress {\n    accept\n  }\n");
    }

    [Fact]
    public async Task Where_the_offering_keeps_all_in_rules_let_out()
    {
        var offering = (await cloud.ShapeAsync("networkoffering", "createNetworkOffering", ("name", "closed"), ("displaytext", "closed"), ("traffictype", "Guest"),
            ("guestiptype", "Isolated"), ("egressdefaultpolicy", "false"), ("enable", "true"))).IdOf();
        var network = (await cloud.ShapeAsync("network", "createNetwork", ("name", "closed"), ("displaytext", "closed"), ("zoneid", cloud.Zone), ("networkofferingid", offering))).IdOf();
        await cloud.DeployAsync(network, "closed-guest");
        (await cloud.RouterFileAsync(network, "nft.rules")).ShouldContain("  chain egress {\n    drop\n  }\n");
        await cloud.DoneAsync("firewallrule", "createEgressFirewallRule", ("networkid", network), ("protocol", "icmp"), ("icmptype", "8"));
        (await cloud.RouterFileAsync(network, "nft.rules")).ShouldContain("  chain egress {\n    icmp type 8 ip saddr { 10.1.1.0/24 } accept\n    drop\n  }\n");
    }

    [Fact]
    public async Task What_the_offering_lacks_is_refused()
    {
        var offering = (await cloud.ShapeAsync("networkoffering", "createNetworkOffering", ("name", "plain"), ("displaytext", "plain"), ("traffictype", "Guest"),
            ("guestiptype", "Isolated"), ("supportedservices", "Dhcp,Dns,SourceNat"), ("enable", "true"))).IdOf();
        var network = (await cloud.ShapeAsync("network", "createNetwork", ("name", "plain"), ("displaytext", "plain"), ("zoneid", cloud.Zone), ("networkofferingid", offering))).IdOf();
        var address = (await cloud.AcquireAsync(network)).IdOf();
        (await cloud.RefusedAsync(431, "createFirewallRule", ("ipaddressid", address), ("protocol", "all"))).ShouldContain("lacks the service Firewall");
    }
}
