using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

public sealed class LoadBalancerTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private async Task<(string Network, string Guest, string Ip, string Id)> BalancerAsync(string name, params (string Name, string Value)[] more)
    {
        var (network, guest) = await cloud.WithGuestAsync(name);
        var address = await cloud.AcquireAsync(network);
        var balancer = await cloud.DoneAsync("loadbalancer", "createLoadBalancerRule",
            [("name", name), ("publicipid", address.IdOf()), ("publicport", "8080"), ("privateport", "80"), ("algorithm", "roundrobin"), .. more]);
        return (network, guest, address["ipaddress"]!.GetValue<string>(), balancer.IdOf());
    }

    [Fact]
    public async Task What_comes_is_spread_among_members()
    {
        var (network, guest, ip, balancer) = await BalancerAsync("spread", ("cidrlist", "192.0.2.0/24"));
        var other = (await cloud.DeployAsync(network, "spread-other")).IdOf();
        (await cloud.JobAsync("assignToLoadBalancerRule", ("id", balancer), ("virtualmachineids", $"{guest},{other}")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        var config = await cloud.RouterFileAsync(network, "haproxy.cfg");
        config.ShouldContain($"listen {balancer}\n    bind {ip}:8080\n    mode tcp\n    balance roundrobin\n    server ");
        config.Split("    server ").Length.ShouldBe(3);
        config.ShouldMatch(@"    server [0-9a-f-]+ 10\.1\.1\.\d+:80 check\n");
        (await cloud.RouterFileAsync(network, "nft.rules")).ShouldContain($"  chain {ip} {{\n    meta l4proto tcp ct original proto-dst 8080 ip saddr {{ 192.0.2.0/24 }} accept\n");

        var listed = await cloud.ShapeAsync("loadbalancerrule", "listLoadBalancerRules", ("virtualmachineid", guest));
        listed.IdOf().ShouldBe(balancer);
        listed["publicip"]!.GetValue<string>().ShouldBe(ip);
        listed["publicport"]!.GetValue<string>().ShouldBe("8080");
        listed["cidrlist"]!.GetValue<string>().ShouldBe("192.0.2.0/24");
        (await cloud.CallAsync("listLoadBalancerRuleInstances", ("id", balancer))).ShouldBe(200).Body["loadbalancerruleinstance"]!.AsArray().Count.ShouldBe(2);

        (await cloud.JobAsync("removeFromLoadBalancerRule", ("id", balancer), ("virtualmachineids", guest)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.RouterFileAsync(network, "haproxy.cfg")).Split("    server ").Length.ShouldBe(2);
        (await cloud.ShapeAsync("loadbalancerruleinstance", "listLoadBalancerRuleInstances", ("id", balancer), ("applied", "false"))).IdOf().ShouldBe(guest);
        (await cloud.RefusedAsync(431, "removeFromLoadBalancerRule", ("id", balancer), ("virtualmachineids", guest))).ShouldContain("is no member");

        (await cloud.JobAsync("destroyVirtualMachine", ("id", other), ("expunge", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("listLoadBalancerRuleInstances", ("id", balancer))).ShouldBe(200).Body.Count.ShouldBe(0);

        (await cloud.JobAsync("deleteLoadBalancerRule", ("id", balancer)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("listFirewallRules", ("networkid", network))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.CallAsync("listLoadBalancerRules", ("networkid", network))).ShouldBe(200).Body.Count.ShouldBe(0);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task It_may_speak_otherwise_and_let_others_in()
    {
        var (network, guest, ip, balancer) = await BalancerAsync("speaking");
        (await cloud.JobAsync("assignToLoadBalancerRule", ("id", balancer), ("virtualmachineids", guest)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        var changed = await cloud.DoneAsync("loadbalancer", "updateLoadBalancerRule", ("id", balancer), ("protocol", "tcp-proxy"), ("cidrlist", "192.0.2.0/24,198.51.100.0/24"));
        (changed["protocol"]!.GetValue<string>(), changed["cidrlist"]!.GetValue<string>()).ShouldBe(("tcp-proxy", "192.0.2.0/24,198.51.100.0/24"));
        (await cloud.RouterFileAsync(network, "haproxy.cfg")).ShouldContain(" check send-proxy\n");
        (await cloud.RouterFileAsync(network, "nft.rules")).ShouldContain(
            $"  chain {ip} {{\n    meta l4proto tcp ct original proto-dst 8080 ip saddr {{ 192.0.2.0/24, 198.51.100.0/24 }} accept\n");
        (await cloud.ShapeAsync("firewallrule", "listFirewallRules", ("networkid", network)))["cidrlist"]!.GetValue<string>().ShouldBe("192.0.2.0/24,198.51.100.0/24");

        var refused = await cloud.WhileRefusingAsync(await cloud.RouterIdAsync(network), "nft", "no room",
            () => cloud.JobAsync("updateLoadBalancerRule", ("id", balancer), ("protocol", "tcp"), ("cidrlist", "203.0.113.0/24")));
        refused["jobstatus"]!.GetValue<int>().ShouldBe(2);
        var kept = await cloud.ShapeAsync("loadbalancerrule", "listLoadBalancerRules", ("id", balancer));
        (kept["protocol"]!.GetValue<string>(), kept["cidrlist"]!.GetValue<string>()).ShouldBe(("tcp-proxy", "192.0.2.0/24,198.51.100.0/24"));
        (await cloud.RefusedAsync(431, "updateLoadBalancerRule", ("id", balancer), ("protocol", "udp"))).ShouldContain("use tcp, tcp-proxy or ssl");
        (await cloud.RefusedAsync(431, "updateLoadBalancerRule", ("id", balancer), ("cidrlist", "nowhere"))).ShouldContain("nowhere");
        var (_, _, _, shut) = await BalancerAsync("speaking-shut", ("openfirewall", "false"));
        (await cloud.RefusedAsync(431, "updateLoadBalancerRule", ("id", shut), ("cidrlist", "192.0.2.0/24"))).ShouldContain("has no firewall rule of its own");
    }

    [Fact]
    public async Task It_may_choose_otherwise()
    {
        var (network, _, _, balancer) = await BalancerAsync("otherwise");
        var changed = await cloud.DoneAsync("loadbalancer", "updateLoadBalancerRule", ("id", balancer), ("algorithm", "LeastConn"), ("name", "renamed"));
        changed["algorithm"]!.GetValue<string>().ShouldBe("leastconn");
        changed["name"]!.GetValue<string>().ShouldBe("renamed");
        (await cloud.RouterFileAsync(network, "haproxy.cfg")).ShouldContain("    balance leastconn\n");
        (await cloud.DoneAsync("loadbalancer", "updateLoadBalancerRule", ("id", balancer), ("description", "for people")))
            ["description"]!.GetValue<string>().ShouldBe("for people");
        (await cloud.RefusedAsync(431, "updateLoadBalancerRule", ("id", balancer), ("algorithm", "7"))).ShouldContain("use roundrobin, leastconn or source");
    }

    [Theory]
    [InlineData("LbCookie", "cookie-name=SRV,nocache=true", "    mode http\n", "    cookie SRV insert indirect nocache\n")]
    [InlineData("lbcookie", "", "    mode http\n", "    cookie STRATIFORM insert indirect\n")]
    [InlineData("AppCookie", "cookie-name=JSESSIONID,request-learn=true", "    stick match req.cook(JSESSIONID)\n", "    stick store-request req.cook(JSESSIONID)\n")]
    [InlineData("SourceBased", "tablesize=100k,expire=10m", "    stick-table type ip size 100k expire 10m\n", "    stick on src\n")]
    public async Task Clients_come_back_to_the_member_that_they_had(string method, string parameters, string line, string other)
    {
        var (network, guest, _, balancer) = await BalancerAsync("sticky-" + Guid.CreateVersion7().ToString()[^8..]);
        (await cloud.JobAsync("assignToLoadBalancerRule", ("id", balancer), ("virtualmachineids", guest)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        var sent = parameters.Split(',', StringSplitOptions.RemoveEmptyEntries).SelectMany((p, i) => new[]
        {
            ($"param[{i}].name", p.Split('=')[0]), ($"param[{i}].value", p.Split('=')[1]),
        });
        var made = await cloud.DoneAsync("stickinesspolicies", "createLBStickinessPolicy", [("lbruleid", balancer), ("name", "sticky"), ("methodname", method), .. sent]);
        made["lbruleid"]!.GetValue<string>().ShouldBe(balancer);
        var config = await cloud.RouterFileAsync(network, "haproxy.cfg");
        config.ShouldContain(line);
        config.ShouldContain(other);
        var policy = (await cloud.ShapeAsync("stickinesspolicies", "listLBStickinessPolicies", ("lbruleid", balancer)))["stickinesspolicy"]![0]!.AsObject();
        policy["methodname"]!.GetValue<string>().ShouldBe(method, StringCompareShould.IgnoreCase);
        (await cloud.RefusedAsync(537, "createLBStickinessPolicy", ("lbruleid", balancer), ("name", "b"), ("methodname", "SourceBased"))).ShouldContain(policy.IdOf());
        (await cloud.JobAsync("deleteLBStickinessPolicy", ("id", policy.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.RouterFileAsync(network, "haproxy.cfg")).ShouldNotContain(other);
    }

    [Fact]
    public async Task What_is_no_stickiness_is_refused()
    {
        var (_, _, _, balancer) = await BalancerAsync("unsticky");
        foreach (var (method, name, value, words) in new[]
        {
            ("Cookie", "", "", "use LbCookie, AppCookie, SourceBased"), ("LbCookie", "cookie-name", "a b", "param cookie-name cannot be a b"),
            ("LbCookie", "expire", "1m", "has no parameter expire"), ("SourceBased", "tablesize", "900m", "param tablesize cannot be 900m"),
            ("SourceBased", "expire", "1m stats socket", "param expire cannot be"),
        })
        {
            (string, string)[] more = name.Length > 0 ? [("param[0].name", name), ("param[0].value", value)] : [];
            (await cloud.RefusedAsync(431, "createLBStickinessPolicy", [("lbruleid", balancer), ("name", "s"), ("methodname", method), .. more])).ShouldContain(words);
        }
    }

    [Fact]
    public async Task Ports_that_are_taken_are_refused_both_ways()
    {
        var (network, guest) = await cloud.WithGuestAsync("taken");
        var address = (await cloud.AcquireAsync(network)).IdOf();
        (string, string)[] balancer = [("name", "b"), ("publicipid", address), ("publicport", "80"), ("privateport", "80"), ("algorithm", "source")];
        (string, string)[] forwarding =
            [("ipaddressid", address), ("virtualmachineid", guest), ("protocol", "tcp"), ("publicport", "70"), ("publicendport", "90"), ("privateport", "70")];
        var first = await cloud.DoneAsync("loadbalancer", "createLoadBalancerRule", balancer);
        (await cloud.RefusedAsync(537, "createPortForwardingRule", forwarding)).ShouldContain($"The load balancer {first.IdOf()}");
        (await cloud.RefusedAsync(537, "createLoadBalancerRule", balancer)).ShouldContain("spreads tcp 80 of");
        (await cloud.RefusedAsync(537, "enableStaticNat", ("ipaddressid", address), ("virtualmachineid", guest))).ShouldContain("The load balancer");
        (await cloud.JobAsync("deleteLoadBalancerRule", ("id", first.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        await cloud.DoneAsync("portforwardingrule", "createPortForwardingRule", forwarding);
        (await cloud.RefusedAsync(537, "createLoadBalancerRule", balancer)).ShouldContain("leads tcp 70-90 of");
        foreach (var (name, value) in new[] { ("algorithm", "fair"), ("protocol", "udp"), ("publicport", "0"), ("privateport", "70000") })
            (await cloud.CallAsync("createLoadBalancerRule", [.. balancer.Where(p => p.Item1 != name), (name, value)])).Status.ShouldBe(431);
    }

    [Fact]
    public async Task Others_load_balancers_and_guests_are_like_none()
    {
        var (_, guest, _, balancer) = await BalancerAsync("mine");
        var (_, elsewhere) = await cloud.WithGuestAsync("not-here");
        (await cloud.RefusedAsync(431, "assignToLoadBalancerRule", ("id", balancer), ("virtualmachineids", elsewhere))).ShouldContain("is not in the network");
        var other = await cloud.TenantAsync("stranger-to-balancers");
        var random = Guid.CreateVersion7().ToString();
        foreach (var command in new[] { "assignToLoadBalancerRule", "removeFromLoadBalancerRule", "deleteLoadBalancerRule", "updateLoadBalancerRule", "listLoadBalancerRuleInstances" })
        {
            (string, string)[] more = command is "assignToLoadBalancerRule" or "removeFromLoadBalancerRule"
                ? [("virtualmachineids", guest)] : [];
            var theirs = await cloud.AsAsync(other.Keys, command, [("id", balancer), .. more]);
            theirs.Status.ShouldBe(431, theirs.Text);
            theirs.Text.Replace(balancer, random, StringComparison.Ordinal).ShouldBe((await cloud.AsAsync(other.Keys, command, [("id", random), .. more])).Text);
        }
    }
}
