using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Compute;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Tests.Networking;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.Compute;

public sealed class SecurityGroupTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task Hosts_judge_by_the_rules_when_the_job_is_done()
    {
        var network = await NetworkAsync("judged", 20);
        await GroupAsync("web");
        await GroupAsync("db");
        var web = await cloud.DeployAsync(network, "judged-web", ("securitygroupnames", "web"));
        web["securitygroup"]!.AsArray().Select(g => g!["name"]!.GetValue<string>()).ShouldBe(["web"]);
        (await CardAsync(web)).Card.Groups.ShouldHaveSingleItem();
        (await RulesAsync(web)).Ingress.ShouldBeEmpty();
        (await cloud.SpecAsync(web.IdOf())).Nics[0].Guard!.IsInGroups.ShouldBeTrue();

        var group = await AuthorizeAsync("Ingress", "web", ("protocol", "tcp"), ("startport", "80"), ("endport", "81"), ("cidrlist", "10.0.0.0/8,192.0.2.7/32"));
        group["ingressrule"]!.AsArray().Select(r => $"{r!["protocol"]} {r["startport"]}-{r["endport"]} {r["cidr"]}").ShouldBe(["tcp 80-81 10.0.0.0/8", "tcp 80-81 192.0.2.7/32"], ignoreOrder: true);
        (await RulesAsync(web)).Ingress.Select(r => r.Cidr).ShouldBe(["10.0.0.0/8", "192.0.2.7/32"], ignoreOrder: true);
        await AuthorizeAsync("Ingress", "web", ("protocol", "icmp"), ("icmptype", "-1"), ("icmpcode", "-1"), ("cidrlist", "0.0.0.0/0"));
        (await RulesAsync(web)).Ingress.ShouldContain(new GroupRule { Protocol = "icmp", Cidr = "0.0.0.0/0" });
        await AuthorizeAsync("Egress", "web", ("protocol", "all"), ("cidrlist", "10.0.0.0/8"));
        (await RulesAsync(web)).Egress.ShouldBe([new GroupRule { Protocol = "all", Cidr = "10.0.0.0/8" }]);

        var shown = await cloud.ShapeAsync("securitygroup", "listSecurityGroups", ("securitygroupname", "web"));
        (shown["virtualmachinecount"]!.GetValue<int>(), shown["egressrule"]!.AsArray().Count).ShouldBe((1, 1));
        foreach (var rule in shown["ingressrule"]!.AsArray())
            (await cloud.JobAsync("revokeSecurityGroupIngress", ("id", rule!["ruleid"]!.GetValue<string>())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await RulesAsync(web)).Ingress.ShouldBeEmpty();
        (await cloud.RefusedAsync(431, "revokeSecurityGroupIngress", ("id", shown["egressrule"]![0]!["ruleid"]!.GetValue<string>()))).ShouldContain("does not exist");
        (await cloud.JobAsync("revokeSecurityGroupEgress", ("id", shown["egressrule"]![0]!["ruleid"]!.GetValue<string>())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await RulesAsync(web)).Egress.ShouldBeEmpty();
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_rule_that_names_a_group_follows_its_members()
    {
        var network = await NetworkAsync("followed", 21);
        await GroupAsync("shop");
        await GroupAsync("clients");
        var admin = (await cloud.ShapeAsync("securitygroup", "listSecurityGroups", ("securitygroupname", "clients")))["account"]!.GetValue<string>();
        var shop = await cloud.DeployAsync(network, "followed-shop", ("securitygroupnames", "shop"));
        var group = await AuthorizeAsync("Ingress", "shop", ("protocol", "tcp"), ("startport", "443"), ("usersecuritygrouplist[0].account", admin),
            ("usersecuritygrouplist[0].group", "clients"));
        group["ingressrule"]![0]!["securitygroupname"]!.GetValue<string>().ShouldBe("clients");
        (await MembersAsync(shop)).ShouldBeEmpty();

        var first = await cloud.DeployAsync(network, "followed-first", ("securitygroupnames", "clients"));
        var second = await cloud.DeployAsync(network, "followed-second", ("securitygroupnames", "clients"));
        await EventuallyAsync(async () => (await MembersAsync(shop)).SequenceEqual(Ips(first, second)));
        var more = await cloud.DoneAsync("nicsecondaryip", "addIpToNic", ("nicid", second["nic"]![0]!["id"]!.GetValue<string>()));
        await EventuallyAsync(async () => (await MembersAsync(shop)).Contains(more["ipaddress"]!.GetValue<string>()));
        (await cloud.JobAsync("destroyVirtualMachine", ("id", second.IdOf()), ("expunge", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        await EventuallyAsync(async () => (await MembersAsync(shop)).SequenceEqual(Ips(first)));

        (await cloud.RefusedAsync(536, "deleteSecurityGroup", ("name", "shop"))).ShouldContain("1 virtual machines are in");
        (await cloud.JobAsync("destroyVirtualMachine", ("id", first.IdOf()), ("expunge", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.RefusedAsync(536, "deleteSecurityGroup", ("name", "clients"))).ShouldContain("names clients");
        (await cloud.JobAsync("destroyVirtualMachine", ("id", shop.IdOf()), ("expunge", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        foreach (var name in new[] { "shop", "clients" }) (await cloud.CallAsync("deleteSecurityGroup", ("name", name))).ShouldBe(200);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Who_says_nothing_is_in_the_default_group()
    {
        var network = await NetworkAsync("default", 22);
        var tenant = await cloud.TenantAsync("defaulter");
        (string, string)[] deploy = [("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small), ("networkids", network)];
        var vm = (await cloud.JobAsAsync(tenant.Keys, "deployVirtualMachine", deploy))["jobresult"]!["virtualmachine"]!.AsObject();
        vm["securitygroup"]![0]!["name"]!.GetValue<string>().ShouldBe("default");
        var listed = (await cloud.AsAsync(tenant.Keys, "listSecurityGroups", ("virtualmachineid", vm.IdOf()))).ShouldBe(200).Body["securitygroup"]!.AsArray().ShouldHaveSingleItem()!;
        listed["name"]!.GetValue<string>().ShouldBe("default");
        (await cloud.AsAsync(tenant.Keys, "deleteSecurityGroup", ("id", listed["id"]!.GetValue<string>()))).ShouldBe(431).Text.ShouldContain("always there");

        await GroupAsync("foreign");
        var foreign = (await cloud.ShapeAsync("securitygroup", "listSecurityGroups", ("securitygroupname", "foreign"))).IdOf();
        (await cloud.AsAsync(tenant.Keys, "deployVirtualMachine", [.. deploy, ("securitygroupids", foreign)])).ShouldBe(431).Text.ShouldContain("no security group");
        (await cloud.AsAsync(tenant.Keys, "authorizeSecurityGroupIngress", ("securitygroupid", foreign), ("cidrlist", "0.0.0.0/0"))).Status.ShouldBe(431);
        (await cloud.AsAsync(tenant.Keys, "deleteSecurityGroup", ("id", foreign))).Status.ShouldBe(431);
        (await cloud.AsAsync(tenant.Keys, "listSecurityGroups", ("id", foreign))).ShouldBe(200).Body.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Networks_without_groups_have_none()
    {
        var network = await cloud.NetworkAsync("groupless");
        await GroupAsync("idle");
        (await cloud.RefusedAsync(431, "deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small),
            ("networkids", network), ("securitygroupnames", "idle"))).ShouldContain("None of its networks");
        var vm = await cloud.DeployAsync(network, "groupless-guest");
        vm["securitygroup"]!.AsArray().ShouldBeEmpty();
        (await cloud.SpecAsync(vm.IdOf())).Nics[0].Guard!.IsInGroups.ShouldBeFalse();
        (await cloud.RefusedAsync(431, "createNetworkOffering", ("name", "odd"), ("traffictype", "Guest"), ("guestiptype", "Isolated"), ("supportedservices", "SecurityGroup")))
            .ShouldContain("not supported");
        (await cloud.RefusedAsync(431, "createNetworkOffering", ("name", "odd"), ("traffictype", "Guest"), ("guestiptype", "Shared"), ("supportedservices", "Dhcp,SecurityGroup"),
            ("details[0].forgedtransmits", "true"))).ShouldContain("by their addresses");
    }

    [Theory]
    [InlineData("tcp", "0", null, "10.0.0.0/8", "is no port")]
    [InlineData("tcp", "90", "80", "10.0.0.0/8", "is below")]
    [InlineData("icmp", "80", null, "10.0.0.0/8", "has no ports")]
    [InlineData("gre", null, null, "10.0.0.0/8", "is unknown")]
    [InlineData("tcp", "80", null, "10.0.0.0/33", "is not an IPv4 network")]
    [InlineData("tcp", "80", null, "::/0", "is not an IPv4 network")]
    [InlineData("tcp", "80", null, "0.0.0.0/0 accept\n}", "0.0.0.0")]
    [InlineData("tcp", "80", null, null, "give cidrlist")]
    public async Task What_no_packet_could_match_is_refused(string protocol, string? start, string? end, string? cidr, string why)
    {
        (string, string?)[] given = [("protocol", protocol), ("startport", start), ("endport", end), ("cidrlist", cidr)];
        foreach (var way in new[] { "Ingress", "Egress" })
        {
            (await cloud.RefusedAsync(431, "authorizeSecurityGroup" + way,
                [("securitygroupname", "default"), .. given.Where(g => g.Item2 is not null).Select(g => (g.Item1, g.Item2!))])).ShouldContain(why);
        }
    }

    [Fact]
    public async Task Names_and_rules_are_there_once()
    {
        await GroupAsync("once");
        (await cloud.RefusedAsync(431, "createSecurityGroup", ("name", "once"))).ShouldContain("of that name already");
        (await cloud.RefusedAsync(431, "createSecurityGroup", ("name", "default"))).ShouldContain("of that name already");
        (string, string)[] rule = [("securitygroupname", "once"), ("protocol", "udp"), ("startport", "53"), ("cidrlist", "10.0.0.0/8")];
        (await cloud.JobAsync("authorizeSecurityGroupIngress", rule))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.RefusedAsync(537, "authorizeSecurityGroupIngress", rule)).ShouldContain("says the same already");
        (await cloud.JobAsync("authorizeSecurityGroupEgress", rule))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.RefusedAsync(431, "authorizeSecurityGroupIngress", ("securitygroupname", "once"), ("usersecuritygrouplist[0].account", "nobody"),
            ("usersecuritygrouplist[0].group", "once"))).ShouldContain("has no security group");
        var id = (await cloud.ShapeAsync("securitygroup", "listSecurityGroups", ("securitygroupname", "once"))).IdOf();
        (await cloud.ShapeAsync("securitygroup", "updateSecurityGroup", ("id", id), ("name", "twice")))["name"]!.GetValue<string>().ShouldBe("twice");
        (await cloud.CallAsync("deleteSecurityGroup", ("id", id))).ShouldBe(200);
    }

    [Fact]
    public async Task A_rule_is_not_there_when_a_host_cannot_be_told()
    {
        var network = await NetworkAsync("unheard", 23);
        await GroupAsync("unheard");
        var vm = await cloud.DeployAsync(network, "unheard-guest", ("securitygroupnames", "unheard"));
        var host = await CardAsync(vm);
        await using (var db = cloud.Open())
            await db.Set<HostSight>().Where(s => s.HostId == host.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.State, HostState.Disconnected));
        await using (var db = cloud.Open())
            await db.Set<HostGroups>().Where(g => g.HostId == host.Id).ExecuteUpdateAsync(set => set.SetProperty(g => g.BootId, "a later boot"));
        var refused = await cloud.JobAsync("authorizeSecurityGroupIngress", ("securitygroupname", "unheard"), ("cidrlist", "10.0.0.0/8"));
        refused["jobstatus"]!.GetValue<int>().ShouldBe(2);
        (await cloud.ShapeAsync("securitygroup", "listSecurityGroups", ("securitygroupname", "unheard")))["ingressrule"]!.AsArray().ShouldBeEmpty();
        await using (var db = cloud.Open())
            await db.Set<HostSight>().Where(s => s.HostId == host.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.State, HostState.Up));
        await EventuallyAsync(async () =>
        {
            await using var db = cloud.Open();
            return await db.Set<HostGroups>().AnyAsync(g => g.HostId == host.Id && g.Applied >= g.Wanted && g.BootId != "a later boot");
        });
    }

    private async Task<string> NetworkAsync(string name, int number)
    {
        var listed = (await cloud.CallAsync("listNetworkOfferings", ("name", "grouped"))).ShouldBe(200).Body["networkoffering"];
        var offering = listed?[0]!["id"]!.GetValue<string>() ?? (await cloud.ShapeAsync("networkoffering", "createNetworkOffering",
            ("name", "grouped"), ("traffictype", "Guest"), ("guestiptype", "Shared"), ("enable", "true"), ("supportedservices", "Dhcp,Dns,UserData,SecurityGroup"),
            ("serviceproviderlist[0].service", "SecurityGroup"), ("serviceproviderlist[0].provider", "SecurityGroupProvider"))).IdOf();
        return (await cloud.ShapeAsync("network", "createNetwork", ("name", name), ("zoneid", cloud.Zone), ("networkofferingid", offering), ("vlan", $"{9000 + number}"),
            ("gateway", $"172.16.{number}.1"), ("netmask", "255.255.255.0"), ("startip", $"172.16.{number}.10"), ("endip", $"172.16.{number}.50"))).IdOf();
    }

    private async Task GroupAsync(string name) => await cloud.ShapeAsync("securitygroup", "createSecurityGroup", ("name", name));

    private Task<JsonObject> AuthorizeAsync(string way, string group, params (string, string)[] more) =>
        cloud.DoneAsync("securitygroup", "authorizeSecurityGroup" + way, [("securitygroupname", group), .. more]);

    private async Task<(Id<Host> Id, EnsureGroups Told, GroupedCard Card)> CardAsync(JsonObject vm)
    {
        var shown = await cloud.ShapeAsync("virtualmachine", "listVirtualMachines", ("id", vm.IdOf()));
        var place = (await cloud.BootOfAsync(Guid.Parse(vm.IdOf()))).ShouldNotBeNull();
        var told = cloud.Simulator[place.Host].Fabric.Groups.ShouldNotBeNull();
        return (new(Guid.Parse(shown["hostid"]!.GetValue<string>())), told, told.Cards.Single(c => c.NicId == Guid.Parse(vm["nic"]![0]!["id"]!.GetValue<string>())));
    }

    private async Task<GroupRules> RulesAsync(JsonObject vm)
    {
        var (_, told, card) = await CardAsync(vm);
        return told.Groups.Single(g => g.Id == card.Groups.Single());
    }

    private async Task<IReadOnlyList<string>> MembersAsync(JsonObject vm)
    {
        var (_, told, card) = await CardAsync(vm);
        var rule = told.Groups.Single(g => g.Id == card.Groups.Single()).Ingress.ShouldHaveSingleItem();
        return told.Sets.Single(s => s.Id == rule.Members).Addresses;
    }

    private static IEnumerable<string> Ips(params JsonObject[] vms) =>
        vms.Select(vm => vm["nic"]![0]!["ipaddress"]!.GetValue<string>()).OrderBy(ip => int.Parse(ip.Split('.')[3], null));

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        for (var i = 0; i < 4000 && !await holds(); i++) await Task.Delay(50, CancellationToken.None);
        (await holds()).ShouldBeTrue();
    }
}
