using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Tests.Api;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.Accounts;

public sealed class UserTests(TestCloud cloud) : IClassFixture<TestCloud>
{
    private static (string, string)[] Wanted(string name, string account, Tenant tenant) =>
        [("username", name), ("password", "s3cret"), ("firstname", "F"), ("lastname", "L"), ("email", "f@example.org"), ("account", account), ("domainid", tenant.Domain.Id.ToString())];

    private static string IdOf(Tenant tenant) => tenant.User.Id.ToString();

    [Fact]
    public async Task A_user_is_made_changed_and_deleted()
    {
        var tenant = await cloud.TenantAsync("team");
        var user = (await cloud.AsAdminAsync("createUser", Wanted("mate", "team", tenant))).ShouldBe(200).Body["user"]!;
        var id = user["id"]!.GetValue<string>();
        user["account"]!.GetValue<string>().ShouldBe("team");
        (await cloud.AsAdminAsync("createUser", Wanted("mate", "team", tenant))).ShouldBe(431).ErrorText!.ShouldContain("a user mate");
        (await cloud.AsAdminAsync("createUser", Wanted("m", "nobody", tenant))).ShouldBe(431);
        using (var browser = await Browser.OpenAsync(cloud, "mate", "s3cret", "team")) (await browser.CallAsync()).ShouldBe(200);

        var changed = (await cloud.AsAdminAsync(
            "updateUser", ("id", id), ("username", "mate2"), ("firstname", "A"), ("lastname", "B"), ("email", "a@b"), ("timezone", "Etc/UTC"))).ShouldBe(200).Body["user"]!;
        new[] { "username", "firstname", "lastname", "email", "timezone" }.Select(f => changed[f]!.GetValue<string>()).ShouldBe(["mate2", "A", "B", "a@b", "Etc/UTC"]);
        (await cloud.AsAdminAsync("updateUser", ("id", id), ("username", "team"))).ShouldBe(431);
        using (var browser = await Browser.OpenAsync(cloud, "mate2", "s3cret", "team"))
        {
            (await cloud.AsAdminAsync("deleteUser", ("id", id))).ShouldBe(200).Body["success"]!.GetValue<bool>().ShouldBeTrue();
            (await browser.CallAsync()).ShouldBe(401);
        }
        (await cloud.AsAdminAsync("listUsers", ("id", id))).Body.Count.ShouldBe(0);
        (await cloud.AsAdminAsync("deleteUser", ("id", id))).ShouldBe(431);
        (await cloud.AsAdminAsync("createUser", Wanted("mate2", "team", tenant))).ShouldBe(200);
        var events = (await cloud.AsAdminAsync("listEvents", ("listall", "true"), ("pagesize", "500"), ("page", "1"))).Body["event"]!.AsArray()
            .Select(e => e!["type"]!.GetValue<string>()).ToList();
        foreach (var type in new[] { "USER.CREATE", "USER.UPDATE", "USER.DELETE" }) events.ShouldContain(type);
    }

    [Theory]
    [InlineData("disableUser", "disabled")]
    [InlineData("lockUser", "locked")]
    public async Task Who_is_shut_out_is_refused_at_the_next_call(string command, string state)
    {
        var tenant = await cloud.TenantAsync("user" + state);
        using var browser = await Browser.OpenAsync(cloud, tenant.User.Name, TestCloud.Password, tenant.Domain.Name);
        (await cloud.AsAdminAsync(command, ("id", IdOf(tenant)))).ShouldBe(200);
        (await cloud.AsAdminAsync("listUsers", ("id", IdOf(tenant)))).Body["user"]![0]!["state"]!.GetValue<string>().ShouldBe(state);
        (await cloud.AsAsync(tenant.Keys, "listUsers")).ShouldBe(401);
        (await browser.CallAsync()).ShouldBe(401);
        await using (var db = cloud.Open())
        {
            (await db.Set<Session>().CountAsync(s => s.UserId == tenant.User.Id)).ShouldBe(0);
            await db.Set<User>().Where(u => u.Id == tenant.User.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.FailedLogins, 4));
        }
        (await cloud.AsAdminAsync("enableUser", ("id", IdOf(tenant)))).ShouldBe(200).Body["user"]!["state"]!.GetValue<string>().ShouldBe("enabled");
        (await cloud.AsAsync(tenant.Keys, "listUsers")).ShouldBe(200);
        await using (var db = cloud.Open()) (await db.Set<User>().SingleAsync(u => u.Id == tenant.User.Id)).FailedLogins.ShouldBe(0);
    }

    [Fact]
    public async Task The_own_password_takes_the_one_until_now_and_ends_other_sessions()
    {
        var tenant = await cloud.TenantAsync("careful");
        using var mine = await Browser.OpenAsync(cloud, "careful", TestCloud.Password, "careful");
        using var other = await Browser.OpenAsync(cloud, "careful", TestCloud.Password, "careful");
        (await mine.CallAsync("updateUser", ("id", IdOf(tenant)), ("password", "newer"))).ShouldBe(431).ErrorText!.ShouldContain("currentpassword");
        (await mine.CallAsync("updateUser", ("id", IdOf(tenant)), ("password", "newer"), ("currentpassword", "guess"))).ShouldBe(431);
        await using (var db = cloud.Open()) (await db.Set<User>().SingleAsync(u => u.Id == tenant.User.Id)).FailedLogins.ShouldBe(1);
        (await mine.CallAsync("updateUser", ("id", IdOf(tenant)), ("password", "newer"), ("currentpassword", TestCloud.Password))).ShouldBe(200);
        (await mine.CallAsync()).ShouldBe(200);
        (await other.CallAsync()).ShouldBe(401);
        (await Browser.LoginAsync(cloud, new(), "careful", TestCloud.Password, "careful")).ShouldBe(531);
        (await Browser.LoginAsync(cloud, new(), "careful", "newer", "careful")).ShouldBe(200);
        (await cloud.AsAdminAsync("updateUser", ("id", IdOf(tenant)), ("password", "reset"))).ShouldBe(200);
        (await mine.CallAsync()).ShouldBe(401);
        (await Browser.LoginAsync(cloud, new(), "careful", "reset", "careful")).ShouldBe(200);
    }

    [Fact]
    public async Task Guessing_the_own_password_shuts_the_user_out()
    {
        var tenant = await cloud.TenantAsync("hijacked");
        for (var i = 0; i < 5; i++)
            (await cloud.AsAsync(tenant.Keys, "updateUser", ("id", IdOf(tenant)), ("password", "p"), ("currentpassword", $"{i}"))).ShouldBe(431);
        (await cloud.AsAsync(tenant.Keys, "listUsers")).ShouldBe(401);
    }

    [Fact]
    public async Task A_user_changes_itself_and_nobody_else()
    {
        var tenant = await cloud.TenantAsync("selfish");
        var mate = (await cloud.AsAdminAsync("createUser", Wanted("victim", "selfish", tenant))).Body["user"]!["id"]!.GetValue<string>();
        (await cloud.AsAsync(tenant.Keys, "updateUser", ("id", IdOf(tenant)), ("firstname", "Me"))).ShouldBe(200);
        (await cloud.AsAsync(tenant.Keys, "updateUser", ("id", mate), ("firstname", "You"))).ShouldBe(531);
        (await cloud.AsAsync(tenant.Keys, "deleteUser", ("id", mate))).ShouldBe(401);
    }

    [Fact]
    public async Task An_administrator_of_a_domain_acts_within_it_and_below_only()
    {
        var admin = await cloud.TenantAsync("warden", AllowedTo.DomainAdmin);
        var below = await cloud.TenantAsync("ward", parent: admin.Domain);
        var chief = await cloud.TenantAsync("chief", AllowedTo.RootAdmin, domain: admin.Domain);
        var aside = await cloud.TenantAsync("elsewhere");
        var random = Id.New<User>().ToString();
        foreach (var command in new[] { "updateUser", "lockUser", "disableUser", "enableUser", "deleteUser" })
        {
            var foreign = await cloud.AsAsync(admin.Keys, command, ("id", IdOf(aside)));
            var unknown = await cloud.AsAsync(admin.Keys, command, ("id", random));
            foreign.ShouldBe(431).Text.Replace(IdOf(aside), random, StringComparison.Ordinal).ShouldBe(unknown.Text);
            (await cloud.AsAsync(admin.Keys, command, ("id", IdOf(chief)))).ShouldBe(531);
            (await cloud.AsAsync(admin.Keys, command, ("id", IdOf(below)))).ShouldBe(200);
        }
        (await cloud.AsAsync(admin.Keys, "createUser", Wanted("x", "elsewhere", aside))).ShouldBe(431);
        (await cloud.AsAsync(admin.Keys, "createUser", Wanted("x", "chief", admin))).ShouldBe(531);
        (await cloud.AsAsync(admin.Keys, "createUser", Wanted("x", "ward", below))).ShouldBe(200);
        foreach (var command in new[] { "disableUser", "lockUser", "deleteUser" })
            (await cloud.AsAsync(admin.Keys, command, ("id", IdOf(admin)))).ShouldBe(431).ErrorText!.ShouldContain("own user");
    }

    [Fact]
    public async Task The_first_administrator_stays_and_others_of_its_account_do_not_have_to()
    {
        var root = await cloud.TenantAsync("successor", AllowedTo.RootAdmin);
        (await cloud.AsAsync(root.Keys, "deleteUser", ("id", Bootstrap.AdminUserId.ToString()))).ShouldBe(431).ErrorText!.ShouldContain("comes with the cloud");
        var second = (await cloud.AsAdminAsync(
            "createUser", ("username", "second"), ("password", "p"), ("firstname", "F"), ("lastname", "L"), ("email", "e"), ("account", "admin"))).ShouldBe(200).Body["user"]!;
        second["isdefault"]!.GetValue<bool>().ShouldBeFalse();
        (await cloud.AsAdminAsync("deleteUser", ("id", second["id"]!.GetValue<string>()))).ShouldBe(200);
    }

    [Fact]
    public async Task A_user_is_found_by_its_key()
    {
        var tenant = await cloud.TenantAsync("keyed");
        (await cloud.AsAdminAsync("getUser", ("userapikey", tenant.Keys.ApiKey))).ShouldBe(200).Body["user"]!["username"]!.GetValue<string>().ShouldBe("keyed");
        (await cloud.AsAdminAsync("getUser", ("userapikey", "nobody"))).ShouldBe(431);
        (await cloud.AsAsync(tenant.Keys, "getUser", ("userapikey", tenant.Keys.ApiKey))).ShouldBe(401);
    }

    [Fact]
    public async Task A_user_moves_within_its_domain()
    {
        var tenant = await cloud.TenantAsync("origin");
        var goal = await cloud.TenantAsync("goal", domain: tenant.Domain);
        var aside = await cloud.TenantAsync("abroad");
        (await cloud.AsAdminAsync("moveUser", ("id", IdOf(tenant)))).ShouldBe(431);
        (await cloud.AsAdminAsync("moveUser", ("id", IdOf(tenant)), ("accountid", aside.Account.Id.ToString()))).ShouldBe(431).ErrorText!.ShouldContain("another domain");
        (await cloud.AsAdminAsync("moveUser", ("id", IdOf(tenant)), ("accountid", Id.New<Account>().ToString()))).ShouldBe(431).ErrorText!.ShouldContain("parameter accountid");
        (await cloud.AsAdminAsync("moveUser", ("id", IdOf(tenant)), ("account", "goal"))).ShouldBe(200);
        (await cloud.AsAsync(tenant.Keys, "listAccounts")).ShouldBe(200).Body["account"]![0]!["id"]!.GetValue<string>().ShouldBe(goal.Account.Id.ToString());
    }
}
