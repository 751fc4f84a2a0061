using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Tests.Api;
using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Accounts;

/// <summary>What an account may have: counted when it is created, given back when it goes, refused with all three numbers.</summary>
public sealed class LimitTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task What_is_created_is_counted_and_given_back_when_it_goes()
    {
        var tenant = await cloud.TenantAsync("counted");
        var network = await NetworkAsync(tenant, "counted");
        var vm = (await DeployAsync(tenant, network, "counted"))["jobinstanceid"]!.GetValue<string>();
        (await UsedAsync(tenant)).ShouldBe(
            "Cpu=1 Memory=512 Network=1 PrimaryStorage=2147483648 PublicIp=1 VirtualMachine=1 Volume=1");
        await DoneAsync(tenant, "destroyVirtualMachine", ("id", vm));
        (await UsedAsync(tenant)).ShouldBe("Network=1 PrimaryStorage=2147483648 PublicIp=1 Volume=1");
        (await cloud.AsAsync(tenant.Keys, "recoverVirtualMachine", ("id", vm))).ShouldBe(200);
        (await UsedAsync(tenant)).ShouldContain("VirtualMachine=1");
        await DoneAsync(tenant, "destroyVirtualMachine", ("id", vm), ("expunge", "true"));
        (await UsedAsync(tenant)).ShouldBe("Network=1 PublicIp=1");
        await DoneAsync(tenant, "deleteNetwork", ("id", network));
        (await UsedAsync(tenant)).ShouldBe("");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Beyond_a_limit_everything_is_refused_with_limit_use_and_wish()
    {
        var tenant = await cloud.TenantAsync("bounded");
        await LimitAsync(tenant, ResourceKind.VirtualMachine, 1);
        await LimitAsync(tenant, ResourceKind.Network, 1);
        var network = await NetworkAsync(tenant, "bounded");
        (await cloud.AsAsync(tenant.Keys, "createNetwork", ("name", "more"), ("zoneid", cloud.Zone), ("networkofferingid", cloud.NetworkOffering)))
            .ShouldBe(535).ErrorText!.ShouldContain("1 networks are allowed, 1 are used, 1 more were asked for");
        var vm = (await DeployAsync(tenant, network, "first"))["jobinstanceid"]!.GetValue<string>();
        var refused = await DeployReplyAsync(tenant, network, "second");
        refused.ShouldBe(535).ErrorText!.ShouldContain("type 'user_vm' for account bounded is exceeded: 1 virtual machines are allowed, 1 are used");
        refused.Body["cserrorcode"]!.GetValue<int>().ShouldBe(4370);
        (await cloud.AsAsync(tenant.Keys, "listVirtualMachines")).Body["count"]!.GetValue<int>().ShouldBe(1, "a refused one is not there");
        await DoneAsync(tenant, "destroyVirtualMachine", ("id", vm));
        var second = (await DeployAsync(tenant, network, "second"))["jobinstanceid"]!.GetValue<string>();
        (await cloud.AsAsync(tenant.Keys, "recoverVirtualMachine", ("id", vm))).ShouldBe(535);
        foreach (var one in new[] { vm, second }) await DoneAsync(tenant, "destroyVirtualMachine", ("id", one), ("expunge", "true"));
        await LimitAsync(tenant, ResourceKind.PrimaryStorage, 1);
        (await DeployReplyAsync(tenant, network, "large")).ShouldBe(535).ErrorText!.ShouldContain("1 GiB of primary storage are allowed, 0 are used, 2 more");
        await LimitAsync(tenant, ResourceKind.PrimaryStorage, -1);
        await LimitAsync(tenant, ResourceKind.PublicIp, 0);
        // The router's network went with its last guest's wait; a new one needs an address.
        await DoneAsync(tenant, "deleteNetwork", ("id", network));
        var bare = await NetworkAsync(tenant, "bare");
        var job = await JobAsync(tenant, bare, "homeless");
        job["jobresult"]!["errorcode"]!.GetValue<int>().ShouldBe(535, job.ToJsonString());
        await DoneAsync(tenant, "destroyVirtualMachine", ("id", job["jobinstanceid"]!.GetValue<string>()), ("expunge", "true"));
        (await UsedAsync(tenant)).ShouldBe("Network=1");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Many_at_once_get_no_more_than_the_limit()
    {
        var tenant = await cloud.TenantAsync("crowd");
        await LimitAsync(tenant, ResourceKind.Network, 5);
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => cloud.AsAsync(
            tenant.Keys, "createNetwork", ("name", $"n{i}"), ("zoneid", cloud.Zone), ("networkofferingid", cloud.NetworkOffering))));
        replies.GroupBy(r => (int)r.Status).ToDictionary(g => g.Key, g => g.Count()).ShouldBe(new Dictionary<int, int> { [200] = 5, [535] = 15 }, ignoreOrder: true);
    }

    [Fact]
    public async Task Limits_are_listed_and_follow_the_settings()
    {
        var tenant = await cloud.TenantAsync("listed");
        (await MaxAsync(tenant.Keys, 0)).ShouldBe(20);
        await cloud.CallAsync("updateConfiguration", ("name", "max.account.user.vms"), ("value", "7"));
        (await MaxAsync(tenant.Keys, 0)).ShouldBe(7);
        await cloud.CallAsync("resetConfiguration", ("name", "max.account.user.vms"));
        await LimitAsync(tenant, ResourceKind.PrimaryStorage, 50);
        (await MaxAsync(tenant.Keys, 10)).ShouldBe(50);
        var limits = (await cloud.CallAsync("listResourceLimits")).ShouldBe(200).Body["resourcelimit"]!.AsArray();
        limits.Select(l => l!["max"]!.GetValue<long>()).ShouldAllBe(max => max == -1);
        limits.Select(l => l!["resourcetypename"]!.GetValue<string>())
            .ShouldBe(["user_vm", "public_ip", "volume", "template", "network", "vpc", "cpu", "memory", "primary_storage"]);
        (await cloud.AsAsync(tenant.Keys, "updateResourceLimit", ("account", "listed"), ("resourcetype", "0"), ("max", "99"))).ShouldBe(401);
        (await cloud.CallAsync("updateResourceLimit", ("account", "admin"), ("resourcetype", "0"), ("max", "1"))).ShouldBe(431).ErrorText!.ShouldContain("has no limits");
        (await cloud.CallAsync("updateResourceLimit", ("account", "listed"), ("domainid", tenant.Domain.Id.ToString()), ("resourcetype", "3"), ("max", "1")))
            .ShouldBe(431).ErrorText!.ShouldContain("not counted here");
    }

    private async Task<long> MaxAsync(KeyPair keys, int type) =>
        (await cloud.AsAsync(keys, "listResourceLimits", ("resourcetype", $"{type}"))).ShouldBe(200).Body["resourcelimit"]!.AsArray().Single()!["max"]!.GetValue<long>();

    private async Task LimitAsync(Tenant tenant, ResourceKind kind, long max) => (await cloud.CallAsync("updateResourceLimit",
        ("account", tenant.Account.Name), ("domainid", tenant.Domain.Id.ToString()), ("resourcetype", $"{ResourceKindWire.All[kind].Number}"), ("max", $"{max}"))).ShouldBe(200);

    private async Task<string> NetworkAsync(Tenant tenant, string name) =>
        (await cloud.AsAsync(tenant.Keys, "createNetwork", ("name", name), ("zoneid", cloud.Zone), ("networkofferingid", cloud.NetworkOffering)))
            .ShouldBe(200).Body["network"]!["id"]!.GetValue<string>();

    private Task<Reply> DeployReplyAsync(Tenant tenant, string network, string name) => cloud.AsAsync(tenant.Keys, "deployVirtualMachine", Wish(network, name));

    private Task<JsonObject> JobAsync(Tenant tenant, string network, string name) => cloud.JobAsAsync(tenant.Keys, "deployVirtualMachine", Wish(network, name));

    private async Task<JsonObject> DeployAsync(Tenant tenant, string network, string name)
    {
        var job = await JobAsync(tenant, network, name);
        job["jobstatus"]!.GetValue<int>().ShouldBe(1, job.ToJsonString());
        return job;
    }

    private (string, string)[] Wish(string network, string name) =>
        [("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small), ("networkids", network), ("name", name), ("rootdisksize", "2")];

    private async Task DoneAsync(Tenant tenant, string command, params (string Name, string Value)[] parameters)
    {
        var job = await cloud.JobAsAsync(tenant.Keys, command, parameters);
        job["jobstatus"]!.GetValue<int>().ShouldBe(1, job.ToJsonString());
    }

    private async Task<string> UsedAsync(Tenant tenant)
    {
        await using var db = cloud.Open();
        var counts = await db.Set<ResourceCount>().Where(c => c.AccountId == tenant.Account.Id && c.Used != 0).ToListAsync();
        return string.Join(' ', counts.Select(c => $"{c.Kind}={c.Used}").Order(StringComparer.Ordinal));
    }
}
