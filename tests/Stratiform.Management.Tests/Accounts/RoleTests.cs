using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Tests.Api;

namespace Stratiform.Management.Tests.Accounts;

public sealed class RoleTests(TestCloud cloud) : IClassFixture<TestCloud>
{
    private async Task<Tenant> WithRulesAsync(string name, params (string Pattern, RolePermission Permission)[] rules)
    {
        var tenant = await cloud.TenantAsync(name);
        await using (var db = cloud.Open())
        {
            var role = new Role(name, AllowedTo.User, "", cloud.Clock.GetUtcNow());
            db.Add(role);
            db.AddRange(rules.Select((rule, i) => new RoleRule(role.Id, rule.Pattern, rule.Permission, i)));
            (await db.Set<Account>().SingleAsync(a => a.Id == tenant.Account.Id)).TakeRole(role);
            await db.SaveChangesAsync();
        }
        return tenant;
    }

    [Fact]
    public async Task The_default_roles_come_with_the_cloud_and_are_named_on_accounts()
    {
        var roles = (await cloud.AsAdminAsync("listRoles")).ShouldBe(200).Body["role"]!.AsArray();
        roles.Where(r => r!["isdefault"]!.GetValue<bool>()).Select(r => r!["name"]!.GetValue<string>()).ShouldBe(
            ["Domain Admin", "Read-Only Admin - Default", "Read-Only User - Default", "Resource Admin", "Root Admin", "User"]);
        var account = (await cloud.AsAdminAsync("listAccounts")).Body["account"]![0]!;
        account["rolename"]!.GetValue<string>().ShouldBe("Root Admin");
        account["roletype"]!.GetValue<string>().ShouldBe("Admin");
        account["user"]![0]!["roleid"]!.GetValue<string>().ShouldBe(account["roleid"]!.GetValue<string>());
    }

    [Fact]
    public async Task Rules_of_the_default_roles_are_the_commands_they_may_call()
    {
        var role = (await cloud.AsAdminAsync("listRoles", ("name", "User"))).Body["role"]![0]!["id"]!.GetValue<string>();
        var rules = (await cloud.AsAdminAsync("listRolePermissions", ("roleid", role))).ShouldBe(200).Body["rolepermission"]!.AsArray();
        rules.Select(r => r!["rule"]!.GetValue<string>()).ShouldContain("listUsers");
        rules.Select(r => r!["rule"]!.GetValue<string>()).ShouldNotContain("updateConfiguration");
        rules.ShouldAllBe(r => r!["permission"]!.GetValue<string>() == "allow");
    }

    [Fact]
    public async Task A_denied_command_does_not_exist_for_the_caller()
    {
        var tenant = await cloud.TenantAsync("humble");
        (await cloud.AsAsync(tenant.Keys, "updateConfiguration", ("name", "x"))).ShouldBe(401).ErrorText
            .ShouldBe("The given command 'updateConfiguration' either does not exist, is not available for user.");
        var apis = (await cloud.AsAsync(tenant.Keys, "listApis")).ShouldBe(200).Body["api"]!.AsArray().Select(a => a!["name"]!.GetValue<string>()).ToList();
        apis.ShouldContain("listUsers");
        apis.ShouldNotContain("updateConfiguration");
        (await cloud.AsAsync(tenant.Keys, "listApis", ("name", "updateConfiguration"))).ShouldBe(431);
    }

    [Fact]
    public async Task The_first_rule_that_fits_decides_and_none_denies()
    {
        var tenant = await WithRulesAsync("ruled", ("listUsers", RolePermission.Deny), ("list*", RolePermission.Allow));
        (await cloud.AsAsync(tenant.Keys, "listUsers")).ShouldBe(401);
        (await cloud.AsAsync(tenant.Keys, "listAccounts")).ShouldBe(200);
        (await cloud.AsAsync(tenant.Keys, "probe", ("name", "n"))).ShouldBe(401);
        (await cloud.AsAsync(tenant.Keys, "listApis")).ShouldBe(200).Body["api"]!.AsArray()
            .ShouldAllBe(api => api!["name"]!.GetValue<string>().StartsWith("list", StringComparison.Ordinal) || api["name"]!.GetValue<string>().StartsWith("log", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_role_without_rules_may_call_nothing()
    {
        var tenant = await WithRulesAsync("barred");
        (await cloud.AsAsync(tenant.Keys, "listApis")).ShouldBe(401);
    }

    [Fact]
    public async Task Who_only_looks_changes_nothing_and_reads_nobodys_keys()
    {
        var tenant = await cloud.TenantAsync("auditor", AllowedTo.RootAdmin);
        await using (var db = cloud.Open())
        {
            var role = await db.Set<Role>().SingleAsync(r => r.Name == "Read-Only Admin - Default");
            (await db.Set<Account>().SingleAsync(a => a.Id == tenant.Account.Id)).TakeRole(role);
            await db.SaveChangesAsync();
        }
        (await cloud.AsAsync(tenant.Keys, "listConfigurations")).ShouldBe(200);
        (await cloud.AsAsync(tenant.Keys, "updateConfiguration", ("name", "default.page.size"), ("value", "1"))).ShouldBe(401);
        var admin = (await cloud.AsAdminAsync("listUsers")).Body["user"]![0]!["id"]!.GetValue<string>();
        (await cloud.AsAsync(tenant.Keys, "getUserKeys", ("id", admin))).ShouldBe(401);
    }

    [Fact]
    public async Task A_role_is_made_ruled_reordered_and_removed()
    {
        var role = (await cloud.AsAdminAsync("createRole", ("name", "operator"), ("type", "User"), ("description", "restarts"))).ShouldBe(200).Body["role"]!;
        var id = role["id"]!.GetValue<string>();
        role["type"]!.GetValue<string>().ShouldBe("User");
        (await cloud.AsAdminAsync("createRole", ("name", "operator"), ("type", "User"))).ShouldBe(431).ErrorText!.ShouldContain("exists already");
        (await cloud.AsAdminAsync("createRole", ("name", "nobody"), ("type", "Emperor"))).ShouldBe(431).ErrorText!.ShouldContain("none of Admin");
        var allow = await RuleAsync(id, "list*", "allow");
        var deny = await RuleAsync(id, "listUsers", "deny");
        (await cloud.AsAdminAsync("createRolePermission", ("roleid", id), ("rule", "list*"), ("permission", "deny"))).ShouldBe(431);
        (await cloud.AsAdminAsync("createRolePermission", ("roleid", id), ("rule", "rm -rf"), ("permission", "deny"))).ShouldBe(431);

        var tenant = await cloud.TenantAsync("operated");
        await using (var db = cloud.Open())
        {
            var taken = await db.Set<Role>().SingleAsync(r => r.Name == "operator");
            (await db.Set<Account>().SingleAsync(a => a.Id == tenant.Account.Id)).TakeRole(taken);
            await db.SaveChangesAsync();
        }
        (await cloud.AsAsync(tenant.Keys, "listUsers")).ShouldBe(200);
        (await cloud.AsAdminAsync("updateRolePermission", ("roleid", id), ("ruleorder", $"{deny},{allow}"))).ShouldBe(200);
        (await cloud.AsAsync(tenant.Keys, "listUsers")).ShouldBe(401);
        (await cloud.AsAdminAsync("updateRolePermission", ("roleid", id), ("ruleid", deny), ("permission", "allow"))).ShouldBe(200);
        (await cloud.AsAsync(tenant.Keys, "listUsers")).ShouldBe(200);
        (await cloud.AsAdminAsync("updateRolePermission", ("roleid", id), ("ruleorder", deny))).ShouldBe(431).ErrorText!.ShouldContain("each of the 2 rules");
        (await cloud.AsAdminAsync("deleteRolePermission", ("id", allow))).ShouldBe(200);
        (await cloud.AsAsync(tenant.Keys, "listAccounts")).ShouldBe(401);

        (await cloud.AsAdminAsync("updateRole", ("id", id), ("type", "Admin"))).ShouldBe(536).ErrorText!.ShouldContain("1 accounts have the role");
        (await cloud.AsAdminAsync("deleteRole", ("id", id))).ShouldBe(536);
        var copy = (await cloud.AsAdminAsync("createRole", ("name", "copy"), ("roleid", id))).ShouldBe(200).Body["role"]!["id"]!.GetValue<string>();
        (await cloud.AsAdminAsync("updateRole", ("id", copy), ("name", "second"), ("type", "DomainAdmin"))).ShouldBe(200).Body["role"]!["type"]!.GetValue<string>().ShouldBe("DomainAdmin");
        (await cloud.AsAdminAsync("listRolePermissions", ("roleid", copy))).Body["rolepermission"]!.AsArray().Count.ShouldBe(1);
        (await cloud.AsAdminAsync("deleteRole", ("id", copy))).ShouldBe(200);
        (await cloud.AsAdminAsync("listRoles", ("id", copy))).Body.Count.ShouldBe(0);
    }

    [Fact]
    public async Task The_default_roles_stay_as_they_are()
    {
        var id = Role.DefaultIdOf(AllowedTo.User).ToString();
        (await cloud.AsAdminAsync("deleteRole", ("id", id))).ShouldBe(431).ErrorText!.ShouldContain("comes with the cloud");
        (await cloud.AsAdminAsync("updateRole", ("id", id), ("name", "x"))).ShouldBe(431);
        (await cloud.AsAdminAsync("createRolePermission", ("roleid", id), ("rule", "*"), ("permission", "allow"))).ShouldBe(431);
    }

    private async Task<string> RuleAsync(string role, string rule, string permission) =>
        (await cloud.AsAdminAsync("createRolePermission", ("roleid", role), ("rule", rule), ("permission", permission)))
            .ShouldBe(200).Body["rolepermission"]!["id"]!.GetValue<string>();

    [Fact]
    public async Task Another_start_adds_nothing_and_draws_no_credentials()
    {
        await using var scope = cloud.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Management.Database.CloudDb>();
        var before = await db.Set<RoleRule>().CountAsync();
        (await scope.ServiceProvider.GetRequiredService<Bootstrap>().FillAsync("other", CancellationToken.None)).ShouldBeNull();
        (await db.Set<RoleRule>().CountAsync()).ShouldBe(before);
        (await db.Set<User>().CountAsync(u => u.Name == "admin")).ShouldBe(1);
    }
}
