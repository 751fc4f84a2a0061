using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

public sealed class StaticNatTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task An_address_leads_to_a_guest_who_goes_out_by_it_until_that_ends()
    {
        var (network, guest) = await cloud.WithGuestAsync("static");
        var address = await cloud.AcquireAsync(network);
        (await cloud.CallAsync("enableStaticNat", ("ipaddressid", address.IdOf()), ("virtualmachineid", guest))).ShouldBe(200).Body["success"]!.GetValue<bool>().ShouldBeTrue();
        var shown = await cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("id", address.IdOf()));
        shown["isstaticnat"]!.GetValue<bool>().ShouldBeTrue();
        shown["virtualmachineid"]!.GetValue<string>().ShouldBe(guest);
        shown["virtualmachinename"]!.GetValue<string>().ShouldBe("static-guest");
        var (ip, inner) = (address["ipaddress"]!.GetValue<string>(), shown["vmipaddress"]!.GetValue<string>());
        var rules = await cloud.RouterFileAsync(network, "nft.rules");
        rules.ShouldContain($"elements = {{ {ip} : {inner} }}");
        rules.ShouldContain($"elements = {{ {inner} : {ip} }}");

        await cloud.DoneAsync("firewallrule", "createFirewallRule", ("ipaddressid", address.IdOf()), ("protocol", "all"));
        (await cloud.JobAsync("disableStaticNat", ("ipaddressid", address.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.RouterFileAsync(network, "nft.rules")).ShouldNotContain($"elements = {{ {ip}");
        (await cloud.CallAsync("listFirewallRules", ("ipaddressid", address.IdOf()))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.RefusedAsync(431, "disableStaticNat", ("ipaddressid", address.IdOf()))).ShouldContain("there is nothing to end");
    }

    [Fact]
    public async Task One_address_serves_one_guest_and_one_guest_has_one_address()
    {
        var (network, guest) = await cloud.WithGuestAsync("single");
        var other = (await cloud.DeployAsync(network, "single-other")).IdOf();
        var (first, second) = ((await cloud.AcquireAsync(network)).IdOf(), (await cloud.AcquireAsync(network)).IdOf());
        (await cloud.CallAsync("enableStaticNat", ("ipaddressid", first), ("virtualmachineid", guest))).ShouldBe(200);
        (await cloud.RefusedAsync(537, "enableStaticNat", ("ipaddressid", first), ("virtualmachineid", other))).ShouldContain("leads elsewhere");
        (await cloud.RefusedAsync(537, "enableStaticNat", ("ipaddressid", second), ("virtualmachineid", guest))).ShouldContain("has the public address");
        (await cloud.RefusedAsync(537, "createPortForwardingRule", ("ipaddressid", first), ("virtualmachineid", guest), ("protocol", "tcp"), ("publicport", "80"), ("privateport", "80")))
            .ShouldContain("lead to one guest already");
        await cloud.DoneAsync("portforwardingrule", "createPortForwardingRule",
            ("ipaddressid", second), ("virtualmachineid", other), ("protocol", "tcp"), ("publicport", "80"), ("privateport", "80"));
        (await cloud.RefusedAsync(537, "enableStaticNat", ("ipaddressid", second), ("virtualmachineid", other))).ShouldContain("uses the address already");
        var source = (await cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("associatednetworkid", network), ("issourcenat", "true"))).IdOf();
        (await cloud.RefusedAsync(431, "enableStaticNat", ("ipaddressid", source), ("virtualmachineid", other))).ShouldContain("acquire another address");
    }

    [Fact]
    public async Task A_further_address_of_a_guest_has_a_public_one_of_its_own()
    {
        var (network, guest) = await cloud.WithGuestAsync("twofold");
        var (first, second) = ((await cloud.AcquireAsync(network)).IdOf(), (await cloud.AcquireAsync(network)).IdOf());
        var card = await cloud.ShapeAsync("nic", "listNics", ("virtualmachineid", guest));
        var further = await cloud.DoneAsync("nicsecondaryip", "addIpToNic", ("nicid", card.IdOf()), ("ipaddress", "10.1.1.201"));
        (await cloud.CallAsync("enableStaticNat", ("ipaddressid", first), ("virtualmachineid", guest))).ShouldBe(200);
        (await cloud.RefusedAsync(537, "enableStaticNat", ("ipaddressid", first), ("virtualmachineid", guest), ("vmguestip", "10.1.1.201")))
            .ShouldContain("leads elsewhere");
        (await cloud.CallAsync("enableStaticNat", ("ipaddressid", second), ("virtualmachineid", guest), ("vmguestip", "10.1.1.201"))).ShouldBe(200);
        var shown = await cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("id", second));
        shown["vmipaddress"]!.GetValue<string>().ShouldBe("10.1.1.201");
        (await cloud.RouterFileAsync(network, "nft.rules")).ShouldContain($"{shown["ipaddress"]!.GetValue<string>()} : 10.1.1.201");

        (await cloud.RefusedAsync(537, "removeIpFromNic", ("id", further.IdOf()))).ShouldContain("disableStaticNat");
        (await cloud.JobAsync("disableStaticNat", ("ipaddressid", second)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.JobAsync("removeIpFromNic", ("id", further.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task It_ends_with_the_guest()
    {
        var (network, guest) = await cloud.WithGuestAsync("mortal");
        var address = (await cloud.AcquireAsync(network)).IdOf();
        (await cloud.CallAsync("enableStaticNat", ("ipaddressid", address), ("virtualmachineid", guest))).ShouldBe(200);
        (await cloud.JobAsync("destroyVirtualMachine", ("id", guest), ("expunge", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("id", address)))["isstaticnat"]!.GetValue<bool>().ShouldBeFalse();
        await cloud.ShouldBeCleanAsync();
    }
}
