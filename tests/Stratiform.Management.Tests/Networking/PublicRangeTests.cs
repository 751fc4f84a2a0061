using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

/// <summary>Public networks of a zone beside its first one: with gateways of their own, and on VLANs.</summary>
public sealed class PublicRangeTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private (string, string)[] Range(string network, params (string, string)[] more) =>
    [
        ("zoneid", cloud.Zone), ("gateway", $"{network}.1"), ("netmask", "255.255.255.0"), ("startip", $"{network}.10"), ("endip", $"{network}.12"), .. more,
    ];

    [Fact]
    public async Task A_router_leads_out_by_the_gateway_of_each_address()
    {
        var (network, _) = await cloud.WithGuestAsync("ways");
        var near = await cloud.ShapeAsync("vlan", "createVlanIpRange", Range("192.0.2"));
        var far = await cloud.ShapeAsync("vlan", "createVlanIpRange", Range("198.18.5", ("vlan", "vlan://123")));
        (near["vlan"]!.GetValue<string>(), far["vlan"]!.GetValue<string>()).ShouldBe(("vlan://untagged", "vlan://123"));
        foreach (var vlan in new[] { "123", "vlan://123" })
            (await cloud.ShapeAsync("vlaniprange", "listVlanIpRanges", ("vlan", vlan))).IdOf().ShouldBe(far.IdOf());

        var tagged = await cloud.AcquireAsync(network, ("ipaddress", "198.18.5.10"));
        tagged["vlanname"]!.GetValue<string>().ShouldBe("vlan://123");
        var other = await cloud.AcquireAsync(network, ("ipaddress", "192.0.2.11"));
        var interfaces = await cloud.RouterFileAsync(network, "interfaces");
        interfaces.ShouldContain(",192.0.2.11/24 1500 203.0.113.1\n");
        interfaces.ShouldContain(" public.123 198.18.5.10/24 1500\n");
        var ways = (await cloud.RouterFileAsync(network, "ways")).TrimEnd().Split('\n');
        ways[0].ShouldStartWith("192.0.2.1 p-");
        ways[1].ShouldBe("198.18.5.1 p-v123 198.18.5.10");

        (await cloud.RefusedAsync(536, "deleteVlanIpRange", ("id", far.IdOf()))).ShouldContain("1 of the 3 addresses");
        foreach (var address in new[] { tagged, other })
            (await cloud.JobAsync("disassociateIpAddress", ("id", address.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.RouterFileAsync(network, "interfaces")).ShouldNotContain("public.123");
        (await cloud.RouterFileAsync(network, "ways")).ShouldBeNull();
        foreach (var range in new[] { near, far }) (await cloud.CallAsync("deleteVlanIpRange", ("id", range.IdOf()))).ShouldBe(200);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Guests_may_go_out_by_a_vlan()
    {
        var range = await cloud.ShapeAsync("vlan", "createVlanIpRange", Range("198.18.6", ("vlan", "9")));
        var network = await cloud.NetworkAsync("tagged", ("sourcenatipaddress", "198.18.6.12"));
        await cloud.DeployAsync(network, "tagged-guest");
        var interfaces = await cloud.RouterFileAsync(network, "interfaces");
        interfaces.ShouldContain(" public - 1500\n");
        interfaces.ShouldEndWith(" public.9 198.18.6.12/24 1500 198.18.6.1\n");
        (await cloud.CallAsync("listPublicIpAddresses", ("vlanid", range.IdOf()))).ShouldBe(200).Body["count"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task What_does_not_go_with_what_is_there_is_refused_by_its_name()
    {
        await cloud.ShapeAsync("vlan", "createVlanIpRange", Range("198.19.7", ("vlan", "30")));
        foreach (var vlan in new[] { "0", "4095", "vxlan://30", "thirty", "untagged30" })
            (await cloud.RefusedAsync(431, "createVlanIpRange", Range("198.19.8", ("vlan", vlan)))).ShouldContain($"vlan {vlan}: give untagged, or the number of a VLAN, 1 to 4094.");

        (string, string)[] next = [("zoneid", cloud.Zone), ("netmask", "255.255.255.0"), ("startip", "198.19.7.20"), ("endip", "198.19.7.21")];
        (await cloud.RefusedAsync(431, "createVlanIpRange", [.. next, ("gateway", "198.19.7.1"), ("vlan", "31")]))
            .ShouldContain("198.19.7.0/24 overlaps 198.19.7.0/24 on vlan://30, where the range 198.19.7.10 to 198.19.7.12 leaves by 198.19.7.1");
        (await cloud.RefusedAsync(431, "createVlanIpRange", [.. next, ("gateway", "198.19.7.254"), ("vlan", "30")]))
            .ShouldContain("give gateway=198.19.7.1, netmask=255.255.255.0 and vlan=30");
        (await cloud.RefusedAsync(431, "createVlanIpRange", ("zoneid", cloud.Zone), ("gateway", "198.19.1.1"), ("netmask", "255.255.240.0"),
            ("startip", "198.19.1.20"), ("vlan", "30"))).ShouldContain("198.19.0.0/20 overlaps 198.19.7.0/24");
        (await cloud.RefusedAsync(431, "createVlanIpRange", Range("198.19.7", ("vlan", "30")))).ShouldContain("is in another range of the zone");
        (await cloud.RefusedAsync(431, "createVlanIpRange", [.. next, ("gateway", "198.19.9.1")])).ShouldContain("does not lie in 198.19.9.0/24, the network of its gateway");
        (await cloud.RefusedAsync(431, "createPortableIpRange", ("regionid", "1"), ("gateway", "198.19.7.1"), ("netmask", "255.255.255.0"),
            ("startip", "198.19.7.30"), ("endip", "198.19.7.31"))).ShouldContain("'s range 198.19.7.10 to 198.19.7.12 leaves by 198.19.7.1");

        (await cloud.CallAsync("createVlanIpRange", [.. next, ("gateway", "198.19.7.1"), ("vlan", "30")])).ShouldBe(200);
    }
}
