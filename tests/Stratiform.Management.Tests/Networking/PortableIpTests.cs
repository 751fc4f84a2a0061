using System.Text.Json.Nodes;
using Stratiform.Management.Tests.Api;
using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

public sealed class PortableIpTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private static (string, string)[] Range(string prefix, int first, int last) =>
        [("regionid", "1"), ("gateway", prefix + ".1"), ("netmask", "255.255.255.0"), ("startip", $"{prefix}.{first}"), ("endip", $"{prefix}.{last}")];

    private Task<JsonObject> RangeAsync(string prefix, int first = 10, int last = 12) => cloud.DoneAsync("portableiprange", "createPortableIpRange", Range(prefix, first, last));

    private Task<JsonObject> ShownAsync(string address) => cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("id", address), ("listall", "true"));

    [Fact]
    public async Task A_portable_address_moves_with_the_guest_that_it_leads_to()
    {
        await RangeAsync("198.18.2");
        var (from, _) = await cloud.WithGuestAsync("from");
        var (to, guest) = await cloud.WithGuestAsync("to");
        var acquired = await cloud.AcquireAsync(from, ("isportable", "true"), ("ipaddress", "198.18.2.11"));
        (acquired["isportable"]!.GetValue<bool>(), acquired["zoneid"]!.GetValue<string>(), acquired["associatednetworkid"]!.GetValue<string>()).ShouldBe((true, cloud.Zone, from));
        (await cloud.RouterFileAsync(from, "interfaces")).ShouldContain(",198.18.2.11/24 ");
        (await cloud.RefusedAsync(431, "enableStaticNat", ("ipaddressid", acquired.IdOf()), ("virtualmachineid", guest))).ShouldContain("into which the public address leads");

        (await cloud.CallAsync("enableStaticNat", ("ipaddressid", acquired.IdOf()), ("virtualmachineid", guest), ("networkid", to))).ShouldBe(200);
        var moved = await ShownAsync(acquired.IdOf());
        (moved["associatednetworkid"]!.GetValue<string>(), moved["virtualmachineid"]!.GetValue<string>(), moved["state"]!.GetValue<string>()).ShouldBe((to, guest, "Allocated"));
        foreach (var path in new[] { "interfaces", "nft.rules" }) (await cloud.RouterFileAsync(from, path)).ShouldNotContain("198.18.2.11");
        (await cloud.RouterFileAsync(to, "interfaces")).ShouldContain(",198.18.2.11/24 ");
        (await cloud.RouterFileAsync(to, "nft.rules")).ShouldContain($"elements = {{ 198.18.2.11 : {moved["vmipaddress"]!.GetValue<string>()} }}");
        (await cloud.CallAsync("listEvents", ("type", "PORTABLE.IP.TRANSFER"))).ShouldBe(200).Body["event"]!.AsArray()
            .Count(e => e!["description"]!.GetValue<string>().Contains("198.18.2.11", StringComparison.Ordinal)).ShouldBe(1);
        (await cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("associatednetworkid", from)))["issourcenat"]!.GetValue<bool>().ShouldBeTrue();

        (await cloud.JobAsync("disableStaticNat", ("ipaddressid", acquired.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.JobAsync("disassociateIpAddress", ("id", acquired.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.RouterFileAsync(to, "interfaces")).ShouldNotContain("198.18.2.11");
        var free = await cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("ipaddress", "198.18.2.11"), ("allocatedonly", "false"));
        (free["state"]!.GetValue<string>(), free["zoneid"]).ShouldBe(("Free", null));
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task It_moves_between_vpcs_zones_and_networks_without_a_router()
    {
        await RangeAsync("198.18.3");
        var quiet = await cloud.NetworkAsync("quiet", ("zoneid", await cloud.AddZoneAsync("far")));
        var address = (await cloud.AcquireAsync(quiet, ("isportable", "true"), ("ipaddress", "198.18.3.10"))).IdOf();
        (await ShownAsync(address))["zonename"]!.GetValue<string>().ShouldBe("far");

        var vpc = await cloud.VpcAsync("moving", 40);
        var tier = await cloud.TierAsync(vpc, "tier", "10.40.1.1");
        var inTier = await cloud.DeployAsync(tier, "in-tier");
        (await cloud.CallAsync("enableStaticNat", ("ipaddressid", address), ("virtualmachineid", inTier.IdOf()), ("networkid", tier))).ShouldBe(200);
        var shown = await ShownAsync(address);
        (shown["vpcid"]!.GetValue<string>(), shown["associatednetworkid"]!.GetValue<string>(), shown["zonename"]!.GetValue<string>()).ShouldBe((vpc, tier, "zone"));
        (await cloud.RouterFileAsync(tier, "interfaces")).ShouldContain(",198.18.3.10/24 ");
        (await cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("zoneid", cloud.Zone), ("isstaticnat", "true"))).IdOf().ShouldBe(address);
        (await cloud.JobAsync("disableStaticNat", ("ipaddressid", address)))["jobstatus"]!.GetValue<int>().ShouldBe(1);

        var (network, guest) = await cloud.WithGuestAsync("out-of-vpc");
        (await cloud.CallAsync("enableStaticNat", ("ipaddressid", address), ("virtualmachineid", guest), ("networkid", network))).ShouldBe(200);
        (await cloud.RouterFileAsync(tier, "interfaces")).ShouldNotContain("198.18.3.10");
        (await cloud.RouterFileAsync(network, "interfaces")).ShouldContain(",198.18.3.10/24 ");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_router_that_refuses_it_leaves_it_where_it_was()
    {
        await RangeAsync("198.18.4");
        var (from, _) = await cloud.WithGuestAsync("stays");
        var (to, guest) = await cloud.WithGuestAsync("refuses");
        var address = (await cloud.AcquireAsync(from, ("isportable", "true"), ("ipaddress", "198.18.4.10"))).IdOf();
        await cloud.WhileRefusingAsync(await cloud.RouterIdAsync(to), "interfaces", "no", async () =>
        {
            (await cloud.CallAsync("enableStaticNat", ("ipaddressid", address), ("virtualmachineid", guest), ("networkid", to))).Status.ShouldNotBe(200);
            return [];
        });
        var shown = await ShownAsync(address);
        (shown["associatednetworkid"]!.GetValue<string>(), shown["isstaticnat"]!.GetValue<bool>(), shown["state"]!.GetValue<string>()).ShouldBe((from, false, "Allocated"));
        for (var i = 0; i < 400 && !(await cloud.RouterFileAsync(from, "interfaces")).Contains("198.18.4.10", StringComparison.Ordinal); i++) await Task.Delay(50);
        (await cloud.RouterFileAsync(from, "interfaces")).ShouldContain(",198.18.4.10/24 ");
        (await cloud.RouterFileAsync(to, "interfaces")).ShouldNotContain("198.18.4.10");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task What_uses_an_address_keeps_it_where_it_is()
    {
        await RangeAsync("198.18.5");
        var (from, own) = await cloud.WithGuestAsync("using");
        var (to, guest) = await cloud.WithGuestAsync("waiting");
        var address = (await cloud.AcquireAsync(from, ("isportable", "true"), ("ipaddress", "198.18.5.10"))).IdOf();
        (string, string)[] move = [("ipaddressid", address), ("virtualmachineid", guest), ("networkid", to)];

        var firewall = await cloud.DoneAsync("firewallrule", "createFirewallRule", ("ipaddressid", address), ("protocol", "icmp"));
        (await cloud.RefusedAsync(537, "enableStaticNat", move)).ShouldContain($"The firewall rule {firewall.IdOf()} lets packets in");
        await cloud.JobAsync("deleteFirewallRule", ("id", firewall.IdOf()));
        var forwarding = await cloud.DoneAsync("portforwardingrule", "createPortForwardingRule",
            ("ipaddressid", address), ("virtualmachineid", own), ("protocol", "tcp"), ("publicport", "80"), ("privateport", "80"));
        (await cloud.RefusedAsync(537, "enableStaticNat", move)).ShouldContain($"The port forwarding rule {forwarding.IdOf()} uses the address already");
        await cloud.JobAsync("deletePortForwardingRule", ("id", forwarding.IdOf()));
        var balancer = await cloud.DoneAsync("loadbalancer", "createLoadBalancerRule",
            ("publicipid", address), ("name", "b"), ("algorithm", "roundrobin"), ("publicport", "80"), ("privateport", "80"));
        (await cloud.RefusedAsync(537, "enableStaticNat", move)).ShouldContain($"The load balancer {balancer.IdOf()} uses the address already");
        await cloud.JobAsync("deleteLoadBalancerRule", ("id", balancer.IdOf()));
        (await cloud.CallAsync("enableStaticNat", ("ipaddressid", address), ("virtualmachineid", own))).ShouldBe(200);
        (await cloud.RefusedAsync(537, "enableStaticNat", move)).ShouldContain("disableStaticNat");
        await cloud.JobAsync("disableStaticNat", ("ipaddressid", address));
        await cloud.DoneAsync("network", "updateNetwork", ("id", from), ("sourcenatipaddress", "198.18.5.10"));
        (await cloud.RouterFileAsync(from, "interfaces")).ShouldContain(" public 198.18.5.10/24,");
        (await cloud.RefusedAsync(537, "enableStaticNat", move)).ShouldContain("Guests go out by 198.18.5.10");
        await cloud.DoneAsync("remoteaccessvpn", "createRemoteAccessVpn", ("publicipid", address));
        (await cloud.RefusedAsync(537, "enableStaticNat", move)).ShouldContain("remote access VPN");
        await cloud.JobAsync("deleteRemoteAccessVpn", ("publicipid", address));

        // An address of the zone stays where it is.
        var still = (await cloud.AcquireAsync(from)).IdOf();
        (await cloud.RefusedAsync(431, "enableStaticNat", ("ipaddressid", still), ("virtualmachineid", guest), ("networkid", to))).ShouldContain("leave networkid out");
        (await cloud.CallAsync("listPublicIpAddresses", ("id", still))).ShouldBe(200).Body["publicipaddress"]![0]!["isportable"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task It_stays_with_its_owner_and_counts_as_others_do()
    {
        await RangeAsync("198.18.6");
        var (one, other) = (await cloud.TenantAsync("carrier"), await cloud.TenantAsync("envious"));
        (await cloud.CallAsync("updateResourceLimit", ("account", one.Account.Name), ("domainid", one.Domain.Id.ToString()), ("resourcetype", "1"), ("max", "1"))).ShouldBe(200);
        var (own, theirs) = (await NetworkOfAsync(one), await NetworkOfAsync(other));
        var address = (await cloud.JobAsAsync(one.Keys, "associateIpAddress", ("networkid", own), ("isportable", "true"), ("ipaddress", "198.18.6.12")))["jobresult"]!["ipaddress"]!.AsObject();
        (await cloud.AsAsync(one.Keys, "associateIpAddress", ("networkid", own), ("isportable", "true"))).Status.ShouldBe(535);
        (await cloud.AsAsync(other.Keys, "associateIpAddress", ("networkid", theirs), ("isportable", "true"), ("ipaddress", "198.18.6.12"))).ShouldBe(537).ErrorText!.ShouldContain("is taken");
        (await cloud.AsAsync(other.Keys, "associateIpAddress", ("networkid", theirs), ("isportable", "true"), ("ipaddress", "203.0.113.20"))).ShouldBe(431)
            .ErrorText!.ShouldContain("no portable address 203.0.113.20");
        (await cloud.AsAsync(other.Keys, "associateIpAddress", ("networkid", theirs), ("ipaddress", "198.18.6.11"))).ShouldBe(431).ErrorText!.ShouldContain("isportable=true");
        var guest = (await cloud.JobAsAsync(other.Keys, "deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small),
            ("networkids", theirs)))["jobresult"]!["virtualmachine"]!["id"]!.GetValue<string>();
        (await cloud.RefusedAsync(431, "enableStaticNat", ("ipaddressid", address.IdOf()), ("virtualmachineid", guest), ("networkid", theirs))).ShouldContain("another account");
        (await cloud.AsAsync(one.Keys, "enableStaticNat", ("ipaddressid", address.IdOf()), ("virtualmachineid", guest), ("networkid", theirs))).Status.ShouldBe(431);
        (await cloud.AsAsync(other.Keys, "enableStaticNat", ("ipaddressid", address.IdOf()), ("virtualmachineid", guest), ("networkid", theirs))).Status.ShouldBe(431);

        (await cloud.CallAsync("updateConfiguration", ("name", "public.ip.address.quarantine.duration"), ("value", "60"))).ShouldBe(200);
        (await cloud.JobAsAsync(one.Keys, "disassociateIpAddress", ("id", address.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("updateConfiguration", ("name", "public.ip.address.quarantine.duration"), ("value", "0"))).ShouldBe(200);
        (await cloud.AsAsync(other.Keys, "associateIpAddress", ("networkid", theirs), ("isportable", "true"), ("ipaddress", "198.18.6.12"))).ShouldBe(537).ErrorText!.ShouldContain("kept from others until");
        await cloud.ShouldBeCleanAsync();

        async Task<string> NetworkOfAsync(Tenant tenant) => (await cloud.AsAsync(tenant.Keys, "createNetwork", ("name", "n"), ("displaytext", "n"),
            ("zoneid", cloud.Zone), ("networkofferingid", cloud.NetworkOffering))).ShouldBe(200).Body["network"]!["id"]!.GetValue<string>();
    }

    [Fact]
    public async Task A_network_takes_portable_addresses_with_it_when_it_goes()
    {
        var range = await RangeAsync("198.18.7", 10, 10);
        var network = await cloud.NetworkAsync("leaving");
        var address = (await cloud.AcquireAsync(network, ("isportable", "true"), ("ipaddress", "198.18.7.10"))).IdOf();
        var held = (await cloud.ShapeAsync("portableiprange", "listPortableIpRanges", ("id", range.IdOf())))["portableipaddress"]!.AsArray().ShouldHaveSingleItem()!;
        (held["networkid"]!.GetValue<string>(), held["zoneid"]!.GetValue<string>(), held["state"]!.GetValue<string>()).ShouldBe((network, cloud.Zone, "Allocated"));
        (await cloud.RefusedAsync(536, "deletePortableIpRange", ("id", range.IdOf()))).ShouldContain("198.18.7.10 among them");
        (await cloud.JobAsync("deleteNetwork", ("id", network)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("listPublicIpAddresses", ("id", address))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.JobAsync("deletePortableIpRange", ("id", range.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("listPortableIpRanges", ("id", range.IdOf()))).ShouldBe(200).Body.Count.ShouldBe(0);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Addresses_are_in_one_range_of_either_kind()
    {
        var range = await RangeAsync("198.18.8", 20, 30);
        (range["regionid"]!.GetValue<int>(), range["vlan"]!.GetValue<string>(), range["portableipaddress"]!.AsArray().Count).ShouldBe((1, "vlan://untagged", 11));
        (await cloud.RefusedAsync(431, "createPortableIpRange", Range("198.18.8", 30, 40))).ShouldContain("198.18.8.30 is in the portable range 198.18.8.20 to 198.18.8.30");
        (await cloud.RefusedAsync(431, "createPortableIpRange", Range("203.0.113", 55, 70))).ShouldContain("203.0.113.55 is in the range 203.0.113.10 to 203.0.113.60 of the zone zone");
        var ofZone = Range("198.18.8", 10, 20).Skip(1).Prepend(("zoneid", cloud.Zone)).ToArray();
        (await cloud.RefusedAsync(431, "createVlanIpRange", ofZone)).ShouldContain("198.18.8.20 is in the portable range");
        (await cloud.RefusedAsync(431, "createPortableIpRange", [.. Range("198.18.8", 50, 60), ("vlan", "5000")])).ShouldContain("1 to 4094");
        (await cloud.RefusedAsync(431, "createPortableIpRange", Range("198.18.8", 1, 9))).ShouldContain("its own gateway");
        (await cloud.RefusedAsync(431, "createPortableIpRange", [.. Range("198.18.8", 50, 60)[1..], ("regionid", "7")])).ShouldContain("no region 7");
        await cloud.CallAsync("addRegion", ("id", "7"), ("name", "elsewhere"), ("endpoint", "https://elsewhere.example/client/"));
        (await cloud.RefusedAsync(431, "createPortableIpRange", [.. Range("198.18.8", 50, 60)[1..], ("regionid", "7")])).ShouldContain("https://elsewhere.example/client/");
        (await cloud.CallAsync("listPortableIpRanges", ("regionid", "7"))).ShouldBe(200).Body.Count.ShouldBe(0);

        // One kind's commands do not know the other kind.
        foreach (var command in new[] { "deleteVlanIpRange", "releasePublicIpRange" }) (await cloud.RefusedAsync(431, command, ("id", range.IdOf()))).ShouldContain(range.IdOf());
        var own = (await cloud.CallAsync("listVlanIpRanges")).ShouldBe(200).Body["vlaniprange"]!.AsArray().First()!.AsObject();
        (await cloud.RefusedAsync(431, "deletePortableIpRange", ("id", own.IdOf()))).ShouldContain(own.IdOf());
        (await cloud.CallAsync("listVlanIpRanges", ("id", range.IdOf()))).ShouldBe(200).Body.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Two_ranges_that_are_added_at_once_are_apart()
    {
        var ofZone = Range("198.18.9", 10, 20).Skip(1).Prepend(("zoneid", cloud.Zone)).ToArray();
        var replies = await Task.WhenAll(
            cloud.CallAsync("createPortableIpRange", Range("198.18.9", 10, 20)), cloud.CallAsync("createVlanIpRange", ofZone),
            cloud.CallAsync("createPortableIpRange", Range("198.18.9", 15, 25)), cloud.CallAsync("createVlanIpRange", ofZone));
        replies.Count(r => r.Status == 200).ShouldBe(1);
        replies.Where(r => r.Status != 200).ShouldAllBe(r => r.Status == 431);
    }

    [Fact]
    public async Task A_zone_without_public_traffic_is_out_of_reach()
    {
        await RangeAsync("198.18.10");
        var zone = (await cloud.ShapeAsync("zone", "createZone", ("name", "shut"), ("networktype", "Advanced"), ("dns1", "9.9.9.9"), ("internaldns1", "9.9.9.9"))).IdOf();
        var wires = (await cloud.DoneAsync("physicalnetwork", "createPhysicalNetwork", ("zoneid", zone), ("name", "wires"), ("vlan", "100-4000"))).IdOf();
        (await cloud.CallAsync("addTrafficType", ("physicalnetworkid", wires), ("traffictype", "Guest"))).ShouldBe(200);
        (await cloud.CallAsync("updatePhysicalNetwork", ("id", wires), ("state", "Enabled"))).ShouldBe(200);
        (await cloud.CallAsync("updateZone", ("id", zone), ("allocationstate", "Enabled"))).ShouldBe(200);
        var network = await cloud.NetworkAsync("shut-in", ("zoneid", zone));
        (await cloud.RefusedAsync(431, "associateIpAddress", ("networkid", network), ("isportable", "true"))).ShouldContain("do not reach the zone shut");
    }

    [Fact]
    public async Task Only_administrators_of_the_cloud_have_a_say_in_ranges()
    {
        var tenant = await cloud.TenantAsync("would-be-operator");
        (await cloud.AsAsync(tenant.Keys, "createPortableIpRange", Range("198.18.11", 10, 12))).Status.ShouldBe(401);
        (await cloud.AsAsync(tenant.Keys, "listPortableIpRanges")).Status.ShouldBe(401);
        (await cloud.AsAsync(tenant.Keys, "deletePortableIpRange", ("id", Guid.CreateVersion7().ToString()))).Status.ShouldBe(401);
    }
}
