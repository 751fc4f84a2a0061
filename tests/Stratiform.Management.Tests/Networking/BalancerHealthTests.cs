using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.Networking;

/// <summary>How load balancers look after their members, what they have counted, and how both are seen.</summary>
public sealed class BalancerHealthTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private async Task<(string Network, string Guest, string Ip, string Id)> BalancerAsync(string name, string port = "8080")
    {
        var (network, guest) = await cloud.WithGuestAsync(name);
        var address = await cloud.AcquireAsync(network);
        var balancer = await cloud.DoneAsync("loadbalancer", "createLoadBalancerRule",
            ("name", name), ("publicipid", address.IdOf()), ("publicport", port), ("privateport", "80"), ("algorithm", "roundrobin"));
        (await cloud.JobAsync("assignToLoadBalancerRule", ("id", balancer.IdOf()), ("virtualmachineids", guest)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        return (network, guest, address["ipaddress"]!.GetValue<string>(), balancer.IdOf());
    }

    [Fact]
    public async Task Members_are_asked_as_the_policy_says()
    {
        var (network, _, ip, balancer) = await BalancerAsync("asked", "80");
        var made = await cloud.DoneAsync("healthcheckpolicies", "createLBHealthCheckPolicy", ("lbruleid", balancer), ("description", "pages"));
        var policy = made["healthcheckpolicy"]![0]!.AsObject();
        policy["healthcheckinterval"]!.GetValue<int>().ShouldBe(5);
        (await cloud.RouterFileAsync(network, "haproxy.cfg")).ShouldContain(
            $"    option httpchk\n    http-check send meth GET uri / ver HTTP/1.1 hdr Host {ip}\n    timeout check 5s\n    default-server inter 5s fall 3 rise 2\n    server ");
        (await cloud.RefusedAsync(537, "createLBHealthCheckPolicy", ("lbruleid", balancer))).ShouldContain(policy.IdOf());

        var changed = await cloud.DoneAsync("healthcheckpolicies", "updateLBHealthCheckPolicy", ("id", policy.IdOf()), ("pingpath", "/health?full=1"),
            ("responsetimeout", "2"), ("intervaltime", "10"), ("healthythreshold", "4"), ("unhealthythreshold", "1"));
        changed["healthcheckpolicy"]![0]!["pingpath"]!.GetValue<string>().ShouldBe("/health?full=1");
        changed["healthcheckpolicy"]![0]!["description"]!.GetValue<string>().ShouldBe("pages");
        (await cloud.RouterFileAsync(network, "haproxy.cfg")).ShouldContain(
            $" uri /health?full=1 ver HTTP/1.1 hdr Host {ip}\n    timeout check 2s\n    default-server inter 10s fall 1 rise 4\n");
        (await cloud.ShapeAsync("healthcheckpolicies", "listLBHealthCheckPolicies", ("lbruleid", balancer)))["healthcheckpolicy"]![0]!["id"]!.GetValue<string>()
            .ShouldBe(policy.IdOf());
        (await cloud.JobAsync("deleteLBHealthCheckPolicy", ("id", policy.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.RouterFileAsync(network, "haproxy.cfg")).ShouldNotContain("httpchk");
        (await cloud.CallAsync("listLBHealthCheckPolicies", ("lbruleid", balancer))).ShouldBe(200).Body.Count.ShouldBe(0);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task What_passes_bytes_on_asks_for_a_connection_unless_a_path_is_named()
    {
        var (network, _, _, balancer) = await BalancerAsync("bytes");
        var policy = (await cloud.DoneAsync("healthcheckpolicies", "createLBHealthCheckPolicy", ("lbruleid", balancer), ("intervaltime", "1")))["healthcheckpolicy"]![0]!.AsObject();
        var config = await cloud.RouterFileAsync(network, "haproxy.cfg");
        config.ShouldContain("    default-server inter 1s fall 3 rise 2\n");
        config.ShouldNotContain("httpchk");
        await cloud.DoneAsync("healthcheckpolicies", "updateLBHealthCheckPolicy", ("id", policy.IdOf()), ("pingpath", "/up"));
        config = await cloud.RouterFileAsync(network, "haproxy.cfg");
        config.ShouldContain("    mode tcp\n");
        config.ShouldContain("    option httpchk\n    http-check send meth GET uri /up ");
    }

    [Fact]
    public async Task What_is_no_health_check_is_refused()
    {
        var (_, _, _, balancer) = await BalancerAsync("unhealthy");
        foreach (var (name, value, words) in new[]
        {
            ("pingpath", "health", "begins with a slash"), ("pingpath", "/a b", "letters, digits"), ("pingpath", "/a\nserver x 192.0.2.1:1", "letters, digits"),
            ("pingpath", "/\"${HOME}\"", "letters, digits"), ("pingpath", "/a#b", "letters, digits"), ("pingpath", "/" + new string('a', 255), "pingpath"),
            ("responsetimeout", "0", "it is 1 to 60"), ("intervaltime", "20941", "it is 1 to 20940"), ("healthythreshold", "101", "it is 1 to 100"),
            ("unhealthythreshold", "-1", "it is 1 to 100"),
        })
            (await cloud.RefusedAsync(431, "createLBHealthCheckPolicy", ("lbruleid", balancer), (name, value))).ShouldContain(words);
    }

    [Fact]
    public async Task Members_that_are_left_out_and_counts_are_listed()
    {
        var (network, guest, _, balancer) = await BalancerAsync("seen");
        var other = (await cloud.DeployAsync(network, "seen-other")).IdOf();
        (await cloud.JobAsync("assignToLoadBalancerRule", ("id", balancer), ("virtualmachineids", other)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        var cards = (await cloud.CallAsync("listVirtualMachines", ("networkid", network))).ShouldBe(200).Body["virtualmachine"]!.AsArray()
            .ToDictionary(vm => vm!["id"]!.GetValue<string>(), vm => (Guid.Parse(vm!["nic"]![0]!["id"]!.GetValue<string>()), vm["nic"]![0]!["ipaddress"]!.GetValue<string>()));
        (await StatesAsync(balancer)).ShouldBe([(guest, null), (other, null)], ignoreOrder: true);

        var (rule, boot) = (Guid.Parse(balancer), Guid.CreateVersion7());
        BalancersReport Counted(Guid of, long sessions, params MemberLook[] members) =>
            new() { Answers = true, Boot = of, Counts = [new(rule, sessions, 2 * sessions, 100, 1000 * sessions, 7)], Members = members };
        await SeenAsync(network, balancer, Counted(boot, 10, new(rule, cards[guest].Item1, true), new(rule, cards[other].Item1, false)), 10);
        (await StatesAsync(balancer)).ShouldBe([(guest, "UP"), (other, "DOWN")], ignoreOrder: true);
        await SeenAsync(network, balancer, Counted(boot, 15, new(rule, cards[guest].Item1, null), new(rule, cards[other].Item1, true)), 15);
        (await StatesAsync(balancer)).ShouldBe([(guest, "UP"), (other, "UP")], ignoreOrder: true);
        await SeenAsync(network, balancer, Counted(Guid.CreateVersion7(), 4), 19);
        (await StatesAsync(balancer)).ShouldBe([(guest, null), (other, null)], ignoreOrder: true);

        var listed = await cloud.ShapeAsync("loadbalancerrule", "listLoadBalancerRules", ("id", balancer));
        // 15 of the first boot, and 4 of the second.
        listed["requests"]!.GetValue<long>().ShouldBe(38);
        listed["bytesin"]!.GetValue<long>().ShouldBe(200);
        listed["bytesout"]!.GetValue<long>().ShouldBe(19000);
        listed["connections"]!.GetValue<int>().ShouldBe(7);
        (await cloud.MetricsAsync()).ShouldContain($"stratiform_balancer_sessions{{rule=\"{balancer}\"}} 19\n");

        var addressed = (await cloud.CallAsync("listLoadBalancerRuleInstances", ("id", balancer), ("lbvmips", "true"))).ShouldBe(200).Body["lbrulevmidip"]!.AsArray();
        addressed.Select(m => (m!["loadbalancerruleinstance"]!["id"]!.GetValue<string>(), m["lbvmipaddresses"]![0]!.GetValue<string>()))
            .ShouldBe(cards.Select(c => (c.Key, c.Value.Item2)), ignoreOrder: true);
        (await cloud.JobAsync("deleteLoadBalancerRule", ("id", balancer)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.MetricsAsync()).ShouldNotContain(balancer);
        await cloud.ShouldBeCleanAsync();
    }

    private async Task<List<(string, string?)>> StatesAsync(string balancer) =>
        [.. (await cloud.CallAsync("listLoadBalancerRuleInstances", ("id", balancer))).ShouldBe(200).Body["loadbalancerruleinstance"]!.AsArray()
            .Select(vm => (vm!["id"]!.GetValue<string>(), vm["servicestate"]?.GetValue<string>()))];

    // The cloud asks by itself, again and again.
    private async Task SeenAsync(string network, string balancer, BalancersReport counted, long sessions)
    {
        var router = await cloud.RouterIdAsync(network);
        cloud.Simulator[(await cloud.BootOfAsync(router)).ShouldNotBeNull().Host].Routers.Count(router, counted);
        for (var i = 0; i < 4000; i++)
        {
            var listed = await cloud.ShapeAsync("loadbalancerrule", "listLoadBalancerRules", ("id", balancer));
            if (listed["sessions"]?.GetValue<long>() == sessions) return;
            await Task.Delay(50, CancellationToken.None);
        }
        throw new TimeoutException($"{sessions} sessions are not seen.");
    }
}
