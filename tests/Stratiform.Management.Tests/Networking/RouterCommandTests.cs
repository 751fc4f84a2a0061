using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Management.Api;
using Stratiform.Management.Networking;
using Stratiform.Management.Networking.Reconcilers;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Management.Tests.Api;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;
using Stratiform.Simulator;
using Stratiform.Workflows;

namespace Stratiform.Management.Tests.Networking;

/// <summary>What operators do with routers, and tenants with their networks.</summary>
public sealed class RouterCommandTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private static readonly string[] OfRouters = ["startRouter", "stopRouter", "rebootRouter", "destroyRouter"];

    [Fact]
    public async Task A_router_that_is_stopped_stays_so_until_it_is_started()
    {
        var (network, _) = await cloud.WithGuestAsync("held");
        var router = await cloud.RouterAsync(network);
        var stopped = await cloud.DoneAsync("router", "stopRouter", ("id", router.IdOf()));
        StateOf(stopped).ShouldBe("Stopped");
        stopped.ContainsKey("hostid").ShouldBeFalse();
        (await BootAsync(router)).ShouldBeNull();

        for (var look = 0; look < 2; look++) await ReconcileAsync<RouterSync>();
        (await WorkAboutAsync(router)).ShouldBe(0);
        StateOf(await cloud.RouterAsync(network)).ShouldBe("Stopped");
        await cloud.ShouldBeCleanAsync();
        (await cloud.RefusedAsync(431, "stopRouter", ("id", router.IdOf()))).ShouldContain("is Stopped; to stop it, it must be Running or Starting or Stopping");
        (await cloud.RefusedAsync(431, "rebootRouter", ("id", router.IdOf()))).ShouldContain("is Stopped; to reboot it, it must be Running");

        // What is changed meanwhile waits for nobody, and is there when it boots.
        var address = (await cloud.AcquireAsync(network)).IdOf();
        await cloud.DoneAsync("firewallrule", "createFirewallRule", ("ipaddressid", address), ("protocol", "tcp"), ("startport", "4711"), ("endport", "4711"));
        var started = await cloud.DoneAsync("router", "startRouter", ("id", router.IdOf()));
        StateOf(started).ShouldBe("Running");
        started["appliedgeneration"]!.GetValue<long>().ShouldBe(started["wantedgeneration"]!.GetValue<long>());
        (await cloud.RouterFileAsync(network, "nft.rules")).ShouldContain("4711");
        (await cloud.RefusedAsync(431, "startRouter", ("id", router.IdOf()))).ShouldContain("is Running; to start it, it must be Stopped");

        // The hold has ended: one that dies comes back.
        cloud.Simulator[(await BootAsync(router))!.Value.Host].Hypervisor.SetPower(Guid.Parse(router.IdOf()), PowerState.Crashed);
        await UntilAsync(async () => await BootAsync(router) is not null);
        foreach (var type in new[] { "ROUTER.STOP", "ROUTER.START" })
            (await cloud.CallAsync("listEvents", ("type", type), ("listall", "true"))).ShouldBe(200).Text.ShouldContain(router["name"]!.GetValue<string>());
        await cloud.ShouldBeCleanAsync();
    }

    [Theory]
    [InlineData("rebootRouter", false, "ROUTER.REBOOT")]
    [InlineData("destroyRouter", false, "ROUTER.DESTROY")]
    [InlineData("destroyRouter", true, "ROUTER.DESTROY")]
    public async Task A_router_boots_anew_and_is_configured_again(string command, bool held, string eventType)
    {
        var (network, _) = await cloud.WithGuestAsync($"{command}-{held}".ToLowerInvariant());
        var router = await cloud.RouterAsync(network);
        var boot = await BootAsync(router);
        if (held) await cloud.DoneAsync("router", "stopRouter", ("id", router.IdOf()));

        var anew = await cloud.DoneAsync("router", command, ("id", router.IdOf()));
        StateOf(anew).ShouldBe("Running");
        anew["guestmacaddress"]!.GetValue<string>().ShouldBe(router["guestmacaddress"]!.GetValue<string>(), "guests find it where it was");
        anew["appliedgeneration"]!.GetValue<long>().ShouldBe(anew["wantedgeneration"]!.GetValue<long>());
        (await BootAsync(router)).ShouldNotBeNull().ShouldNotBe(boot!.Value);
        (await cloud.RouterFileAsync(network, "dnsmasq.hosts")).ShouldContain("-guest");
        (await cloud.CallAsync("listEvents", ("type", eventType), ("listall", "true"))).ShouldBe(200).Text.ShouldContain(router["name"]!.GetValue<string>());
        await cloud.ShouldBeCleanAsync();
    }

    [Theory]
    [InlineData("stopRouter")]
    [InlineData("destroyRouter")]
    public async Task A_start_that_hangs_is_ended_by_force(string command)
    {
        var (network, _) = await cloud.WithGuestAsync($"hanging-{command}".ToLowerInvariant());
        var router = await cloud.RouterAsync(network);
        await cloud.DoneAsync("router", "stopRouter", ("id", router.IdOf()));
        foreach (var host in cloud.Simulator.Hosts) host.Routers.Answer = false;
        var start = cloud.JobAsync("startRouter", ("id", router.IdOf()));
        await UntilAsync(async () => await BootAsync(router) is not null);
        var ended = cloud.DoneAsync("router", command, ("id", router.IdOf()), ("forced", "true"));
        (await start)["jobresult"]!["errortext"]!.GetValue<string>().ShouldBe("superseded by StopRouter");
        foreach (var host in cloud.Simulator.Hosts) host.Routers.Answer = true;
        StateOf(await ended).ShouldBe(command == "stopRouter" ? "Stopped" : "Running");
        (await BootAsync(router) is null).ShouldBe(command == "stopRouter");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_stop_that_its_host_fails_is_ended_later_and_nothing_starts_until_then()
    {
        var (network, guest) = await cloud.WithGuestAsync("halfway");
        var router = await cloud.RouterAsync(network);
        (await cloud.JobAsync("stopVirtualMachine", ("id", guest), ("forced", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        var fault = cloud.Simulator.Order(new Fault { Kind = FaultKind.Refuse, Message = nameof(EnsureNoDomain), Text = "the wheel came off" });
        var stop = await cloud.JobAsync("stopRouter", ("id", router.IdOf()));
        stop["jobresult"]!["errortext"]!.GetValue<string>().ShouldContain("the wheel came off");
        StateOf(await cloud.RouterAsync(network)).ShouldBe("Stopping");
        (await cloud.JobAsync("startVirtualMachine", ("id", guest)))["jobresult"]!["errortext"]!.GetValue<string>().ShouldContain("is half off");

        fault.Withdraw();
        await UntilAsync(async () => StateOf(await cloud.RouterAsync(network)) == "Stopped");
        (await BootAsync(router)).ShouldBeNull();
        await cloud.DoneAsync("virtualmachine", "startVirtualMachine", ("id", guest));
        StateOf(await cloud.RouterAsync(network)).ShouldBe("Running");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_virtual_machine_that_starts_brings_the_router_back()
    {
        var (network, guest) = await cloud.WithGuestAsync("needed");
        var router = await cloud.RouterAsync(network);
        (await cloud.JobAsync("stopVirtualMachine", ("id", guest), ("forced", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        await cloud.DoneAsync("router", "stopRouter", ("id", router.IdOf()));
        await cloud.DoneAsync("virtualmachine", "startVirtualMachine", ("id", guest));
        StateOf(await cloud.RouterAsync(network)).ShouldBe("Running");

        await cloud.DoneAsync("router", "stopRouter", ("id", router.IdOf()));
        await cloud.DeployAsync(network, "needed-too");
        var back = await cloud.RouterAsync(network);
        (back.IdOf(), StateOf(back)).ShouldBe((router.IdOf(), "Running"));
        (await cloud.RouterFileAsync(network, "dnsmasq.hosts")).ShouldContain("needed-too");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_network_goes_with_its_stopped_router()
    {
        var (network, guest) = await cloud.WithGuestAsync("mortal");
        await cloud.DoneAsync("router", "stopRouter", ("id", (await cloud.RouterAsync(network)).IdOf()));
        (await cloud.JobAsync("destroyVirtualMachine", ("id", guest), ("expunge", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.JobAsync("deleteNetwork", ("id", network)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("listRouters", ("networkid", network), ("listall", "true"))).ShouldBe(200).Body.Count.ShouldBe(0);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task An_idle_network_is_shut_down_with_its_stopped_router_and_gets_another()
    {
        var (network, guest) = await cloud.WithGuestAsync("idle");
        var router = (await cloud.RouterAsync(network)).IdOf();
        await cloud.DoneAsync("router", "stopRouter", ("id", router));
        (await cloud.JobAsync("stopVirtualMachine", ("id", guest), ("forced", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("updateConfiguration", ("name", "network.gc.wait"), ("value", "0"))).ShouldBe(200);
        await ReconcileAsync<NetworkGc>();
        await UntilAsync(async () => await NetworkStateAsync(network) == "Allocated");
        (await cloud.CallAsync("resetConfiguration", ("name", "network.gc.wait"))).ShouldBe(200);
        (await cloud.RefusedAsync(431, "startRouter", ("id", router))).ShouldContain("does not exist");

        await cloud.DoneAsync("virtualmachine", "startVirtualMachine", ("id", guest));
        var another = await cloud.RouterAsync(network);
        StateOf(another).ShouldBe("Running");
        another.IdOf().ShouldNotBe(router);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_persistent_network_is_there_before_its_guests_and_after_them()
    {
        var offering = (await cloud.ShapeAsync("networkoffering", "createNetworkOffering",
            ("name", "lasting-kind"), ("traffictype", "Guest"), ("guestiptype", "Isolated"), ("ispersistent", "true"), ("enable", "true"))).IdOf();
        var network = await cloud.NetworkAsync("always", ("networkofferingid", offering));
        await UntilAsync(async () => await NetworkStateAsync(network) == "Implemented");
        StateOf(await cloud.RouterAsync(network)).ShouldBe("Running");
        (await cloud.ShapeAsync("network", "listNetworks", ("id", network)))["ispersistent"]!.GetValue<bool>().ShouldBeTrue();
        (await cloud.CallAsync("updateConfiguration", ("name", "network.gc.wait"), ("value", "0"))).ShouldBe(200);
        await ReconcileAsync<NetworkGc>();
        (await cloud.CallAsync("resetConfiguration", ("name", "network.gc.wait"))).ShouldBe(200);
        (await cloud.DeployAsync(network, "late-guest"))["state"]!.GetValue<string>().ShouldBe("Running");
        (await NetworkStateAsync(network)).ShouldBe("Implemented");

        await SetStateAsync(network, NetworkState.Allocated);
        await ReconcileAsync<NetworkGc>();
        await UntilAsync(async () => await NetworkStateAsync(network) == "Implemented");
    }

    [Fact]
    public async Task A_router_whose_network_is_being_shut_down_is_left_to_that()
    {
        var (network, _) = await cloud.WithGuestAsync("leaving");
        var router = (await cloud.RouterAsync(network)).IdOf();
        await SetStateAsync(network, NetworkState.Shutdown);
        foreach (var command in OfRouters) (await cloud.RefusedAsync(431, command, ("id", router))).ShouldContain("The network leaving is Shutdown; to ");
        await SetStateAsync(network, NetworkState.Implemented);
    }

    [Fact]
    public async Task Restarting_applies_the_configuration_again_and_with_cleanup_in_a_new_router()
    {
        var network = await cloud.NetworkAsync("restarted");
        await RestartAsync(network);
        await RestartAsync(network, ("cleanup", "true"));
        (await NetworkStateAsync(network)).ShouldBe("Allocated");
        (await cloud.CallAsync("listRouters", ("networkid", network), ("listall", "true"))).ShouldBe(200).Body.Count.ShouldBe(0);

        await cloud.DeployAsync(network, "restarted-guest");
        var before = await cloud.RouterAsync(network);
        var boot = await BootAsync(before);
        await RestartAsync(network);
        var after = await cloud.RouterAsync(network);
        (await BootAsync(before)).ShouldBe(boot);
        after["appliedgeneration"]!.GetValue<long>().ShouldBeGreaterThan(before["appliedgeneration"]!.GetValue<long>());

        await RestartAsync(network, ("cleanup", "true"));
        (await BootAsync(before)).ShouldNotBeNull().ShouldNotBe(boot!.Value);
        (await cloud.RouterFileAsync(network, "dnsmasq.hosts")).ShouldContain("restarted-guest");

        await cloud.DoneAsync("router", "stopRouter", ("id", before.IdOf()));
        await RestartAsync(network);
        StateOf(await cloud.RouterAsync(network)).ShouldBe("Running");
        (await cloud.CallAsync("listEvents", ("type", "NETWORK.RESTART"), ("listall", "true"))).ShouldBe(200).Text.ShouldContain("restarted");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_router_that_refuses_its_configuration_fails_the_restart_with_its_reason()
    {
        var (network, _) = await cloud.WithGuestAsync("stubborn");
        var job = await cloud.WhileRefusingAsync(await cloud.RouterIdAsync(network), "nft", "line 3: syntax error",
            () => cloud.JobAsync("restartNetwork", ("id", network)));
        job["jobresult"]!["errortext"]!.GetValue<string>().ShouldContain("nft refused the new one (line 3: syntax error)");
        await RestartAsync(network);
    }

    [Fact]
    public async Task A_router_tells_how_it_finds_itself()
    {
        var (network, _) = await cloud.WithGuestAsync("checked");
        var router = await cloud.RouterAsync(network);
        (await HealthAsync(router, ("performfreshchecks", "true"))).ShouldContain(("filter", true, null));
        (await cloud.RouterAsync(network))["healthchecksfailed"]!.GetValue<bool>().ShouldBeFalse();

        var (boot, fatal) = (await BootAsync(router), "router.health.checks.failures.to.recreate.vr");
        (await cloud.RefusedAsync(431, "updateConfiguration", ("name", fatal), ("value", "luck"))).ShouldContain("a check that there is not");
        (await cloud.CallAsync("updateConfiguration", ("name", fatal), ("value", "gateway,agent"))).ShouldBe(200);
        cloud.Simulator[boot!.Value.Host].Routers.Ail(Guid.Parse(router.IdOf()), "gateway", "192.0.2.1 does not answer");
        await ReconcileAsync<RouterChecks>();
        (await RebuildsAsync(router)).ShouldBe(0, "it has had no time to mend itself");
        (await HealthAsync(router)).ShouldContain(("gateway", false, "192.0.2.1 does not answer"));
        (await cloud.ShapeAsync("router", "listRouters", ("healthchecksfailed", "true"), ("listall", "true"))).IdOf().ShouldBe(router.IdOf());

        await ReconcileAsync<RouterChecks>();
        (await cloud.CallAsync("resetConfiguration", ("name", fatal))).ShouldBe(200);
        await UntilAsync(async () => await BootAsync(router) is { } now && now != boot && StateOf(await cloud.RouterAsync(network)) == "Running");
        await cloud.DoneAsync("router", "stopRouter", ("id", router.IdOf()));
        (await cloud.RefusedAsync(431, "getRouterHealthCheckResults", ("routerid", router.IdOf()), ("performfreshchecks", "true"))).ShouldContain("must be Running");
    }

    [Fact]
    public async Task A_router_probes_the_network_from_inside()
    {
        var (network, _) = await cloud.WithGuestAsync("probing");
        var router = (await cloud.RouterAsync(network)).IdOf();
        (string, string)[] Probe(string type, string address, string options) => [("targetid", router), ("type", type), ("ipaddress", address), ("params", options)];
        var found = await cloud.DoneAsync("diagnostics", "runDiagnostics", Probe("Ping", "10.1.1.2", "-c 2"));
        (found["stdout"]!.GetValue<string>(), found["stderr"]!.GetValue<string>(), found["exitcode"]!.GetValue<string>()).ShouldBe(("ping -c 2 10.1.1.2\n", "", "0"));

        (await cloud.RefusedAsync(431, "runDiagnostics", Probe("reboot", "10.1.1.2", ""))).ShouldContain("use ping, traceroute or arping");
        (await cloud.RefusedAsync(431, "runDiagnostics", Probe("1", "10.1.1.2", ""))).ShouldContain("use ping, traceroute or arping");
        (await cloud.RefusedAsync(431, "runDiagnostics", Probe("ping", "example.org", ""))).ShouldContain("names are not looked up");
        (await cloud.RefusedAsync(431, "runDiagnostics", Probe("ping", "10.1.1.2", "-c 2;reboot"))).ShouldContain("2;reboot is not an option");
        (await cloud.RefusedAsync(431, "runDiagnostics", Probe("arping", "10.1.1.2", "-I /dev/null"))).ShouldContain("/dev/null is not an option");
        await cloud.DoneAsync("router", "stopRouter", ("id", router));
        (await cloud.RefusedAsync(431, "runDiagnostics", Probe("ping", "10.1.1.2", ""))).ShouldContain("must be Running");
        var nobody = Id.New<Router>().ToString();
        (await cloud.RefusedAsync(431, "runDiagnostics", ("targetid", nobody), ("type", "ping"), ("ipaddress", "10.1.1.2"))).ShouldContain(nobody);
    }

    private async Task<int> RebuildsAsync(JsonObject router)
    {
        await using var db = cloud.Open();
        var id = Guid.Parse(router.IdOf());
        return await db.Set<WorkflowRow>().CountAsync(w => w.Kind == nameof(RestartNetwork) && w.InstanceId == id, CancellationToken.None);
    }

    private async Task<IEnumerable<(string, bool, string?)>> HealthAsync(JsonObject router, params (string, string)[] more) =>
        (await cloud.ShapeAsync("routerhealthchecks", "getRouterHealthCheckResults", [("routerid", router.IdOf()), .. more]))["healthchecks"]!.AsArray()
            .Select(c => (c!["checkname"]!.GetValue<string>(), c["success"]!.GetValue<bool>(), c["details"]?.GetValue<string>()));

    [Fact]
    public async Task Tenants_restart_their_networks_and_know_nothing_of_routers()
    {
        var (owner, stranger) = (await cloud.TenantAsync("owner-of-network"), await cloud.TenantAsync("stranger-to-network"));
        var head = await cloud.TenantAsync("head-of-others", AllowedTo.DomainAdmin);
        var network = (await cloud.AsAsync(owner.Keys, "createNetwork", ("name", "own"), ("displaytext", "own"), ("zoneid", cloud.Zone), ("networkofferingid", cloud.NetworkOffering)))
            .ShouldBe(200).Body["network"]!["id"]!.GetValue<string>();
        (await cloud.JobAsAsync(owner.Keys, "deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small),
            ("networkids", network), ("name", "own-guest")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        var router = (await cloud.RouterAsync(network)).IdOf();

        foreach (var cleanup in new[] { "false", "true" })
            (await cloud.JobAsAsync(owner.Keys, "restartNetwork", ("id", network), ("cleanup", cleanup)))["jobresult"]!["success"]!.GetValue<bool>().ShouldBeTrue();
        await ShouldNotExistAsync(stranger, "restartNetwork", network);
        foreach (var command in OfRouters)
        {
            (await cloud.AsAsync(owner.Keys, command, ("id", router))).ShouldBe(401);
            await ShouldNotExistAsync(head, command, router);
        }
        StateOf(await cloud.RouterAsync(network)).ShouldBe("Running");
    }

    // What others own is refused in the words for what is not there.
    private async Task ShouldNotExistAsync(Tenant tenant, string command, string id)
    {
        var nobody = Id.New<Router>().ToString();
        var theirs = (await cloud.AsAsync(tenant.Keys, command, ("id", id))).ShouldBe(431);
        var none = (await cloud.AsAsync(tenant.Keys, command, ("id", nobody))).ShouldBe(431);
        theirs.Text.Replace(id, nobody, StringComparison.Ordinal).ShouldBe(none.Text);
    }

    private async Task RestartAsync(string network, params (string Name, string Value)[] more)
    {
        var job = await cloud.JobAsync("restartNetwork", [("id", network), .. more]);
        job["jobstatus"]!.GetValue<int>().ShouldBe(1, job.ToJsonString());
        job["jobresult"]!["success"]!.GetValue<bool>().ShouldBeTrue();
    }

    private static string StateOf(JsonObject shape) => shape["state"]!.GetValue<string>();

    private async Task<string> NetworkStateAsync(string network) => StateOf(await cloud.ShapeAsync("network", "listNetworks", ("id", network)));

    private Task<(int Host, int Process)?> BootAsync(JsonObject router) => cloud.BootOfAsync(Guid.Parse(router.IdOf()));

    private async Task ReconcileAsync<T>() where T : IReconciler
    {
        await using var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<T>(scope.ServiceProvider).ReconcileAsync(CancellationToken.None);
    }

    private async Task<int> WorkAboutAsync(JsonObject router)
    {
        var id = Guid.Parse(router.IdOf());
        await using var db = cloud.Open();
        return await db.Set<WorkflowRow>().CountAsync(w => w.InstanceId == id && w.EndedAt == null);
    }

    private async Task SetStateAsync(string network, NetworkState state)
    {
        var id = new Id<Network>(Guid.Parse(network));
        await using var db = cloud.Open();
        await db.Set<Network>().Where(n => n.Id == id).ExecuteUpdateAsync(set => set.SetProperty(n => n.State, state));
    }

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
