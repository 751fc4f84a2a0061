using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Management.Networking;
using Stratiform.Management.Networking.Reconcilers;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;
using Stratiform.Simulator;
using Stratiform.Workflows;

namespace Stratiform.Management.Tests.Networking;

/// <summary>Routers that are built anew while they serve.</summary>
public sealed class RebuildTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task The_new_one_goes_on_with_the_connections_of_the_old_one()
    {
        var (network, before, old) = await ServedAsync("rolling");
        cloud.Simulator[old.Host].Routers.Track(old.Domain, "one", "another");
        (await RestartAsync(network))["jobstatus"]!.GetValue<int>().ShouldBe(1);

        var after = await cloud.RouterAsync(network);
        (after.IdOf(), StateOf(after)).ShouldBe((before.IdOf(), "Running"));
        after["name"]!.GetValue<string>().ShouldNotBe(before["name"]!.GetValue<string>());
        foreach (var lasting in new[] { "guestmacaddress", "publicmacaddress", "publicip", "guestipaddress" })
            after[lasting]!.GetValue<string>().ShouldBe(before[lasting]!.GetValue<string>(), "its neighbours must not notice");
        var anew = await PlaceAsync(after);
        anew.Domain.ShouldNotBe(old.Domain);
        cloud.Simulator[anew.Host].Routers.ConnectionsOf(anew.Domain).ShouldBe(["another", "one"], ignoreOrder: true);
        (await cloud.RouterFileAsync(network, "hostname")).ShouldBe(after["name"]!.GetValue<string>() + "\n");
        (await DomainsAsync()).ShouldNotContain(old.Domain);
        ShouldBeOpen(anew.Host, await cloud.SpecAsync(after.IdOf()));
        await cloud.ShouldBeCleanAsync();

        (await RestartAsync(network))["jobstatus"]!.GetValue<int>().ShouldBe(1, "it can be rebuilt again");
        await cloud.DeployAsync(network, "rolling-later");
        (await cloud.RouterFileAsync(network, "dnsmasq.hosts")).ShouldContain("rolling-later");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task The_new_one_may_serve_from_another_host()
    {
        var (network, before, old) = await ServedAsync("moving");
        var host = before["hostid"]!.GetValue<string>();
        await cloud.ShapeAsync("host", "updateHost", ("id", host), ("allocationstate", "Disable"));
        try
        {
            (await RestartAsync(network))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        }
        finally
        {
            await cloud.ShapeAsync("host", "updateHost", ("id", host), ("allocationstate", "Enable"));
        }
        var anew = await PlaceAsync(await cloud.RouterAsync(network));
        anew.Host.ShouldNotBe(old.Host);
        // Others may have come there before.
        cloud.Simulator[anew.Host].Hypervisor.Announced.Count(domain => domain == anew.Domain).ShouldBe(1);
        ShouldBeOpen(anew.Host, await cloud.SpecAsync(before.IdOf()));
        (await DomainsAsync()).ShouldNotContain(old.Domain);
        await cloud.ShouldBeCleanAsync();
    }

    [Theory]
    [InlineData(nameof(EnsureDomain))]
    [InlineData(nameof(EnsureRouterConfiguration))]
    [InlineData(nameof(EnsureRouterConnections))]
    [InlineData(nameof(EnsureDoors))]
    public async Task What_fails_before_it_serves_leaves_the_old_one_as_it_was(string message)
    {
        var (network, before, old) = await ServedAsync("failing-" + message.ToLowerInvariant());
        cloud.Simulator.Order(new Fault { Kind = FaultKind.Refuse, Message = message, Text = "the wheel came off", Times = 1 });
        (await RestartAsync(network))["jobresult"]!["errortext"]!.GetValue<string>().ShouldContain("the wheel came off");
        var after = await cloud.RouterAsync(network);
        (await PlaceAsync(after), StateOf(after)).ShouldBe((old, "Running"));
        after["name"]!.GetValue<string>().ShouldBe(before["name"]!.GetValue<string>());
        ShouldBeOpen(old.Host, await cloud.SpecAsync(after.IdOf()));
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task What_fails_after_it_serves_is_ended_later()
    {
        var (network, _, old) = await ServedAsync("halfway");
        var fault = cloud.Simulator.Order(new Fault { Kind = FaultKind.Refuse, Message = nameof(EnsureNoDomain), Text = "the wheel came off" });
        (await RestartAsync(network))["jobresult"]!["errortext"]!.GetValue<string>().ShouldContain("the wheel came off");
        var anew = await PlaceAsync(await cloud.RouterAsync(network));
        anew.Domain.ShouldNotBe(old.Domain);
        ShouldBeOpen(anew.Host, await cloud.SpecAsync((await cloud.RouterAsync(network)).IdOf()));
        fault.Withdraw();
        await UntilAsync(async () =>
        {
            await ReconcileAsync<RouterSync>();
            return !(await DomainsAsync()).Contains(old.Domain);
        });
        await UntilAsync(async () => await TwinsAsync() == 0);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task What_is_changed_meanwhile_is_in_force_afterwards()
    {
        var (network, _, _) = await ServedAsync("changed");
        var address = (await cloud.AcquireAsync(network)).IdOf();
        var rebuilt = RestartAsync(network);
        await cloud.DoneAsync("firewallrule", "createFirewallRule", ("ipaddressid", address), ("protocol", "tcp"), ("startport", "4711"), ("endport", "4711"));
        (await rebuilt)["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.RouterFileAsync(network, "nft.rules")).ShouldContain("4711");
        var router = await cloud.RouterAsync(network);
        router["appliedgeneration"]!.GetValue<long>().ShouldBe(router["wantedgeneration"]!.GetValue<long>());
    }

    [Fact]
    public async Task Without_room_for_a_second_one_it_serves_on_or_boots_in_its_place_when_it_is_unwell()
    {
        var (network, before, old) = await ServedAsync("crowded");
        var fatal = "router.health.checks.failures.to.recreate.vr";
        var memory = await FillHostsAsync();
        try
        {
            var text = (await RestartAsync(network))["jobresult"]!["errortext"]!.GetValue<string>();
            text.ShouldContain("no host has room for a second one beside it");
            text.ShouldContain("destroyRouter");
            (await PlaceAsync(before)).ShouldBe(old);
            await cloud.ShouldBeCleanAsync();

            var boot = await cloud.BootOfAsync(old.Domain);
            (await cloud.CallAsync("updateConfiguration", ("name", fatal), ("value", "gateway"))).ShouldBe(200);
            cloud.Simulator[old.Host].Routers.Ail(old.Domain, "gateway", "192.0.2.1 does not answer");
            for (var look = 0; look < 2; look++) await ReconcileAsync<RouterChecks>();
            (await cloud.CallAsync("resetConfiguration", ("name", fatal))).ShouldBe(200);
            await UntilAsync(async () => await cloud.BootOfAsync(old.Domain) is { } now && now != boot && StateOf(await cloud.RouterAsync(network)) == "Running");
            (await cloud.ServingAsync(Guid.Parse(before.IdOf()))).ShouldBe(old.Domain);
            await cloud.ShouldBeCleanAsync();
        }
        finally
        {
            await GiveHostsAsync(memory);
        }
        (await RestartAsync(network))["jobstatus"]!.GetValue<int>().ShouldBe(1);
    }

    private async Task<(string Network, JsonObject Router, (int Host, Guid Domain) Place)> ServedAsync(string name)
    {
        var (network, _) = await cloud.WithGuestAsync(name);
        // What is still under way for other routers would take the faults that are meant for this one.
        await cloud.ShouldBeCleanAsync();
        var router = await cloud.RouterAsync(network);
        return (network, router, await PlaceAsync(router));
    }

    private async Task<(int Host, Guid Domain)> PlaceAsync(JsonObject router)
    {
        var id = Guid.Parse(router.IdOf());
        return ((await cloud.BootOfAsync(id)).ShouldNotBeNull().Host, await cloud.ServingAsync(id));
    }

    private Task<JsonObject> RestartAsync(string network) => cloud.JobAsync("restartNetwork", ("id", network), ("cleanup", "true"));

    private async Task<List<Guid>> DomainsAsync()
    {
        var there = new List<Guid>();
        foreach (var host in cloud.Simulator.Hosts)
            there.AddRange((await host.Hypervisor.ReadAllAsync(CancellationToken.None)).Select(domain => domain.Report.Id));
        return there;
    }

    private void ShouldBeOpen(int host, DomainSpec domain) =>
        cloud.Simulator[host].Fabric.ShutDoors.Intersect(domain.Nics.Select(nic => nic.Id)).ShouldBeEmpty();

    private async Task<int> TwinsAsync()
    {
        await using var db = cloud.Open();
        return await db.Set<RouterTwin>().CountAsync(CancellationToken.None);
    }

    // Who gives his share up can have it again. All hosts are alike.
    private async Task<long> FillHostsAsync()
    {
        await using var db = cloud.Open();
        var before = await db.Set<HostCapacity>().MaxAsync(c => c.MemoryTotalMib, CancellationToken.None);
        await db.Set<HostCapacity>().ExecuteUpdateAsync(set => set.SetProperty(c => c.MemoryTotalMib, c => c.MemoryPromisedMib), CancellationToken.None);
        cloud.Service<HostRoom>().Forget();
        return before;
    }

    private async Task GiveHostsAsync(long memory)
    {
        await using var db = cloud.Open();
        await db.Set<HostCapacity>().ExecuteUpdateAsync(set => set.SetProperty(c => c.MemoryTotalMib, memory), CancellationToken.None);
        cloud.Service<HostRoom>().Forget();
    }

    private async Task ReconcileAsync<T>() where T : IReconciler
    {
        await using var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<T>(scope.ServiceProvider).ReconcileAsync(CancellationToken.None);
    }

    private static string StateOf(JsonObject shape) => shape["state"]!.GetValue<string>();

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var look = 0; look < 6000; look++)
        {
            if (await holds()) return;
            await Task.Delay(50);
        }
        throw new TimeoutException("it did not come true");
    }
}
