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
        roles.Select(r => r!["name"]!.GetValue<string>()).ShouldBe(
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
