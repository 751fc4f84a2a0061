using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Tests.Api;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.Accounts;

public sealed class AccountTests(TestCloud cloud) : IClassFixture<TestCloud>
{
    private static (string, string)[] Wanted(string name, params (string, string)[] more) =>
        [("username", name), ("password", "s3cret"), ("firstname", "F"), ("lastname", "L"), ("email", "f@example.org"), .. more];

    [Fact]
    public async Task An_account_comes_with_a_user_who_can_log_in_and_get_keys()
    {
        var tenant = await cloud.TenantAsync("house");
        var account = (await cloud.AsAdminAsync("createAccount", Wanted("first", ("account", "acme"), ("accounttype", "0"), ("domainid", tenant.Domain.Id.ToString()), ("timezone", "Europe/Berlin"))))
            .ShouldBe(200).Body["account"]!;
        account["name"]!.GetValue<string>().ShouldBe("acme");
        account["rolename"]!.GetValue<string>().ShouldBe("User");
        account["domainpath"]!.GetValue<string>().ShouldBe("ROOT/house");
        var user = account["user"]![0]!;
        user["username"]!.GetValue<string>().ShouldBe("first");
        user["timezone"]!.GetValue<string>().ShouldBe("Europe/Berlin");
        (await LoginAsync("first", "s3cret", "house")).ShouldBe(200).Body["timezone"]!.GetValue<string>().ShouldBe("Europe/Berlin");
        var keys = (await cloud.AsAdminAsync("registerUserKeys", ("id", user["id"]!.GetValue<string>()))).ShouldBe(200).Body["userkeys"]!;
        KeyPair pair = new(keys["apikey"]!.GetValue<string>(), keys["secretkey"]!.GetValue<string>());
        (await cloud.AsAsync(pair, "listAccounts")).ShouldBe(200).Body["account"]![0]!["name"]!.GetValue<string>().ShouldBe("acme");

        (await cloud.AsAdminAsync("createAccount", Wanted("second", ("account", "acme"), ("accounttype", "0"), ("domainid", tenant.Domain.Id.ToString()))))
            .ShouldBe(431).ErrorText!.ShouldContain("an account acme");
        (await cloud.AsAdminAsync("createAccount", Wanted("first", ("account", "other"), ("accounttype", "0"), ("domainid", tenant.Domain.Id.ToString()))))
            .ShouldBe(431).ErrorText!.ShouldContain("a user first");
        (await cloud.AsAdminAsync("createAccount", Wanted("third"))).ShouldBe(431).ErrorText!.ShouldContain("roleid");
        (await cloud.AsAdminAsync("createAccount", Wanted("third", ("accounttype", "7")))).ShouldBe(431);
        (await cloud.AsAdminAsync("createAccount", Wanted("third", ("accounttype", "0"), ("timezone", "../../etc/passwd")))).ShouldBe(431).ErrorText!.ShouldContain("time zone");
    }

    [Fact]
    public async Task Nobody_makes_somebody_of_more_power()
    {
        var admin = await cloud.TenantAsync("barons", AllowedTo.DomainAdmin);
        var aside = await cloud.TenantAsync("strangers");
        (await cloud.AsAsync(admin.Keys, "createAccount", Wanted("king", ("accounttype", "1")))).ShouldBe(531);
        (await cloud.AsAsync(admin.Keys, "createAccount", Wanted("peer", ("accounttype", "2")))).ShouldBe(200);
        var plain = (await cloud.AsAsync(admin.Keys, "createAccount", Wanted("plain", ("accounttype", "0")))).ShouldBe(200).Body["account"]!["id"]!.GetValue<string>();
        (await cloud.AsAsync(admin.Keys, "updateAccount", ("id", plain), ("roleid", Role.DefaultIdOf(AllowedTo.RootAdmin).ToString()))).ShouldBe(531);
        (await cloud.AsAsync(admin.Keys, "createAccount", Wanted("spy", ("accounttype", "0"), ("domainid", aside.Domain.Id.ToString())))).ShouldBe(431);

        // A role of the same kind that may call more than the caller's.
        Role weak = new("weak baron", AllowedTo.DomainAdmin, "", cloud.Clock.GetUtcNow()), hidden = new("hidden", AllowedTo.User, "", cloud.Clock.GetUtcNow()) { IsPublic = false };
        var deputy = await cloud.TenantAsync("deputy", AllowedTo.DomainAdmin, domain: admin.Domain);
        await using (var db = cloud.Open())
        {
            db.AddRange(weak, hidden);
            db.AddRange(new[] { "createAccount", "createUser", "list*", "updateUser" }.Select((rule, i) => new RoleRule(weak.Id, rule, RolePermission.Allow, i)));
            (await db.Set<Account>().SingleAsync(a => a.Id == deputy.Account.Id)).TakeRole(weak);
            await db.SaveChangesAsync();
        }
        (await cloud.AsAsync(deputy.Keys, "createAccount", Wanted("deeper", ("accounttype", "2")))).ShouldBe(531).ErrorText!.ShouldContain("more than your own");
        (await cloud.AsAsync(deputy.Keys, "createAccount", Wanted("deeper", ("roleid", weak.Id.ToString())))).ShouldBe(200);
        (await cloud.AsAsync(deputy.Keys, "createUser", Wanted("mole", ("account", "barons")))).ShouldBe(531);
        (await cloud.AsAsync(deputy.Keys, "updateUser", ("id", admin.User.Id.ToString()), ("password", "mine now"))).ShouldBe(531);
        (await cloud.AsAsync(admin.Keys, "createAccount", Wanted("unseen", ("roleid", hidden.Id.ToString())))).ShouldBe(431);
    }

    [Theory]
    [InlineData("disableAccount", "disabled")]
    [InlineData("lockAccount", "locked")]
    public async Task Who_is_shut_out_is_refused_at_the_next_call(string command, string state)
    {
        var tenant = await cloud.TenantAsync("out" + state);
        using var browser = await SessionAsync(tenant);
        (await browser.CallAsync()).ShouldBe(200);
        (string, string)[] which = command == "lockAccount"
            ? [("account", tenant.Account.Name), ("domainid", tenant.Domain.Id.ToString())]
            : [("id", tenant.Account.Id.ToString()), ("lock", "false")];
        (await cloud.AsAdminAsync(command, which)).ShouldBe(200);
        (await StateAsync(tenant)).ShouldBe(state);
        (await cloud.AsAsync(tenant.Keys, "listUsers")).ShouldBe(401);
        (await browser.CallAsync()).ShouldBe(401);
        (await LoginAsync(tenant.User.Name, TestCloud.Password, tenant.Domain.Name)).ShouldBe(531);
        await using (var db = cloud.Open()) (await db.Set<Session>().CountAsync(s => s.UserId == tenant.User.Id)).ShouldBe(0);

        (await cloud.AsAdminAsync("enableAccount", ("id", tenant.Account.Id.ToString()))).ShouldBe(200).Body["account"]!["state"]!.GetValue<string>().ShouldBe("enabled");
        (await cloud.AsAsync(tenant.Keys, "listUsers")).ShouldBe(200);
        (await browser.CallAsync()).ShouldBe(401);
    }

    [Fact]
    public async Task A_disabled_account_is_not_merely_locked()
    {
        var tenant = await cloud.TenantAsync("twice");
        (await cloud.AsAdminAsync("disableAccount", ("account", "twice"), ("domainid", tenant.Domain.Id.ToString()), ("lock", "true"))).ShouldBe(200);
        (await StateAsync(tenant)).ShouldBe("locked");
        (await cloud.AsAdminAsync("disableAccount", ("id", tenant.Account.Id.ToString()), ("lock", "false"))).ShouldBe(200);
        (await StateAsync(tenant)).ShouldBe("disabled");
        (await cloud.AsAdminAsync("lockAccount", ("account", "twice"), ("domainid", tenant.Domain.Id.ToString()))).ShouldBe(431).ErrorText!.ShouldContain("enable it first");
        (await cloud.AsAdminAsync("disableAccount", ("id", tenant.Account.Id.ToString()))).ShouldBe(431).ErrorText!.ShouldContain("missing parameter lock");
    }

    [Fact]
    public async Task An_account_is_renamed_and_takes_another_role_at_once()
    {
        var tenant = await cloud.TenantAsync("modest");
        (await cloud.AsAsync(tenant.Keys, "listDomains")).ShouldBe(401);
        var changed = (await cloud.AsAdminAsync(
            "updateAccount", ("id", tenant.Account.Id.ToString()), ("newname", "proud"), ("roleid", Role.DefaultIdOf(AllowedTo.DomainAdmin).ToString()))).ShouldBe(200).Body["account"]!;
        changed["name"]!.GetValue<string>().ShouldBe("proud");
        changed["accounttype"]!.GetValue<int>().ShouldBe(2);
        (await cloud.AsAsync(tenant.Keys, "listDomains")).ShouldBe(200);
        (await cloud.AsAsync(tenant.Keys, "updateAccount", ("id", tenant.Account.Id.ToString()), ("roleid", Role.DefaultIdOf(AllowedTo.User).ToString())))
            .ShouldBe(431).ErrorText!.ShouldContain("keeps its role");
        (await cloud.AsAdminAsync("updateAccount", ("newname", "x"))).ShouldBe(431);
    }

    [Fact]
    public async Task An_account_is_deleted_with_its_users_once_it_owns_nothing()
    {
        var tenant = await cloud.TenantAsync("leaver");
        using var browser = await SessionAsync(tenant);
        (await cloud.AsAdminAsync("updateResourceLimit", ("account", "leaver"), ("domainid", tenant.Domain.Id.ToString()), ("resourcetype", "0"), ("max", "1"))).ShouldBe(200);
        (await cloud.AsAsync(tenant.Keys, "createSSHKeyPair", ("name", "k"))).ShouldBe(200);
        (await cloud.AsAsync(tenant.Keys, "listSecurityGroups")).ShouldBe(200);
        (await cloud.AsAdminAsync("deleteAccount", ("id", tenant.Account.Id.ToString()))).ShouldBe(536).ErrorText
            .ShouldBe("The account leaver has 1 SSH key pair (k); delete what is there first (deleteSSHKeyPair).");
        (await cloud.AsAsync(tenant.Keys, "deleteSSHKeyPair", ("name", "k"))).ShouldBe(200);
        (await cloud.AsAdminAsync("deleteAccount", ("id", tenant.Account.Id.ToString()))).ShouldBe(200).Body["jobid"].ShouldNotBeNull();

        (await cloud.AsAsync(tenant.Keys, "listUsers")).ShouldBe(401);
        (await browser.CallAsync()).ShouldBe(401);
        (await cloud.AsAdminAsync("listAccounts", ("id", tenant.Account.Id.ToString()))).Body.Count.ShouldBe(0);
        (await cloud.AsAdminAsync("listUsers", ("id", tenant.User.Id.ToString()))).Body.Count.ShouldBe(0);
        await using (var db = cloud.Open())
        {
            (await db.Set<ResourceLimit>().CountAsync(l => l.AccountId == tenant.Account.Id)).ShouldBe(0);
            (await db.Set<User>().IgnoreQueryFilters().SingleAsync(u => u.Id == tenant.User.Id)).PasswordHash.ShouldBeEmpty();
        }
        (await cloud.AsAdminAsync("createAccount", Wanted("leaver", ("accounttype", "0"), ("domainid", tenant.Domain.Id.ToString())))).ShouldBe(200);
    }

    [Fact]
    public async Task Another_tenants_account_answers_like_a_random_one()
    {
        var admin = await cloud.TenantAsync("seer", AllowedTo.DomainAdmin);
        var aside = await cloud.TenantAsync("unseen");
        var random = Id.New<Account>().ToString();
        foreach (var command in new[] { "updateAccount", "enableAccount", "disableAccount", "deleteAccount" })
        {
            var foreign = await cloud.AsAsync(admin.Keys, command, ("id", aside.Account.Id.ToString()), ("lock", "false"));
            var unknown = await cloud.AsAsync(admin.Keys, command, ("id", random), ("lock", "false"));
            foreign.ShouldBe(431).Text.Replace(aside.Account.Id.ToString(), random, StringComparison.Ordinal).ShouldBe(unknown.Text);
        }
        (await cloud.AsAsync(aside.Keys, "enableAccount", ("id", aside.Account.Id.ToString()))).ShouldBe(401);
    }

    [Fact]
    public async Task Nobody_shuts_out_itself_or_the_first_administrator()
    {
        var root = await cloud.TenantAsync("second", AllowedTo.RootAdmin);
        foreach (var (account, word) in new[] { (root.Account.Id, "own account"), (Bootstrap.AdminAccountId, "comes with the cloud") })
        {
            foreach (var command in new[] { "disableAccount", "deleteAccount" })
                (await cloud.AsAsync(root.Keys, command, ("id", account.ToString()), ("lock", "false"))).ShouldBe(431).ErrorText!.ShouldContain(word);
        }
        (await cloud.AsAdminAsync("deleteAccount", ("id", Bootstrap.SystemAccountId.ToString()))).ShouldBe(431).ErrorText!.ShouldContain("Invalid parameter id");
    }

    private async Task<string> StateAsync(Tenant tenant) =>
        (await cloud.AsAdminAsync("listAccounts", ("id", tenant.Account.Id.ToString()))).Body["account"]![0]!["state"]!.GetValue<string>();

    private Task<Reply> LoginAsync(string user, string password, string domain) => Browser.LoginAsync(cloud, new(), user, password, domain);

    private Task<Browser> SessionAsync(Tenant tenant) => Browser.OpenAsync(cloud, tenant.User.Name, TestCloud.Password, tenant.Domain.Name);
}
