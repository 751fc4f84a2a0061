using Microsoft.Extensions.DependencyInjection;
using Stratiform.Management.Networking.Reconcilers;
using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

/// <summary>Load balancers within VPCs.</summary>
public sealed class InternalBalancerTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private async Task<string> FailsAsync(string command, string id) => (await cloud.JobAsync(command, ("id", id)))["jobresult"]!["errortext"]!.GetValue<string>();

    private async Task ReconcileAsync()
    {
        await using var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<NetworkGc>(scope.ServiceProvider).ReconcileAsync(CancellationToken.None);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        for (var tried = 0; !await holds(); tried++)
        {
            tried.ShouldBeLessThan(600);
            await Task.Delay(100);
        }
    }

    private async Task<string> StateOfAsync(string tier) => (await cloud.ShapeAsync("network", "listNetworks", ("id", tier)))["state"]!.GetValue<string>();

    [Fact]
    public async Task What_comes_to_an_address_of_a_tier_is_spread_among_its_guests()
    {
        var (_, tier) = await cloud.InnerVpcAsync("spread-within", 60);
        var guest = await cloud.DeployAsync(tier, "within-guest");
        var ip = guest["nic"]![0]!["ipaddress"]!.GetValue<string>();
        var made = await cloud.SpreadWithinAsync(tier, ("description", "for people"), ("sourceipaddress", "10.60.1.77"));
        foreach (var (field, value) in new[] { ("name", "inner"), ("description", "for people"), ("algorithm", "roundrobin"), ("networkid", tier), ("sourceipaddress", "10.60.1.77"), ("sourceipaddressnetworkid", tier) })
            made[field]!.GetValue<string>().ShouldBe(value);
        var port = made["loadbalancerrule"]!.AsArray().ShouldHaveSingleItem()!;
        (port["sourceport"]!.GetValue<int>(), port["instanceport"]!.GetValue<int>(), port["state"]!.GetValue<string>()).ShouldBe((80, 8080, "Active"));
        await cloud.SucceedsAsync("assignToLoadBalancerRule", made.IdOf(), ("virtualmachineids", guest.IdOf()));

        var config = await cloud.RouterFileAsync(tier, "haproxy.cfg");
        config.ShouldContain($"listen {made.IdOf()}\n    bind 10.60.1.77:80\n    mode http\n    balance roundrobin\n    source 10.60.1.77\n");
        config.ShouldContain($" {ip}:8080 check\n");
        (await cloud.RouterFileAsync(tier, "interfaces")).ShouldContain(" guest 10.60.1.1/24,10.60.1.77/24 ");
        var rules = await cloud.RouterFileAsync(tier, "nft.rules");
        rules.ShouldContain("    ip daddr { 10.60.1.77 } goto internal\n");
        rules.ShouldMatch("    ip daddr . tcp dport vmap { 10\\.60\\.1\\.77 \\. 80 : goto in-g-[0-9a-f]+ }\n");

        var listed = await cloud.ShapeAsync("loadbalancer", "listLoadBalancers", ("networkid", tier), ("sourceipaddressnetworkid", tier), ("scheme", "internal"), ("sourceipaddress", "10.60.1.77"), ("name", "inner"));
        var member = listed["loadbalancerinstance"]!.AsArray().ShouldHaveSingleItem()!;
        (member["id"]!.GetValue<string>(), member["name"]!.GetValue<string>(), member["state"]!.GetValue<string>(), member["ipaddress"]!.GetValue<string>())
            .ShouldBe((guest.IdOf(), "within-guest", "Running", ip));
        (await cloud.ShapeAsync("loadbalancerruleinstance", "listLoadBalancerRuleInstances", ("id", made.IdOf()))).IdOf().ShouldBe(guest.IdOf());
        // Commands for public ones do not know it.
        (await cloud.CallAsync("listLoadBalancerRules", ("id", made.IdOf()))).ShouldBe(200).Body.Count.ShouldBe(0);
        await cloud.RefusedAsync(431, "deleteLoadBalancerRule", ("id", made.IdOf()));
        // Those for both do.
        await cloud.DoneAsync("stickinesspolicies", "createLBStickinessPolicy", ("lbruleid", made.IdOf()), ("name", "s"), ("methodname", "SourceBased"));
        await cloud.DoneAsync("healthcheckpolicies", "createLBHealthCheckPolicy", ("lbruleid", made.IdOf()), ("pingpath", "/health"));
        config = await cloud.RouterFileAsync(tier, "haproxy.cfg");
        (config.Contains("    stick on src\n", StringComparison.Ordinal), config.Contains(" uri /health ", StringComparison.Ordinal)).ShouldBe((true, true));

        await cloud.SucceedsAsync("removeFromLoadBalancerRule", made.IdOf(), ("virtualmachineids", guest.IdOf()));
        (await cloud.RouterFileAsync(tier, "haproxy.cfg")).ShouldNotContain($"{ip}:8080");
        await cloud.SucceedsAsync("deleteLoadBalancer", made.IdOf());
        (await cloud.RouterFileAsync(tier, "interfaces")).ShouldContain(" guest 10.60.1.1/24 ");
        (await cloud.RouterFileAsync(tier, "nft.rules")).ShouldNotContain("10.60.1.77");
        (await cloud.CallAsync("listLoadBalancers", ("id", made.IdOf()))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.DeployAsync(tier, "at-the-address", ("ipaddress", "10.60.1.77")))["state"]!.GetValue<string>().ShouldBe("Running");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task An_address_is_a_load_balancers_or_a_guests_and_load_balancers_share_it_by_ports()
    {
        var (vpc, tier) = await cloud.InnerVpcAsync("shared-within", 61);
        var other = await cloud.InnerTierAsync(vpc, "shared-other", "10.61.2.1");
        await cloud.DeployAsync(tier, "sharing", ("ipaddress", "10.61.1.50"));
        (await cloud.RefusedAsync(431, "createLoadBalancer", InternalLab.In(tier, ("sourceipaddress", "10.61.1.50")))).ShouldContain("The address 10.61.1.50 of shared-within is taken");
        foreach (var outside in new[] { "10.61.1.1", "10.61.1.0", "10.61.1.254", "10.61.1.255", "10.61.2.9", "192.0.2.1" })
            (await cloud.RefusedAsync(431, "createLoadBalancer", InternalLab.In(tier, ("sourceipaddress", outside)))).ShouldContain("there are 10.61.1.1 to 10.61.1.253");
        var chosen = await cloud.SpreadWithinAsync(tier);
        var ip = chosen["sourceipaddress"]!.GetValue<string>();
        ip.ShouldStartWith("10.61.1.");
        (await cloud.RefusedAsync(431, "deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small), ("networkids", tier), ("ipaddress", ip)))
            .ShouldContain("is taken");
        (await cloud.RefusedAsync(537, "createLoadBalancer", InternalLab.In(tier, ("sourceipaddress", ip)))).ShouldContain($"The load balancer {chosen.IdOf()} listens on tcp 80 of {ip} already");
        var second = await cloud.SpreadWithinAsync(other, ("sourceipaddressnetworkid", tier), ("sourceipaddress", ip), ("sourceport", "81"));
        await cloud.SucceedsAsync("deleteLoadBalancer", chosen.IdOf());
        // The other one has it still.
        (await cloud.RefusedAsync(431, "deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small), ("networkids", tier), ("ipaddress", ip)))
            .ShouldContain("is taken");
        (await FailsAsync("deleteNetwork", tier)).ShouldContain("Virtual machines still use");
        await cloud.SucceedsAsync("deleteLoadBalancer", second.IdOf());
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task What_cannot_be_is_refused()
    {
        var (vpc, tier) = await cloud.InnerVpcAsync("odd-within", 62);
        var (_, foreign) = await cloud.InnerVpcAsync("odd-elsewhere", 63);
        var isolated = await cloud.NetworkAsync("odd-isolated");
        var outward = await cloud.TierAsync(vpc, "odd-outward", "10.62.3.1");
        foreach (var (words, more) in new (string, (string, string)[])[]
        {
            ("use Internal", [("scheme", "Public")]),
            ("is no tier of a VPC", [("networkid", isolated), ("sourceipaddressnetworkid", isolated)]),
            ("is no tier of a VPC", [("sourceipaddressnetworkid", isolated)]),
            ("is not in the VPC of odd-within", [("sourceipaddressnetworkid", foreign)]),
            ("has load balancers of public addresses", [("networkid", outward)]),
            ("use roundrobin, leastconn or source", [("algorithm", "fair")]),
            ("answers the VPC's questions for names", [("sourceport", "53")]),
            ("sourceport", [("sourceport", "0")]),
            ("instanceport", [("instanceport", "70000")]),
            ("sourceipaddress", [("sourceipaddress", "nowhere")]),
        }) (await cloud.RefusedAsync(431, "createLoadBalancer", InternalLab.In(tier, more))).ShouldContain(words);
        var address = await cloud.DoneAsync("ipaddress", "associateIpAddress", ("vpcid", vpc));
        (await cloud.RefusedAsync(431, "createLoadBalancerRule", ("publicipid", address.IdOf()), ("name", "b"), ("algorithm", "source"), ("publicport", "80"),
            ("privateport", "80"), ("networkid", tier), ("openfirewall", "false"))).ShouldContain("has internal load balancers (createLoadBalancer)");
        var balancer = await cloud.SpreadWithinAsync(tier);
        var stranger = await cloud.DeployAsync(foreign, "odd-stranger");
        (await cloud.RefusedAsync(431, "assignToLoadBalancerRule", ("id", balancer.IdOf()), ("virtualmachineids", stranger.IdOf()))).ShouldContain("is not in the network");
        (await cloud.RefusedAsync(431, "listLoadBalancers", ("scheme", "Public"))).ShouldContain("use Internal");
    }

    [Fact]
    public async Task No_route_leads_by_it()
    {
        var (vpc, tier) = await cloud.InnerVpcAsync("no-way", 59);
        await cloud.SpreadWithinAsync(tier, ("sourceipaddress", "10.59.1.7"));
        (string, string)[] route = [("vpcid", vpc), ("cidr", "192.168.59.0/24")];
        (await cloud.RefusedAsync(537, "createStaticRoute", [.. route, ("nexthop", "10.59.1.7")])).ShouldContain("listens on nexthop 10.59.1.7");
        await cloud.DoneAsync("staticroute", "createStaticRoute", [.. route, ("nexthop", "10.59.1.8")]);
        (await cloud.RefusedAsync(537, "createLoadBalancer", InternalLab.In(tier, ("sourceipaddress", "10.59.1.8")))).ShouldContain("leads to 192.168.59.0/24 by 10.59.1.8");
    }

    [Fact]
    public async Task An_administrator_may_keep_one_out_of_its_owners_lists()
    {
        var (_, tier) = await cloud.InnerVpcAsync("hidden-within", 67);
        var balancer = await cloud.SpreadWithinAsync(tier, ("fordisplay", "false"));
        balancer["fordisplay"]!.GetValue<bool>().ShouldBeFalse();
        (await cloud.CallAsync("listLoadBalancers", ("networkid", tier), ("fordisplay", "true"))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.DoneAsync("loadbalancer", "updateLoadBalancer", ("id", balancer.IdOf()), ("fordisplay", "true")))["fordisplay"]!.GetValue<bool>().ShouldBeTrue();
        (await cloud.ShapeAsync("loadbalancer", "listLoadBalancers", ("networkid", tier), ("fordisplay", "true"))).IdOf().ShouldBe(balancer.IdOf());
        (await cloud.DoneAsync("loadbalancer", "updateLoadBalancer", ("id", balancer.IdOf())))["fordisplay"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task The_tier_of_its_address_is_there_as_long_as_members_of_another_are()
    {
        var (vpc, members) = await cloud.InnerVpcAsync("members-within", 68);
        var front = await cloud.InnerTierAsync(vpc, "front-within", "10.68.2.1");
        // Nobody runs in either: it comes into force with the first guest among its members'.
        var early = await cloud.SpreadWithinAsync(members, ("sourceipaddressnetworkid", front), ("sourceipaddress", "10.68.2.9"));
        (await StateOfAsync(front)).ShouldBe("Allocated");
        await cloud.SucceedsAsync("deleteLoadBalancer", early.IdOf());
        var guest = await cloud.DeployAsync(members, "members-guest");
        var balancer = await cloud.SpreadWithinAsync(members, ("sourceipaddressnetworkid", front), ("sourceipaddress", "10.68.2.9"));
        (await StateOfAsync(front)).ShouldBe("Implemented");
        (await cloud.RouterFileAsync(members, "interfaces")).ShouldContain(" guest 10.68.2.1/24,10.68.2.9/24 ");
        (await cloud.RouterFileAsync(members, "haproxy.cfg")).ShouldContain("    source 10.68.2.9\n");
        (await cloud.RouterFileAsync(members, "nft.rules")).ShouldMatch("    oifname \"(g-[0-9a-f]+)\" ip saddr { 10\\.68\\.2\\.9 } goto in-\\1\n");
        (await cloud.CallAsync("updateConfiguration", ("name", "network.gc.wait"), ("value", "0"))).ShouldBe(200);
        await ReconcileAsync();
        (await StateOfAsync(front)).ShouldBe("Implemented");
        (await FailsAsync("deleteNetwork", front)).ShouldContain($"The load balancer {balancer.IdOf()} of another tier listens on 10.68.2.9");
        (await StateOfAsync(front)).ShouldBe("Implemented");

        // It is there again with the first guest.
        await cloud.SucceedsAsync("stopVirtualMachine", guest.IdOf());
        await EventuallyAsync(async () =>
        {
            await ReconcileAsync();
            return (await StateOfAsync(members), await StateOfAsync(front)) == ("Allocated", "Allocated");
        });
        (await cloud.CallAsync("resetConfiguration", ("name", "network.gc.wait"))).ShouldBe(200);
        await cloud.SucceedsAsync("startVirtualMachine", guest.IdOf());
        await EventuallyAsync(async () => await StateOfAsync(front) == "Implemented");

        await cloud.SucceedsAsync("destroyVirtualMachine", guest.IdOf(), ("expunge", "true"));
        // Its own go with their tier, as public ones do.
        await cloud.SucceedsAsync("deleteNetwork", members);
        await cloud.SucceedsAsync("deleteNetwork", front);
        await cloud.SucceedsAsync("deleteVPC", vpc);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Others_load_balancers_are_like_none()
    {
        var (_, tier) = await cloud.InnerVpcAsync("mine-within", 69);
        var balancer = (await cloud.SpreadWithinAsync(tier)).IdOf();
        var other = await cloud.TenantAsync("stranger-within");
        var random = Guid.CreateVersion7().ToString();
        foreach (var (command, field, id, more) in new (string, string, string, (string, string)[])[]
        {
            ("deleteLoadBalancer", "id", balancer, []),
            ("updateLoadBalancer", "id", balancer, []),
            ("assignToLoadBalancerRule", "id", balancer, [("virtualmachineids", random)]),
            ("removeFromLoadBalancerRule", "id", balancer, [("virtualmachineids", random)]),
            ("listLoadBalancerRuleInstances", "id", balancer, []),
            ("createLoadBalancer", "networkid", tier, InternalLab.In(random).Where(p => p.Item1 != "networkid").ToArray()),
        })
        {
            var theirs = await cloud.AsAsync(other.Keys, command, [(field, id), .. more]);
            theirs.Status.ShouldBe(431, theirs.Text);
            theirs.Text.Replace(id, random, StringComparison.Ordinal).ShouldBe((await cloud.AsAsync(other.Keys, command, [(field, random), .. more])).Text);
        }
        (await cloud.AsAsync(other.Keys, "listLoadBalancers", ("listall", "true"))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.AsAsync(other.Keys, "updateLoadBalancer", ("id", balancer), ("fordisplay", "false"))).Status.ShouldNotBe(200);
        foreach (var command in new[] { "listInternalLoadBalancerElements", "configureInternalLoadBalancerElement" })
            (await cloud.AsAsync(other.Keys, command)).Status.ShouldBe(401);
    }
}
