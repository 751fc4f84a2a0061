using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Tests.Api;
using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Images;

/// <summary>Who sees and uses whose templates.</summary>
public sealed class TemplatePermissionTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private static readonly string[] Filters = ["featured", "self", "selfexecutable", "sharedexecutable", "executable", "community"];

    [Fact]
    public async Task Each_filter_lists_what_it_is_called_for()
    {
        var (owner, other) = (await cloud.TenantAsync("filter-owner"), await cloud.TenantAsync("filter-other"));
        var mine = await RegisterAsync(owner, "filtered");
        await ReadyAsync(mine);
        (await ListedByAsync(owner, mine)).ShouldBe("self selfexecutable executable");
        (await ListedByAsync(other, mine)).ShouldBe("");

        await ChangeAsync(owner, mine, ("ispublic", "true"));
        (await ListedByAsync(other, mine)).ShouldBe("executable community");
        (await cloud.CallAsync("updateTemplatePermissions", ("id", mine), ("isfeatured", "true"))).ShouldBe(200);
        (await ListedByAsync(other, mine)).ShouldBe("featured executable");
        (await cloud.AsAsync(owner.Keys, "updateTemplatePermissions", ("id", mine), ("isfeatured", "false"))).ShouldBe(531);
        await ChangeAsync(owner, mine, ("op", "reset"));
        (await ListedByAsync(other, mine)).ShouldBe("");

        (await ListAsync(owner, "all")).ShouldBe(431).ErrorText!.ShouldContain("templatefilter=executable");
        (await ListAsync(owner, "mine")).ShouldBe(431).ErrorText!.ShouldContain("is none of featured, self");
        (await cloud.CallAsync("listTemplates", ("templatefilter", "all"), ("id", mine))).ShouldBe(200).Body.Count.ShouldBe(2);
        (await cloud.CallAsync("listTemplates", ("templatefilter", "self"), ("name", "filtered"))).ShouldBe(200).Body.Count.ShouldBe(0);
        (string, string)[] asOwner = [("account", "filter-owner"), ("domainid", owner.Domain.Id.ToString())];
        foreach (var filter in new[] { "self", "all", "executable" })
            (await cloud.CallAsync("listTemplates", [("templatefilter", filter), ("name", "filtered"), .. asOwner])).ShouldBe(200).Body["count"]!.GetValue<int>().ShouldBe(1, filter);
    }

    [Fact]
    public async Task A_template_that_is_shared_with_an_account_is_deployed_by_it_and_changed_by_nobody_else()
    {
        var (owner, friend) = (await cloud.TenantAsync("sharer"), await cloud.TenantAsync("friend"));
        // Names mean accounts of the owner's domain.
        await MoveAsync(friend, owner);
        var mine = await RegisterAsync(owner, "shared");
        await ReadyAsync(mine);
        (await ChangeRefusedAsync(owner, mine, ("op", "add"), ("accounts", "friend,nobody"))).ShouldContain("There is no account nobody");
        (await ChangeRefusedAsync(owner, mine, ("op", "give"), ("accounts", "friend"))).ShouldContain("op is add or remove");
        (await ChangeRefusedAsync(owner, mine, ("op", "add"))).ShouldContain("needs accounts");
        (await DeployAsync(friend, mine)).ShouldBe(431);

        await ChangeAsync(owner, mine, ("op", "add"), ("accounts", "friend"));
        await ChangeAsync(owner, mine, ("op", "add"), ("accounts", "friend"));
        (await ListedByAsync(friend, mine)).ShouldBe("sharedexecutable executable");
        Names(await cloud.AsAsync(owner.Keys, "listTemplatePermissions", ("id", mine))).ShouldBe(["friend"]);
        (await cloud.AsAsync(friend.Keys, "listTemplatePermissions", ("id", mine))).ShouldBe(200).Body["templatepermission"]!.AsObject().ContainsKey("account").ShouldBeFalse();
        foreach (var command in new[] { "updateTemplate", "updateTemplatePermissions", "deleteTemplate" })
            (await cloud.AsAsync(friend.Keys, command, ("id", mine))).ShouldBe(431).ErrorText!.ShouldContain(mine);
        (await DeployAsync(friend, mine)).ShouldBe(200);

        await ChangeAsync(owner, mine, ("op", "remove"), ("accounts", "friend"));
        (await ListedByAsync(friend, mine)).ShouldBe("");
        (await cloud.AsAsync(friend.Keys, "listTemplatePermissions", ("id", mine))).ShouldBe(431);
    }

    [Fact]
    public async Task Users_make_templates_public_only_where_the_operator_lets_them()
    {
        var owner = await cloud.TenantAsync("publisher");
        var mine = await RegisterAsync(owner, "published", ("ispublic", "true"));
        (await CapabilityAsync()).ShouldBeTrue();
        (await cloud.CallAsync("updateConfiguration", ("name", "allow.public.user.templates"), ("value", "false"))).ShouldBe(200);
        (await CapabilityAsync()).ShouldBeFalse();
        (await ChangeRefusedAsync(owner, mine, ("ispublic", "true"))).ShouldContain("Only private");
        (await cloud.AsAsync(owner.Keys, "registerTemplate", Parameters("refused", ("ispublic", "true")))).ShouldBe(431);
        await ChangeAsync(owner, mine, ("ispublic", "false"));
        (await cloud.CallAsync("updateTemplatePermissions", ("id", mine), ("ispublic", "true"))).ShouldBe(200);
        (await cloud.CallAsync("resetConfiguration", ("name", "allow.public.user.templates"))).ShouldBe(200);

        async Task<bool> CapabilityAsync() =>
            (await cloud.ShapeAsync("capability", "listCapabilities"))["userpublictemplateenabled"]!.GetValue<bool>();
    }

    [Fact]
    public async Task What_is_said_of_a_template_changes_and_orders_lists()
    {
        var owner = await cloud.TenantAsync("updater");
        var (first, second) = (await RegisterAsync(owner, "first"), await RegisterAsync(owner, "second", ("isdynamicallyscalable", "true")));
        (await OrderAsync()).ShouldBe(["first", "second"]);
        (await cloud.AsAsync(owner.Keys, "updateTemplate", ("id", second), ("sortkey", "-1"), ("displaytext", "text"), ("isdynamicallyscalable", "false"), ("sshkeyenabled", "false")))
            .ShouldBe(200).Body["template"]!["isdynamicallyscalable"]!.GetValue<bool>().ShouldBeFalse();
        (await OrderAsync()).ShouldBe(["second", "first"]);
        (await cloud.AsAsync(owner.Keys, "createTags", ("resourceids", first), ("resourcetype", "Template"), ("tags[0].key", "kind"), ("tags[0].value", "base"))).ShouldBe(200);
        (await ListAsync(owner, "self", ("tags[0].key", "kind"), ("tags[0].value", "base"))).ShouldBe(200).Body["count"]!.GetValue<int>().ShouldBe(1);
        (await ListAsync(owner, "executable", ("tags[0].key", "kind"), ("tags[0].value", "other"))).ShouldBe(200).Body.Count.ShouldBe(0);

        async Task<List<string>> OrderAsync() =>
            [.. (await ListAsync(owner, "self")).ShouldBe(200).Body["template"]!.AsArray().Select(t => t!["name"]!.GetValue<string>())];
    }

    private static List<string> Names(Reply reply) =>
        [.. reply.ShouldBe(200).Body["templatepermission"]!["account"]!.AsArray().Select(name => name!.GetValue<string>())];

    private (string, string)[] Parameters(string name, params (string, string)[] more) =>
        [("zoneid", cloud.Zone), ("name", name), ("format", "QCOW2"), ("hypervisor", "Simulator"), ("url", $"http://images/{name}.qcow2"), .. more];

    private async Task<string> RegisterAsync(Tenant owner, string name, params (string, string)[] more) =>
        (await cloud.AsAsync(owner.Keys, "registerTemplate", Parameters(name, more))).ShouldBe(200).Body["template"]![0]!["id"]!.GetValue<string>();

    private Task<Reply> ListAsync(Tenant who, string filter, params (string, string)[] more) =>
        cloud.AsAsync(who.Keys, "listTemplates", [("templatefilter", filter), .. more]);

    private async Task<string> ListedByAsync(Tenant who, string template)
    {
        var listed = new List<string>();
        foreach (var filter in Filters)
            if ((await ListAsync(who, filter, ("id", template))).ShouldBe(200).Body["template"] is JsonArray { Count: 1 }) listed.Add(filter);
        return string.Join(' ', listed);
    }

    private async Task ChangeAsync(Tenant who, string template, params (string, string)[] change) =>
        (await cloud.AsAsync(who.Keys, "updateTemplatePermissions", [("id", template), .. change])).ShouldBe(200);

    private async Task<string> ChangeRefusedAsync(Tenant who, string template, params (string, string)[] change) =>
        (await cloud.AsAsync(who.Keys, "updateTemplatePermissions", [("id", template), .. change])).ShouldBe(431).ErrorText!;

    private async Task<Reply> DeployAsync(Tenant who, string template)
    {
        var network = (await cloud.AsAsync(who.Keys, "createNetwork", ("name", "n"), ("displaytext", "n"), ("zoneid", cloud.Zone), ("networkofferingid", cloud.NetworkOffering)))
            .ShouldBe(200).Body["network"]!["id"]!.GetValue<string>();
        return await cloud.AsAsync(who.Keys, "deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", template), ("serviceofferingid", cloud.Small), ("networkids", network));
    }

    private async Task ReadyAsync(string template)
    {
        for (var i = 0; i < 4000; i++)
        {
            if ((await cloud.ShapeAsync("template", "listTemplates", ("templatefilter", "all"), ("id", template)))["isready"]!.GetValue<bool>()) return;
            await Task.Delay(25);
        }
        throw new TimeoutException($"The template {template} does not become ready.");
    }

    private async Task MoveAsync(Tenant who, Tenant whereTo)
    {
        await using var db = cloud.Open();
        var (account, domain) = (who.Account.Id, whereTo.Domain.Id);
        await db.Database.ExecuteSqlAsync($"UPDATE account SET domain_id = {domain.Value} WHERE id = {account.Value}");
    }
}
