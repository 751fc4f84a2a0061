using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Tests.Api;
using Stratiform.Protocol;
using Domain = Stratiform.Management.Accounts.Domain;

namespace Stratiform.Management.Tests.Accounts;

public sealed class DomainTests(TestCloud cloud) : IClassFixture<TestCloud>
{
    private async Task<string> DomainAsync(string name, string? parent = null) =>
        (await cloud.AsAdminAsync("createDomain", parent is null ? [("name", name)] : [("name", name), ("parentdomainid", parent)]))
            .ShouldBe(200).Body["domain"]!["id"]!.GetValue<string>();

    private async Task<string[]> ChildrenAsync(KeyPair keys, params (string, string)[] parameters) =>
        [.. ((await cloud.AsAsync(keys, "listDomainChildren", parameters)).ShouldBe(200).Body["domain"]?.AsArray() ?? []).Select(d => d!["path"]!.GetValue<string>())];

    [Fact]
    public async Task A_domain_is_made_listed_renamed_with_all_below_it_and_deleted()
    {
        var top = await DomainAsync("sales");
        var low = await DomainAsync("north", top);
        await DomainAsync("city", low);
        (await ChildrenAsync(cloud.AdminKeys, ("id", top))).ShouldBe(["ROOT/sales/north"]);
        (await ChildrenAsync(cloud.AdminKeys, ("id", top), ("isrecursive", "true"))).ShouldBe(["ROOT/sales/north", "ROOT/sales/north/city"]);
        (await ChildrenAsync(cloud.AdminKeys, ("name", "sales"))).ShouldBe(["ROOT/sales"]);

        var renamed = (await cloud.AsAdminAsync("updateDomain", ("id", top), ("name", "trade"))).ShouldBe(200).Body["domain"]!;
        renamed["path"]!.GetValue<string>().ShouldBe("ROOT/trade");
        renamed["haschild"]!.GetValue<bool>().ShouldBeTrue();
        (await ChildrenAsync(cloud.AdminKeys, ("id", top), ("isrecursive", "true"))).ShouldBe(["ROOT/trade/north", "ROOT/trade/north/city"]);

        (await cloud.AsAdminAsync("deleteDomain", ("id", low))).ShouldBe(536).ErrorText
            .ShouldBe("The domain ROOT/trade/north has 1 domain (city); delete what is there first (deleteDomain).");
        await DomainAsync("city2", low);
        await using (var db = cloud.Open())
        {
            foreach (var name in new[] { "city", "city2" })
            {
                var id = (await db.Set<Domain>().SingleAsync(d => d.Name == name)).Id.ToString();
                (await cloud.AsAdminAsync("deleteDomain", ("id", id))).ShouldBe(200).Body["jobid"].ShouldNotBeNull();
                (await cloud.AsAdminAsync("deleteDomain", ("id", id))).ShouldBe(431);
            }
        }
        (await cloud.AsAdminAsync("deleteDomain", ("id", low))).ShouldBe(200);
        (await ChildrenAsync(cloud.AdminKeys, ("id", top))).ShouldBeEmpty();
        (await DomainAsync("north", top)).ShouldNotBe(low, "the name is free again");
        var events = (await cloud.AsAdminAsync("listEvents", ("listall", "true"), ("pagesize", "500"), ("page", "1"))).Body["event"]!.AsArray()
            .Select(e => e!["type"]!.GetValue<string>()).ToList();
        foreach (var type in new[] { "DOMAIN.CREATE", "DOMAIN.UPDATE", "DOMAIN.DELETE" }) events.ShouldContain(type);
    }

    [Fact]
    public async Task What_stands_in_the_way_is_counted_and_named()
    {
        var tenant = await cloud.TenantAsync("lodger");
        (await cloud.AsAdminAsync("deleteDomain", ("id", tenant.Domain.Id.ToString()))).ShouldBe(536).ErrorText
            .ShouldBe("The domain ROOT/lodger has 1 account (lodger); delete what is there first (deleteAccount).");
        await using (var db = cloud.Open())
        {
            var range = new Management.Networking.PublicIpRange(System.Net.IPAddress.Parse("198.18.9.1"), System.Net.IPAddress.Parse("198.18.9.2"), cloud.Clock.GetUtcNow())
            {
                Gateway = System.Net.IPAddress.Parse("198.18.9.254"),
                Netmask = System.Net.IPAddress.Parse("255.255.255.0"),
            };
            db.Add(range);
            db.Entry(range).Property(r => r.KeptForDomainId).CurrentValue = tenant.Domain.Id;
            await db.SaveChangesAsync();
        }
        (await cloud.AsAdminAsync("deleteDomain", ("id", tenant.Domain.Id.ToString()))).ShouldBe(536).ErrorText
            .ShouldBe("The domain ROOT/lodger has 1 account (lodger), 1 public range (198.18.9.1); delete what is there first (deleteAccount, releasePublicIpRange).");
    }

    [Fact]
    public async Task Names_that_cannot_be_are_refused()
    {
        var top = await DomainAsync("strict");
        (await cloud.AsAdminAsync("createDomain", ("name", "strict"))).ShouldBe(431).ErrorText!.ShouldContain("ROOT/strict already");
        (await cloud.AsAdminAsync("createDomain", ("name", "a/b"))).ShouldBe(431).ErrorText!.ShouldContain("slash");
        (await cloud.AsAdminAsync("createDomain", ("name", " a"))).ShouldBe(431);
        (await cloud.AsAdminAsync("createDomain", ("name", "a\nb"))).ShouldBe(431);
        await DomainAsync("other");
        (await cloud.AsAdminAsync("updateDomain", ("id", top), ("name", "other"))).ShouldBe(431);
        (await cloud.AsAdminAsync("updateDomain", ("id", top), ("name", "x/y"))).ShouldBe(431);
        await using var db = cloud.Open();
        var root = (await db.Set<Domain>().SingleAsync(d => d.Path == "/")).Id.ToString();
        (await cloud.AsAdminAsync("updateDomain", ("id", root), ("name", "x"))).ShouldBe(431).ErrorText!.ShouldContain("ROOT");
        (await cloud.AsAdminAsync("deleteDomain", ("id", root))).ShouldBe(431).ErrorText!.ShouldContain("ROOT");
    }

    [Fact]
    public async Task A_path_may_not_grow_too_long_for_its_index()
    {
        var name = new string('é', 250);
        var (deep, refused) = (await DomainAsync("deep"), false);
        for (var (i, at) = (0, deep); i < 6 && !refused; i++)
        {
            var reply = await cloud.AsAdminAsync("createDomain", ("name", name), ("parentdomainid", at));
            refused = reply.Status == 431;
            if (!refused) at = reply.ShouldBe(200).Body["domain"]!["id"]!.GetValue<string>();
        }
        refused.ShouldBeTrue();
        (await cloud.AsAdminAsync("updateDomain", ("id", deep), ("name", new string('ü', 255)))).ShouldBe(431).ErrorText!.ShouldContain("longer than");
    }

    [Fact]
    public async Task An_administrator_of_a_domain_acts_within_it_and_below_only()
    {
        var admin = await cloud.TenantAsync("within", AllowedTo.DomainAdmin);
        var aside = await cloud.TenantAsync("without");
        var child = (await cloud.AsAsync(admin.Keys, "createDomain", ("name", "child"))).ShouldBe(200).Body["domain"]!;
        child["path"]!.GetValue<string>().ShouldBe("ROOT/within/child");
        (await ChildrenAsync(admin.Keys)).ShouldBe(["ROOT/within/child"]);
        var random = Id.New<Domain>().ToString();
        foreach (var (command, parameter) in new[] { ("createDomain", "parentdomainid"), ("deleteDomain", "id"), ("listDomainChildren", "id") })
        {
            (string, string)[] With(string id) => command == "createDomain" ? [("name", "n"), (parameter, id)] : [(parameter, id)];
            var foreign = await cloud.AsAsync(admin.Keys, command, With(aside.Domain.Id.ToString()));
            var unknown = await cloud.AsAsync(admin.Keys, command, With(random));
            foreign.ShouldBe(431).Text.Replace(aside.Domain.Id.ToString(), random, StringComparison.Ordinal).ShouldBe(unknown.Text);
        }
        (await cloud.AsAsync(admin.Keys, "deleteDomain", ("id", admin.Domain.Id.ToString()))).ShouldBe(536);
        (await cloud.AsAsync(admin.Keys, "deleteDomain", ("id", child["id"]!.GetValue<string>()))).ShouldBe(200);
        (await cloud.AsAsync(aside.Keys, "createDomain", ("name", "mine"))).ShouldBe(401);
    }

    [Fact]
    public async Task Nothing_comes_into_a_domain_while_it_is_deleted()
    {
        for (var round = 0; round < 8; round++)
        {
            var parent = await DomainAsync($"raced{round}");
            var calls = await Task.WhenAll(
                cloud.AsAdminAsync("deleteDomain", ("id", parent)),
                cloud.AsAdminAsync("createDomain", ("name", "c"), ("parentdomainid", parent)),
                cloud.AsAdminAsync("updateDomain", ("id", parent), ("name", $"renamed{round}")));
            calls.ShouldAllBe(reply => reply.Status == 200 || reply.Status == 431 || reply.Status == 536 || reply.Status == 530);
        }
        await using var db = cloud.Open();
        var all = await db.Set<Domain>().IgnoreQueryFilters().AsNoTracking().ToDictionaryAsync(d => d.Id);
        foreach (var domain in all.Values.Where(d => d.RemovedAt is null && d.ParentId is not null))
        {
            all[domain.ParentId!.Value].RemovedAt.ShouldBeNull(domain.Path);
            domain.Path.ShouldBe(all[domain.ParentId!.Value].PathOf(domain.Name));
        }
    }
}
