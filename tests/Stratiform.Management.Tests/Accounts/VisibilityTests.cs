using Stratiform.Management.Api;
using Stratiform.Management.Tests.Api;

namespace Stratiform.Management.Tests.Accounts;

public sealed class VisibilityTests(TestCloud cloud) : IClassFixture<TestCloud>
{
    private static string[] Names(Reply reply, string of, string field) =>
        [.. (reply.ShouldBe(200).Body[of]?.AsArray() ?? []).Select(row => row![field]!.GetValue<string>()).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Each_sees_what_lies_in_reach_and_by_default_its_own()
    {
        var top = await cloud.TenantAsync("top", AllowedTo.DomainAdmin);
        var mate = await cloud.TenantAsync("topmate", domain: top.Domain);
        var below = await cloud.TenantAsync("below", parent: top.Domain);
        var aside = await cloud.TenantAsync("aside");

        Names(await cloud.AsAsync(top.Keys, "listUsers"), "user", "username").ShouldBe(["top"]);
        Names(await cloud.AsAsync(top.Keys, "listUsers", ("listall", "true")), "user", "username").ShouldBe(["below", "top", "topmate"]);
        Names(await cloud.AsAsync(top.Keys, "listUsers", ("domainid", top.Domain.Id.ToString())), "user", "username").ShouldBe(["top", "topmate"]);
        Names(await cloud.AsAsync(top.Keys, "listUsers", ("domainid", top.Domain.Id.ToString()), ("isrecursive", "true")), "user", "username")
            .ShouldBe(["below", "top", "topmate"]);
        Names(await cloud.AsAsync(top.Keys, "listUsers", ("account", "topmate")), "user", "username").ShouldBe(["topmate"]);
        Names(await cloud.AsAsync(top.Keys, "listUsers", ("account", "below"), ("domainid", below.Domain.Id.ToString())), "user", "username")
            .ShouldBe(["below"]);
        Names(await cloud.AsAsync(top.Keys, "listAccounts", ("listall", "true")), "account", "name").ShouldBe(["below", "top", "topmate"]);
        Names(await cloud.AsAsync(top.Keys, "listDomains", ("listall", "true")), "domain", "path").ShouldBe(["ROOT/top", "ROOT/top/below"]);

        Names(await cloud.AsAsync(mate.Keys, "listUsers", ("listall", "true")), "user", "username").ShouldBe(["topmate"]);
        Names(await cloud.AsAsync(mate.Keys, "listUsers", ("id", top.User.Id.ToString())), "user", "username").ShouldBe([]);
        (await cloud.AsAsync(mate.Keys, "listUsers", ("account", "top"))).ShouldBe(431);
        (await cloud.AsAsync(top.Keys, "listUsers", ("domainid", aside.Domain.Id.ToString()))).ShouldBe(431).ErrorText!
            .ShouldContain($"Invalid parameter domainid value={aside.Domain.Id} due to");

        Names(await cloud.AsAdminAsync("listUsers"), "user", "username").ShouldBe(["admin"]);
        Names(await cloud.AsAdminAsync("listUsers", ("listall", "true")), "user", "username").ShouldContain("aside");
        Names(await cloud.AsAdminAsync("listUsers", ("listall", "true")), "user", "username").ShouldNotContain("system");
        Names(await cloud.AsAdminAsync("listUsers", ("id", aside.User.Id.ToString())), "user", "username").ShouldBe(["aside"]);
        Names(await cloud.AsAdminAsync("listUsers", ("ids", $"{aside.User.Id},{mate.User.Id}")), "user", "username").ShouldBe(["aside", "topmate"]);
        Names(await cloud.AsAdminAsync("listUsers", ("listall", "true"), ("keyword", "OPMA")), "user", "username").ShouldBe(["topmate"]);
        Names(await cloud.AsAdminAsync("listUsers", ("listall", "true"), ("keyword", "%")), "user", "username").ShouldBe([]);
    }

    [Fact]
    public async Task Nobody_gets_the_keys_of_somebody_with_more_power()
    {
        var admin = (await cloud.AsAdminAsync("listUsers")).Body["user"]![0]!["id"]!.GetValue<string>();
        Management.Accounts.Domain root;
        await using (var db = cloud.Open()) root = db.Set<Management.Accounts.Domain>().Single(d => d.Path == "/");
        var helper = await cloud.TenantAsync("helper", AllowedTo.DomainAdmin, domain: root);
        var user = await cloud.TenantAsync("plain", domain: root);
        var peer = await cloud.TenantAsync("peer");

        (await cloud.AsAsync(helper.Keys, "getUserKeys", ("id", admin))).ShouldBe(531);
        (await cloud.AsAsync(helper.Keys, "registerUserKeys", ("id", admin))).ShouldBe(531);
        (await cloud.AsAsync(helper.Keys, "getUserKeys", ("id", user.User.Id.ToString()))).ShouldBe(200);
        (await cloud.AsAsync(user.Keys, "getUserKeys", ("id", peer.User.Id.ToString()))).ShouldBe(431);
        (await cloud.AsAsync(user.Keys, "getUserKeys", ("id", user.User.Id.ToString()))).ShouldBe(200)
            .Body["userkeys"]!["secretkey"]!.GetValue<string>().ShouldBe(user.Keys.SecretKey);
    }

    [Fact]
    public async Task Rows_are_found_by_all_their_tags()
    {
        var tenant = await cloud.TenantAsync("tagged");
        await using (var db = cloud.Open())
        {
            db.AddRange(
                new Management.Accounts.Tag("User", tenant.User.Id.Value, "colour", "blue", tenant.User),
                new Management.Accounts.Tag("User", tenant.User.Id.Value, "size", "XL", tenant.User));
            await db.SaveChangesAsync();
        }
        Names(await cloud.AsAsync(tenant.Keys, "listUsers", ("tags[0].key", "colour"), ("tags[0].value", "blue"), ("tags[1].key", "size"), ("tags[1].value", "XL")), "user", "username")
            .ShouldBe(["tagged"]);
        Names(await cloud.AsAsync(tenant.Keys, "listUsers", ("tags[0].key", "colour"), ("tags[0].value", "red")), "user", "username").ShouldBe([]);
    }
}
