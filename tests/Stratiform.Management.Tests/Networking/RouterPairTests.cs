using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Stratiform.Agent.SystemVms;
using Stratiform.Management.Networking;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.Networking;

/// <summary>Networks and VPCs of two routers, which take turns.</summary>
public sealed class RouterPairTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task Two_routers_on_two_hosts_are_told_of_each_other()
    {
        var offering = await OfferingAsync("told-twice");
        offering["service"]!.AsArray().Single(s => (string)s!["name"]! == "SourceNat")!["capability"]![0]!.ToJsonString()
            .ShouldBe("""{"name":"RedundantRouter","value":"true"}""");
        var network = await NetworkAsync("told", offering.IdOf());
        await cloud.DeployAsync(network, "told");
        var (first, second) = await PairAsync(network);
        (Text(first, "redundantstate"), Text(second, "redundantstate")).ShouldBe(("PRIMARY", "BACKUP"));
        first["isredundantrouter"]!.GetValue<bool>().ShouldBeTrue();
        Text(first, "hostid").ShouldNotBe(Text(second, "hostid"));
        Text(first, "guestipaddress").ShouldNotBe(Text(second, "guestipaddress"));
        (await cloud.ShapeAsync("network", "listNetworks", ("id", network)))["redundantrouter"]!.GetValue<bool>().ShouldBeTrue();
        (await FileAsync(first, "pair")).ShouldBe(
            $"group 1\npriority 254\ncard {Text(first, "guestmacaddress")}\nown {Text(first, "guestipaddress")}\npeer {Text(second, "guestipaddress")} {Text(second, "guestmacaddress")}\n");
        (await FileAsync(second, "pair")).ShouldContain($"priority 253\ncard {Text(second, "guestmacaddress")}\n");

        var address = (await cloud.AcquireAsync(network)).IdOf();
        await cloud.DoneAsync("firewallrule", "createFirewallRule", ("ipaddressid", address), ("protocol", "tcp"), ("startport", "4711"), ("endport", "4711"));
        (await FileAsync(first, "nft.rules")).ShouldContain("4711");
        (await FileAsync(second, "nft.rules")).ShouldContain("4711", customMessage: "who stands aside has the rules as well");
        await cloud.ShouldBeCleanAsync();

        (await cloud.JobAsync("deleteNetwork", ("id", (await NetworkAsync("unused", offering.IdOf())))))["jobstatus"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Who_serves_is_seen_counted_and_recorded()
    {
        var network = await NetworkAsync("seen", (await OfferingAsync("seen-twice")).IdOf());
        await cloud.DeployAsync(network, "seen");
        var (first, second) = await PairAsync(network);
        await cloud.CallAsync("updateConfiguration", ("name", "router.stats.interval"), ("value", "1"));
        var (one, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await PassAsync(first, one, 1000);
        await SeenAsync(network, 1000);

        await StandAsync(first, PairState.Backup);
        await StandAsync(second, PairState.Primary);
        await EventAsync(first, $"The router {Text(second, "name")} serves in place of {Text(first, "name")}; {Text(first, "name")} stands aside");
        (await PairAsync(network, "BACKUP", "PRIMARY")).Second.IdOf().ShouldBe(second.IdOf());
        await PassAsync(second, other, 50);
        await SeenAsync(network, 1050);

        await StandAsync(first, PairState.Primary);
        await EventAsync(first, $"The routers {Text(first, "name")} and {Text(second, "name")} both serve");
        await StandAsync(second, PairState.Backup);
        await EventAsync(first, $"The router {Text(first, "name")} serves, and {Text(second, "name")} stands aside again");
        await PassAsync(first, one, 1200);
        await SeenAsync(network, 1250);

        (await cloud.JobAsync("stopRouter", ("id", second.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        await EventAsync(first, $"The router {Text(first, "name")} serves, and nobody stands aside");
        await cloud.ShouldBeCleanAsync();

        async Task PassAsync(JsonObject router, Guid boot, long received)
        {
            var device = "g-" + Text(router, "guestmacaddress").Replace(":", "", StringComparison.Ordinal);
            (await RoutersOfAsync(router)).Pass(await cloud.ServingAsync(Guid.Parse(router.IdOf())),
                new RouterTraffic { Answers = true, Boot = boot, Cards = [new(device, received, 0)] });
        }
    }

    [Fact]
    public async Task Restarts_and_changes_go_from_one_to_the_other()
    {
        var network = await NetworkAsync("anew", (await OfferingAsync("anew-twice")).IdOf());
        await cloud.DeployAsync(network, "anew");
        var (first, second) = await PairAsync(network);
        var before = (await BootAsync(first), await BootAsync(second));
        (await cloud.JobAsync("restartNetwork", ("id", network), ("cleanup", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        var after = (await BootAsync(first), await BootAsync(second));
        after.Item1.ShouldNotBe(before.Item1);
        after.Item2.ShouldNotBe(before.Item2);
        (await PairAsync(network)).First.IdOf().ShouldBe(first.IdOf());

        var large = await cloud.ShapeAsync("serviceoffering", "createServiceOffering", ("name", "large-twice"), ("displaytext", "large"), ("cpunumber", "1"),
            ("cpuspeed", "500"), ("memory", "256"), ("issystem", "true"), ("systemvmtype", "domainrouter"));
        await cloud.ShapeAsync("router", "changeServiceForRouter", ("id", second.IdOf()), ("serviceofferingid", large.IdOf()));
        (await cloud.SpecAsync(second.IdOf())).MemoryMib.ShouldBe(256);
        (await BootAsync(first)).ShouldBe(after.Item1, "the other one served meanwhile");
        (await PairAsync(network)).Second.IdOf().ShouldBe(second.IdOf());
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_network_gains_a_second_one()
    {
        var (network, _) = await cloud.WithGuestAsync("gaining");
        var alone = await cloud.RouterAsync(network);
        var boot = await BootAsync(alone);
        (await cloud.JobAsync("restartNetwork", ("id", network), ("makeredundant", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        var (first, second) = await PairAsync(network);
        (first.IdOf(), await BootAsync(first)).ShouldBe((alone.IdOf(), boot), "it runs on");
        (await FileAsync(first, "pair")).ShouldContain($"peer {Text(second, "guestipaddress")} {Text(second, "guestmacaddress")}");
        (await cloud.JobAsync("restartNetwork", ("id", network), ("makeredundant", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1, "it has two already");
        await PairAsync(network);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_vpc_has_two_for_all_its_tiers_and_leads_both_beside_it()
    {
        var offering = await cloud.DoneAsync("vpcoffering", "createVPCOffering", [("name", "vpcs-twice"), ("enable", "true"), .. Twice]);
        var vpc = (await cloud.DoneAsync("vpc", "createVPC", ("name", "twice"), ("zoneid", cloud.Zone), ("vpcofferingid", offering.IdOf()), ("cidr", "10.77.0.0/16"))).IdOf();
        var front = await cloud.TierAsync(vpc, "twice-front", "10.77.1.1");
        await cloud.DeployAsync(front, "twice-front");
        var (first, second) = await PairAsync(front);
        (await cloud.ShapeAsync("vpc", "listVPCs", ("id", vpc)))["redundantvpcrouter"]!.GetValue<bool>().ShouldBeTrue();
        var back = await cloud.TierAsync(vpc, "twice-back", "10.77.2.1");
        await cloud.DeployAsync(back, "twice-back");
        foreach (var router in new[] { first, second }) (await FileAsync(router, "interfaces")).ShouldContain("10.77.2.1/24");

        var physical = (await cloud.ShapeAsync("physicalnetwork", "listPhysicalNetworks", ("zoneid", cloud.Zone))).IdOf();
        var gateway = await cloud.DoneAsync("privategateway", "createPrivateGateway", ("vpcid", vpc), ("physicalnetworkid", physical), ("vlan", "vxlan://3901"),
            ("gateway", "172.20.0.1"), ("netmask", "255.255.255.0"), ("ipaddress", "172.20.0.9"));
        foreach (var router in new[] { first, second }) (await FileAsync(router, "interfaces")).ShouldContain("172.20.0.9/24");
        await cloud.ShouldBeCleanAsync();
        (await cloud.JobAsync("restartVPC", ("id", vpc), ("cleanup", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        foreach (var router in new[] { first, second }) (await FileAsync(router, "interfaces")).ShouldContain("172.20.0.9/24");
        (await cloud.JobAsync("deletePrivateGateway", ("id", gateway.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        foreach (var router in new[] { first, second }) (await FileAsync(router, "interfaces")).ShouldNotContain("172.20.0.9");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_tier_that_was_on_its_way_while_a_second_one_came_gets_its_card()
    {
        var vpc = await cloud.VpcAsync("overlapping", 79);
        await cloud.DeployAsync(await cloud.TierAsync(vpc, "there", "10.79.1.1"), "there");
        var tier = await cloud.TierAsync(vpc, "on-its-way", "10.79.2.1");
        await cloud.DeployAsync(tier, "on-its-way");
        await IsAsync(NetworkState.Implementing);
        (await cloud.JobAsync("restartVPC", ("id", vpc), ("makeredundant", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        await IsAsync(NetworkState.Implemented);
        var (first, second) = await PairAsync(tier);
        for (var look = 0; look < 1000 && !(await FileAsync(second, "interfaces")).Contains("10.79.2.1/24", StringComparison.Ordinal); look++) await Task.Delay(100);
        foreach (var router in new[] { first, second }) (await FileAsync(router, "interfaces")).ShouldContain("10.79.2.1/24");
        await cloud.ShouldBeCleanAsync();

        async Task IsAsync(NetworkState state)
        {
            await using var db = cloud.Open();
            var id = new Id<Network>(Guid.Parse(tier));
            await db.Set<Network>().Where(n => n.Id == id).ExecuteUpdateAsync(set => set.SetProperty(n => n.State, state));
        }
    }

    [Fact]
    public async Task What_cannot_be_is_refused_with_its_reason()
    {
        (string, string)[] isolated = [("name", "refused"), ("traffictype", "Guest"), ("guestiptype", "Isolated")];
        (await cloud.RefusedAsync(431, "createNetworkOffering", [.. isolated, .. Capability("maybe")])).ShouldContain("RedundantRouter is true or false, not maybe");
        (await cloud.RefusedAsync(431, "createNetworkOffering", [.. isolated, ("forvpc", "true"), .. Twice])).ShouldContain("createVPCOffering");
        (await cloud.RefusedAsync(431, "createNetworkOffering", [.. isolated, ("supportedservices", "Dhcp,Dns"), .. Twice])).ShouldContain("add SourceNat");

        var (network, _) = await cloud.WithGuestAsync("refusing");
        var twofold = (await OfferingAsync("refused-twice")).IdOf();
        (await cloud.RefusedAsync(431, "updateNetwork", ("id", network), ("networkofferingid", twofold))).ShouldContain("makeredundant=true");
        var vpc = await cloud.VpcAsync("refusing", 78);
        var tier = await cloud.TierAsync(vpc, "refusing-tier", "10.78.1.1");
        (await cloud.RefusedAsync(431, "restartNetwork", ("id", tier), ("makeredundant", "true"))).ShouldContain("restartVPC makeredundant=true");
    }

    private static (string, string)[] Twice => Capability("true");

    private static (string, string)[] Capability(string value) =>
        [("servicecapabilitylist[0].service", "SourceNat"), ("servicecapabilitylist[0].capabilitytype", "RedundantRouter"), ("servicecapabilitylist[0].capabilityvalue", value)];

    private Task<JsonObject> OfferingAsync(string name) => cloud.ShapeAsync("networkoffering", "createNetworkOffering",
        [("name", name), ("traffictype", "Guest"), ("guestiptype", "Isolated"), ("enable", "true"), .. Twice]);

    private async Task<string> NetworkAsync(string name, string offering) =>
        (await cloud.ShapeAsync("network", "createNetwork", ("name", name), ("zoneid", cloud.Zone), ("networkofferingid", offering))).IdOf();

    private async Task<(JsonObject First, JsonObject Second)> PairAsync(string network, string first = "PRIMARY", string second = "BACKUP")
    {
        for (var look = 0; ; look++)
        {
            var routers = (await cloud.CallAsync("listRouters", ("networkid", network), ("listall", "true"))).ShouldBe(200).Body["router"]!.AsArray();
            var states = routers.Select(r => $"{r!["state"]} {r["redundantstate"]}").Order(StringComparer.Ordinal).ToList();
            if (states.SequenceEqual(new[] { "Running " + first, "Running " + second }.Order(StringComparer.Ordinal)))
                return ((JsonObject)routers.Single(r => (string)r!["redundantstate"]! == first)!, (JsonObject)routers.Single(r => (string)r!["redundantstate"]! == second)!);
            look.ShouldBeLessThan(6000, string.Join(", ", states));
            await Task.Delay(50);
        }
    }

    private async Task SeenAsync(string network, long received)
    {
        var seen = -1L;
        for (var look = 0; look < 6000 && seen != received; look++)
        {
            seen = (await cloud.ShapeAsync("network", "listNetworks", ("id", network)))["receivedbytes"]?.GetValue<long>() ?? -1;
            await Task.Delay(50);
        }
        seen.ShouldBe(received);
    }

    private async Task EventAsync(JsonObject router, string text)
    {
        for (var look = 0; look < 6000; look++)
        {
            var events = (await cloud.CallAsync("listEvents", ("type", "ROUTER.HA"), ("resourceid", router.IdOf()))).ShouldBe(200).Body["event"]?.AsArray() ?? [];
            if (events.Any(e => Text(e!.AsObject(), "description").StartsWith(text, StringComparison.Ordinal))) return;
            await Task.Delay(50);
        }
        throw new TimeoutException(text);
    }

    private async Task<FakeRouters> RoutersOfAsync(JsonObject router) => cloud.Simulator[(await BootAsync(router)).Host].Routers;

    private async Task StandAsync(JsonObject router, PairState state) =>
        (await RoutersOfAsync(router)).Stand(await cloud.ServingAsync(Guid.Parse(router.IdOf())), state);

    private async Task<string> FileAsync(JsonObject router, string path) =>
        (await RoutersOfAsync(router)).FileOf(await cloud.ServingAsync(Guid.Parse(router.IdOf())), path)!;

    private async Task<(int Host, int Process)> BootAsync(JsonObject router) => (await cloud.BootOfAsync(Guid.Parse(router.IdOf()))).ShouldNotBeNull();

    private static string Text(JsonObject shape, string field) => shape[field]!.GetValue<string>();
}
