using System.Text.Json.Nodes;
using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

/// <summary>Ranges of addresses that are no network's or VPC's: several of one shared network, and those of system VMs.</summary>
public sealed class SharedRangeTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private async Task<string> ShareAsync(string name, int vni, int last)
    {
        var offering = (await cloud.ShapeAsync("networkoffering", "createNetworkOffering", ("name", $"of {name}"), ("traffictype", "Guest"), ("guestiptype", "Shared"), ("enable", "true"))).IdOf();
        return (await cloud.ShapeAsync("network", "createNetwork", ("name", name), ("zoneid", cloud.Zone), ("networkofferingid", offering), ("vlan", $"{vni}"),
            ("gateway", "192.168.8.1"), ("netmask", "255.255.255.0"), ("startip", "192.168.8.20"), ("endip", $"192.168.8.{last}"))).IdOf();
    }

    private Task<JsonObject> AddAsync(string network, int first, int last) =>
        cloud.ShapeAsync("vlan", "createVlanIpRange", ("networkid", network), ("startip", $"192.168.8.{first}"), ("endip", $"192.168.8.{last}"), ("forvirtualnetwork", "false"));

    private async Task<string[]> RangesAsync(params (string, string)[] by) => (await cloud.CallAsync("listVlanIpRanges", by)).ShouldBe(200)
        .Body["vlaniprange"]?.AsArray().Select(r => r!["startip"]!.GetValue<string>()).Order(StringComparer.Ordinal).ToArray() ?? [];

    [Fact]
    public async Task A_shared_network_gives_what_any_of_its_ranges_has()
    {
        // One for its router, one for a guest.
        var network = await ShareAsync("grows", 8001, 21);
        await cloud.DeployAsync(network, "grows-first");
        var full = await cloud.JobAsync("deployVirtualMachine", ("name", "grows-late"), ("zoneid", cloud.Zone), ("templateid", cloud.Template),
            ("serviceofferingid", cloud.Small), ("networkids", network));
        full["jobresult"]!["errortext"]!.GetValue<string>().ShouldContain("All 2 addresses");

        var more = await AddAsync(network, 40, 41);
        (more["networkid"]!.GetValue<string>(), more["forvirtualnetwork"]!.GetValue<bool>(), more["vlan"]!.GetValue<string>(), more["gateway"]!.GetValue<string>(), more["cidr"]!.GetValue<string>())
            .ShouldBe((network, false, "vxlan://8001", "192.168.8.1", "192.168.8.0/24"));
        var spare = await AddAsync(network, 50, 59);
        var guest = await cloud.DeployAsync(network, "grows-second");
        guest["nic"]![0]!["ipaddress"]!.GetValue<string>().ShouldBeOneOf("192.168.8.40", "192.168.8.41");
        (await cloud.DeployAsync(network, "grows-third", ("ipaddress", "192.168.8.55")))["nic"]![0]!["ipaddress"]!.GetValue<string>().ShouldBe("192.168.8.55");
        (await cloud.RefusedAsync(431, "deployVirtualMachine", ("name", "grows-aside"), ("zoneid", cloud.Zone), ("templateid", cloud.Template),
            ("serviceofferingid", cloud.Small), ("networkids", network), ("ipaddress", "192.168.8.45"))).ShouldContain("is not one that guests of grows");

        string[] all = ["192.168.8.20", "192.168.8.40", "192.168.8.50"];
        (await RangesAsync(("networkid", network))).ShouldBe(all);
        (await RangesAsync(("vlan", "8001"))).ShouldBe(all);
        (await RangesAsync(("vlan", "vlan://8001"))).ShouldBeEmpty();
        (await RangesAsync(("forvirtualnetwork", "false"))).ShouldBe(all);
        (await RangesAsync(("forvirtualnetwork", "true"))).ShouldBe(["203.0.113.10"]);
        (await RangesAsync(("id", more.IdOf()))).ShouldBe(["192.168.8.40"]);
        (await RangesAsync(("podid", (await cloud.ShapeAsync("pod", "listPods")).IdOf()))).ShouldBeEmpty();

        (await cloud.RefusedAsync(536, "deleteVlanIpRange", ("id", spare.IdOf()))).ShouldContain("Somebody has 1 of the addresses 192.168.8.50 to 192.168.8.59, 192.168.8.55 among them");
        (await cloud.JobAsync("destroyVirtualMachine", ("id", guest.IdOf()), ("expunge", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("deleteVlanIpRange", ("id", more.IdOf()))).ShouldBe(200);
        (await cloud.RefusedAsync(431, "deleteVlanIpRange", ("id", more.IdOf()))).ShouldContain(more.IdOf());
        (await RangesAsync(("networkid", network))).ShouldBe(["192.168.8.20", "192.168.8.50"]);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task What_its_router_cannot_serve_is_refused_by_its_name()
    {
        var network = await ShareAsync("strict", 8002, 29);
        (await cloud.RefusedAsync(536, "deleteVlanIpRange", ("id", (await cloud.ShapeAsync("vlaniprange", "listVlanIpRanges", ("networkid", network))).IdOf())))
            .ShouldContain("is the last one of its network");
        foreach (var (words, sent) in new (string, (string, string)[])[]
        {
            ("strict is 192.168.8.0/24 with the gateway 192.168.8.1", [("gateway", "192.168.9.1"), ("netmask", "255.255.255.0"), ("startip", "192.168.9.10")]),
            ("its router serves no other one", [("gateway", "192.168.8.2"), ("startip", "192.168.8.40")]),
            ("has the range 192.168.8.20 to 192.168.8.29 already", [("startip", "192.168.8.29"), ("endip", "192.168.8.33")]),
            ("contains its own gateway", [("startip", "192.168.8.1")]),
            ("it has 192.168.8.1 to 192.168.8.254", [("startip", "192.168.8.250"), ("endip", "192.168.8.255")]),
            ("does not lie in 192.168.8.0/24", [("startip", "192.168.10.1")]),
            ("is on vxlan://8002; leave vlan out", [("startip", "192.168.8.40"), ("vlan", "8003")]),
            ("leave podid out", [("startip", "192.168.8.40"), ("podid", (await cloud.ShapeAsync("pod", "listPods")).IdOf())]),
            ("forvirtualnetwork=false with networkid", [("startip", "192.168.8.40"), ("forvirtualnetwork", "true")]),
            ("leave account, domainid and forsystemvms out", [("startip", "192.168.8.40"), ("forsystemvms", "true")]),
        })
            (await cloud.RefusedAsync(431, "createVlanIpRange", [("networkid", network), .. sent])).ShouldContain(words);
        var isolated = await cloud.NetworkAsync("own");
        (await cloud.RefusedAsync(431, "createVlanIpRange", ("networkid", isolated), ("startip", "10.1.1.5"))).ShouldContain("own is not shared");
        (await cloud.CallAsync("createVlanIpRange", ("networkid", network), ("zoneid", cloud.Zone), ("vlan", "vxlan://8002"), ("gateway", "192.168.8.1"),
            ("netmask", "255.255.255.0"), ("startip", "192.168.8.40"))).ShouldBe(200);

        // Of two at once that overlap one is refused.
        var both = await Task.WhenAll(cloud.CallAsync("createVlanIpRange", ("networkid", network), ("startip", "192.168.8.60"), ("endip", "192.168.8.70")),
            cloud.CallAsync("createVlanIpRange", ("networkid", network), ("startip", "192.168.8.65"), ("endip", "192.168.8.75")));
        both.Select(r => (int)r.Status).Order().ShouldBe([200, 431]);
        (await cloud.JobAsync("deleteNetwork", ("id", network)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await RangesAsync(("networkid", network))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Addresses_of_system_VMs_are_nobody_elses()
    {
        (string, string)[] range = [("zoneid", cloud.Zone), ("gateway", "198.51.100.1"), ("netmask", "255.255.255.0"), ("startip", "198.51.100.10"), ("forsystemvms", "true")];
        (await cloud.RefusedAsync(431, "createVlanIpRange", [.. range, ("vlan", "5")])).ShouldContain("System VMs have untagged addresses");
        var tenant = await cloud.TenantAsync("no-system");
        (await cloud.RefusedAsync(431, "createVlanIpRange", [.. range, ("domainid", tenant.Domain.Id.ToString())])).ShouldContain("System VMs are no account's");
        var made = await cloud.ShapeAsync("vlan", "createVlanIpRange", range);
        made["forsystemvms"]!.GetValue<bool>().ShouldBeTrue();
        var network = await cloud.NetworkAsync("no-system");
        (await cloud.RefusedAsync(537, "associateIpAddress", ("networkid", network), ("ipaddress", "198.51.100.10"))).ShouldContain("kept for others");
        (await cloud.RefusedAsync(537, "dedicatePublicIpRange", ("id", made.IdOf()), ("domainid", tenant.Domain.Id.ToString()))).ShouldContain("for system VMs");
        (await cloud.AsAsync(tenant.Keys, "listPublicIpAddresses", ("vlanid", made.IdOf()), ("allocatedonly", "false"))).ShouldBe(200).Body.Count.ShouldBe(0);
        var address = await cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("forsystemvms", "true"), ("allocatedonly", "false"));
        (address["ipaddress"]!.GetValue<string>(), address["forsystemvms"]!.GetValue<bool>()).ShouldBe(("198.51.100.10", true));
        (await cloud.CallAsync("deleteVlanIpRange", ("id", made.IdOf()))).ShouldBe(200);
    }
}
