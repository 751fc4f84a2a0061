using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

public sealed class AclTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private async Task<string> ListAsync(string vpc, string name) =>
        (await cloud.DoneAsync("networkacllist", "createNetworkACLList", ("name", name), ("vpcid", vpc))).IdOf();

    private Task<JsonObject> RuleAsync(string list, params (string, string)[] more) =>
        cloud.DoneAsync("networkacl", "createNetworkACL", [("aclid", list), .. more]);

    private async Task<string[]> RulesAsync(string list) =>
        [.. (await cloud.CallAsync("listNetworkACLs", ("aclid", list))).ShouldBe(200).Body["networkacl"]!.AsArray()
            .Select(r => $"{r!["number"]} {r["action"]} {r["traffictype"]} {r["protocol"]} {r["startport"]}".TrimEnd())];

    [Fact]
    public async Task Rules_are_in_force_in_the_tiers_of_their_list()
    {
        var vpc = await cloud.VpcAsync("guarded", 20);
        var list = await ListAsync(vpc, "web");
        var tier = await cloud.TierAsync(vpc, "front", "10.20.1.1", ("aclid", list));
        var shown = await cloud.ShapeAsync("network", "listNetworks", ("id", tier));
        (shown["aclid"]!.GetValue<string>(), shown["aclname"]!.GetValue<string>(), shown["vpcname"]!.GetValue<string>()).ShouldBe((list, "web", "guarded"));
        await cloud.DeployAsync(tier, "guarded-guest");

        var rule = await RuleAsync(list, ("protocol", "tcp"), ("startport", "80"), ("endport", "81"), ("cidrlist", "10.20.2.0/24,192.0.2.0/24"), ("reason", "the shop"));
        (rule["number"]!.GetValue<int>(), rule["state"]!.GetValue<string>(), rule["startport"]!.GetValue<string>(), rule["aclname"]!.GetValue<string>(), rule["reason"]!.GetValue<string>())
            .ShouldBe((1, "Active", "80", "web", "the shop"));
        (await cloud.RouterFileAsync(tier, "nft.rules")).ShouldContain("meta l4proto tcp th dport 80-81 ip saddr { 10.20.2.0/24, 192.0.2.0/24 } accept\n");

        await cloud.DoneAsync("networkacl", "updateNetworkACLItem", ("id", rule.IdOf()), ("action", "deny"), ("endport", "80"));
        (await cloud.RouterFileAsync(tier, "nft.rules")).ShouldContain("meta l4proto tcp th dport 80 ip saddr { 10.20.2.0/24, 192.0.2.0/24 } drop\n");
        (await cloud.JobAsync("deleteNetworkACL", ("id", rule.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.RouterFileAsync(tier, "nft.rules")).ShouldNotContain("dport 80 ip");

        (await cloud.RefusedAsync(536, "deleteNetworkACLList", ("id", list))).ShouldContain("guards 1 tier (front)");
        var open = await DefaultAsync("default_allow");
        (await cloud.JobAsync("replaceNetworkACLList", ("aclid", open), ("networkid", tier)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.ShapeAsync("networkacllist", "listNetworkACLLists", ("networkid", tier)))["name"]!.GetValue<string>().ShouldBe("default_allow");
        (await cloud.RouterFileAsync(tier, "nft.rules")).ShouldContain("    accept\n    drop\n");
        (await cloud.JobAsync("deleteNetworkACLList", ("id", list)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_rule_is_moved_in_the_list_that_was_seen_and_made_anew_when_asked()
    {
        var vpc = await cloud.VpcAsync("seen", 24);
        var list = await ListAsync(vpc, "seen");
        var (first, second) = ((await RuleAsync(list, ("protocol", "tcp"), ("startport", "1"))).IdOf(),
            (await RuleAsync(list, ("protocol", "tcp"), ("startport", "2"), ("cidrlist", "192.0.2.0/24"), ("action", "deny"), ("reason", "why"))).IdOf());
        var seen = HashOf(first, second);
        await cloud.DoneAsync("networkacl", "moveNetworkAclItem", ("id", second), ("nextaclruleid", first), ("aclconsistencyhash", seen));
        (await cloud.RefusedAsync(537, "moveNetworkAclItem", ("id", second), ("previousaclruleid", first), ("aclconsistencyhash", seen))).ShouldContain("has changed since it was listed");
        await cloud.DoneAsync("networkacl", "moveNetworkAclItem", ("id", second), ("previousaclruleid", first), ("aclconsistencyhash", HashOf(second, first)));

        (await cloud.RefusedAsync(431, "updateNetworkACLItem", ("id", second), ("partialupgrade", "false"), ("startport", "7"))).ShouldContain("protocol");
        var anew = await cloud.DoneAsync("networkacl", "updateNetworkACLItem", ("id", second), ("partialupgrade", "false"), ("protocol", "udp"), ("startport", "7"));
        (anew["protocol"]!.GetValue<string>(), anew["startport"]!.GetValue<string>(), anew["cidrlist"]!.GetValue<string>(), anew["action"]!.GetValue<string>(), anew["reason"]?.GetValue<string>() ?? "")
            .ShouldBe(("udp", "7", "0.0.0.0/0", "Allow", ""));
        anew["number"]!.GetValue<int>().ShouldBe(3, "it keeps its place");
    }

#pragma warning disable CA5351 // Not for security: the form that clients compare.
    private static string HashOf(params string[] ids) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(string.Concat(ids))));
#pragma warning restore CA5351

    [Fact]
    public async Task Rules_have_places_and_can_be_moved()
    {
        var vpc = await cloud.VpcAsync("ordered", 21);
        var list = await ListAsync(vpc, "ordered");
        var ids = new List<string>();
        foreach (var port in new[] { "1", "2", "3" }) ids.Add((await RuleAsync(list, ("protocol", "tcp"), ("startport", port))).IdOf());
        await RuleAsync(list, ("protocol", "icmp"), ("traffictype", "egress"), ("action", "Deny"), ("number", "10"));
        (await RulesAsync(list)).ShouldBe(["1 Allow Ingress tcp 1", "2 Allow Ingress tcp 2", "3 Allow Ingress tcp 3", "10 Deny Egress icmp"]);

        var taken = await cloud.JobAsync("createNetworkACL", ("aclid", list), ("protocol", "udp"), ("number", "2"));
        (taken["jobresultcode"]!.GetValue<int>(), taken["jobresult"]!["errortext"]!.GetValue<string>().Contains(ids[1], StringComparison.Ordinal)).ShouldBe((537, true));
        await cloud.DoneAsync("networkacl", "moveNetworkAclItem", ("id", ids[2]), ("previousaclruleid", ids[0]), ("nextaclruleid", ids[1]));
        (await RulesAsync(list)).ShouldBe(["1 Allow Ingress tcp 1", "2 Allow Ingress tcp 3", "3 Allow Ingress tcp 2", "10 Deny Egress icmp"]);
        await cloud.DoneAsync("networkacl", "moveNetworkAclItem", ("id", ids[1]), ("nextaclruleid", ids[0]));
        (await RulesAsync(list)).ShouldBe(["1 Allow Ingress tcp 2", "2 Allow Ingress tcp 1", "3 Allow Ingress tcp 3", "10 Deny Egress icmp"]);
        (await cloud.RefusedAsync(537, "moveNetworkAclItem", ("id", ids[2]), ("previousaclruleid", ids[1]), ("nextaclruleid", ids[1]))).ShouldContain("list them again");
        (await cloud.RefusedAsync(431, "moveNetworkAclItem", ("id", ids[2]))).ShouldContain("previousaclruleid");
    }

    [Fact]
    public async Task Defaults_are_the_same_for_all_and_nobody_changes_them()
    {
        var vpc = await cloud.VpcAsync("defaults", 22);
        var tier = await cloud.TierAsync(vpc, "closed", "10.22.1.1");
        (await cloud.ShapeAsync("network", "listNetworks", ("id", tier)))["aclname"]!.GetValue<string>().ShouldBe("default_deny");
        var tenant = await cloud.TenantAsync("reader-of-acls");
        var names = (await cloud.AsAsync(tenant.Keys, "listNetworkACLLists")).ShouldBe(200).Body["networkacllist"]!.AsArray().Select(l => l!["name"]!.GetValue<string>());
        names.ShouldBe(["default_allow", "default_deny"], ignoreOrder: true);
        var closed = await DefaultAsync("default_deny");
        (await RulesAsync(closed)).ShouldBe(["1 Deny Ingress all", "2 Deny Egress all"]);
        var rule = (await cloud.CallAsync("listNetworkACLs", ("aclid", closed))).Body["networkacl"]![0]!["id"]!.GetValue<string>();
        foreach (var (command, parameters) in new (string, (string, string)[])[]
        {
            ("deleteNetworkACLList", [("id", closed)]), ("updateNetworkACLList", [("id", closed), ("name", "mine")]),
            ("createNetworkACL", [("aclid", closed), ("protocol", "tcp")]), ("createNetworkACL", [("networkid", tier), ("protocol", "tcp")]),
            ("deleteNetworkACL", [("id", rule)]), ("updateNetworkACLItem", [("id", rule), ("action", "allow")]),
        })
        {
            (await cloud.RefusedAsync(431, command, parameters)).ShouldContain("the same for all VPCs");
        }
    }

    [Fact]
    public async Task Others_lists_are_like_none()
    {
        var vpc = await cloud.VpcAsync("mine", 23);
        var list = await ListAsync(vpc, "mine");
        var rule = (await RuleAsync(list, ("protocol", "all"))).IdOf();
        var tier = await cloud.TierAsync(vpc, "mine", "10.23.1.1");
        var other = await cloud.TenantAsync("stranger-to-acls");
        foreach (var (command, name, id, more) in new (string, string, string, (string, string)[])[]
        {
            ("updateNetworkACLList", "id", list, []), ("deleteNetworkACLList", "id", list, []), ("createNetworkACL", "aclid", list, [("protocol", "tcp")]),
            ("replaceNetworkACLList", "aclid", list, [("networkid", tier)]), ("updateNetworkACLItem", "id", rule, []), ("deleteNetworkACL", "id", rule, []),
            ("moveNetworkAclItem", "id", rule, []), ("createNetworkACLList", "vpcid", vpc, [("name", "n")]),
        })
        {
            var random = Guid.CreateVersion7().ToString();
            var theirs = await cloud.AsAsync(other.Keys, command, [(name, id), .. more]);
            theirs.Status.ShouldBe(431, theirs.Text);
            theirs.Text.Replace(id, random, StringComparison.Ordinal).ShouldBe((await cloud.AsAsync(other.Keys, command, [(name, random), .. more])).Text);
        }
        (await cloud.AsAsync(other.Keys, "listNetworkACLs", ("aclid", list))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.AsAsync(other.Keys, "listNetworkACLLists", ("vpcid", vpc), ("name", "mine"))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.JobAsync("updateNetworkACLList", ("id", list), ("name", "renamed"), ("description", "d")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.ShapeAsync("networkacllist", "listNetworkACLLists", ("id", list)))["name"]!.GetValue<string>().ShouldBe("renamed");

        var elsewhere = await cloud.VpcAsync("elsewhere", 24);
        (await cloud.RefusedAsync(431, "replaceNetworkACLList", ("aclid", await ListAsync(elsewhere, "far")), ("networkid", tier))).ShouldContain("one of its own");
        (await cloud.RefusedAsync(431, "replaceNetworkACLList", ("aclid", list), ("networkid", await cloud.NetworkAsync("no-tier")))).ShouldContain("no tier of a VPC");
    }

    private async Task<string> DefaultAsync(string name) => (await cloud.ShapeAsync("networkacllist", "listNetworkACLLists", ("name", name))).IdOf();
}
