using System.Text.Json.Nodes;
using Stratiform.Management.Tests.Networking;
using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Compute;

/// <summary>Network cards of virtual machines: several, and ones that come and go.</summary>
public sealed class CardTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task A_running_virtual_machine_joins_a_network_and_leaves_it()
    {
        var (home, other) = (await cloud.NetworkAsync("home"), await cloud.NetworkAsync("other"));
        var vm = (await cloud.DeployAsync(home, "walker")).IdOf();
        var joined = await JoinAsync(vm, other);
        var card = CardIn(joined, other);
        (Text(card, "deviceid"), card["isdefault"]!.GetValue<bool>(), Text(card, "type")).ShouldBe(("1", false, "Isolated"));
        var plugged = (await cloud.SpecAsync(vm)).Nics[1];
        (plugged.Id.ToString(), plugged.Mac, plugged.NetworkId.ToString()).ShouldBe((card.IdOf(), Text(card, "macaddress"), other));
        plugged.Guard.ShouldNotBeNull().Addresses.ShouldBe([Text(card, "ipaddress")]);
        (await cloud.RouterFileAsync(other, "dnsmasq.hosts")).ShouldContain($"{Text(card, "macaddress")},set:aside,{Text(card, "ipaddress")},walker");
        (await cloud.CallAsync("addNicToVirtualMachine", ("virtualmachineid", vm), ("networkid", other))).ShouldBe(431).ErrorText!.ShouldContain("a card in other already");

        var left = await cloud.DoneAsync("virtualmachine", "removeNicFromVirtualMachine", ("virtualmachineid", vm), ("nicid", card.IdOf()));
        left["nic"]!.AsArray().Count.ShouldBe(1);
        (await cloud.SpecAsync(vm)).Nics.Count.ShouldBe(1);
        (await cloud.RouterFileAsync(other, "dnsmasq.hosts")).ShouldNotContain("walker");
        await cloud.DoneAsync("virtualmachine", "destroyVirtualMachine", ("id", vm), ("expunge", "true"));
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_stopped_virtual_machine_starts_with_the_cards_it_was_given()
    {
        var (home, other) = (await cloud.NetworkAsync("stopped-home"), await cloud.NetworkAsync("stopped-other"));
        var vm = (await cloud.DeployAsync(home, "sleeper")).IdOf();
        await cloud.DoneAsync("virtualmachine", "stopVirtualMachine", ("id", vm));
        var card = CardIn(await JoinAsync(vm, other, ("macaddress", "02:00:4C:3A:01:17"), ("ipaddress", "10.1.1.144")), other);
        (Text(card, "macaddress"), Text(card, "ipaddress")).ShouldBe(("02:00:4c:3a:01:17", "10.1.1.144"));
        await cloud.DoneAsync("virtualmachine", "startVirtualMachine", ("id", vm));
        (await cloud.SpecAsync(vm)).Nics.Select(n => n.Mac).Last().ShouldBe("02:00:4c:3a:01:17");
        await cloud.DoneAsync("virtualmachine", "destroyVirtualMachine", ("id", vm), ("expunge", "true"));
    }

    [Fact]
    public async Task The_way_out_goes_by_the_default_card()
    {
        var (home, other) = (await cloud.NetworkAsync("way-home"), await cloud.NetworkAsync("way-other"));
        var vm = await cloud.DeployAsync(home, "leaver");
        var (first, second) = (CardIn(vm, home), CardIn(await JoinAsync(vm.IdOf(), other), other));
        (await cloud.CallAsync("removeNicFromVirtualMachine", ("virtualmachineid", vm.IdOf()), ("nicid", first.IdOf()))).ShouldBe(431)
            .ErrorText!.ShouldContain("updateDefaultNicForVirtualMachine");
        var changed = await cloud.DoneAsync("virtualmachine", "updateDefaultNicForVirtualMachine", ("virtualmachineid", vm.IdOf()), ("nicid", second.IdOf()));
        CardIn(changed, other)["isdefault"]!.GetValue<bool>().ShouldBeTrue();
        CardIn(changed, home)["isdefault"]!.GetValue<bool>().ShouldBeFalse();
        (await cloud.RouterFileAsync(home, "dnsmasq.hosts")).ShouldContain("set:aside");
        (await cloud.RouterFileAsync(home, "dnsmasq.conf")).ShouldContain("dhcp-option=tag:aside,option:router\n");
        (await cloud.RouterFileAsync(other, "dnsmasq.hosts")).ShouldNotContain("set:aside");
        await cloud.DoneAsync("virtualmachine", "removeNicFromVirtualMachine", ("virtualmachineid", vm.IdOf()), ("nicid", first.IdOf()));
    }

    [Fact]
    public async Task A_card_that_rules_lead_to_stays_and_the_refusal_names_them()
    {
        var (home, other) = (await cloud.NetworkAsync("ruled-home"), await cloud.NetworkAsync("ruled-other"));
        var vm = (await cloud.DeployAsync(home, "ruled")).IdOf();
        var card = CardIn(await JoinAsync(vm, other), other).IdOf();
        var address = (await cloud.AcquireAsync(other)).IdOf();
        var rule = (await cloud.DoneAsync("portforwardingrule", "createPortForwardingRule", ("ipaddressid", address), ("protocol", "tcp"),
            ("publicport", "80"), ("privateport", "80"), ("virtualmachineid", vm))).IdOf();
        (await cloud.RefusedAsync(537, "removeNicFromVirtualMachine", ("virtualmachineid", vm), ("nicid", card))).ShouldContain(rule);
        (await cloud.JobAsync("deletePortForwardingRule", ("id", rule)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("enableStaticNat", ("ipaddressid", address), ("virtualmachineid", vm))).ShouldBe(200);
        (await cloud.RefusedAsync(537, "removeNicFromVirtualMachine", ("virtualmachineid", vm), ("nicid", card))).ShouldContain("disableStaticNat");
    }

    [Fact]
    public async Task A_guest_that_keeps_its_card_keeps_it_whole()
    {
        var (home, other) = (await cloud.NetworkAsync("kept-home"), await cloud.NetworkAsync("kept-other"));
        var vm = (await cloud.DeployAsync(home, "keeper")).IdOf();
        var card = CardIn(await JoinAsync(vm, other), other).IdOf();
        foreach (var host in cloud.Simulator.Hosts) host.Hypervisor.CardsAreHeld = true;
        try
        {
            var job = await cloud.JobAsync("removeNicFromVirtualMachine", ("virtualmachineid", vm), ("nicid", card));
            job["jobstatus"]!.GetValue<int>().ShouldBe(2);
            job["jobresult"]!["errortext"]!.GetValue<string>().ShouldContain("GuestLetsGo");
        }
        finally
        {
            foreach (var host in cloud.Simulator.Hosts) host.Hypervisor.CardsAreHeld = false;
        }
        CardIn(await cloud.ShapeAsync("virtualmachine", "listVirtualMachines", ("id", vm)), other).IdOf().ShouldBe(card);
        (await cloud.SpecAsync(vm)).Nics.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_stopped_virtual_machine_gets_another_address_and_rules_follow_it()
    {
        var (network, vm) = await cloud.WithGuestAsync("moved");
        var address = (await cloud.AcquireAsync(network)).IdOf();
        await cloud.DoneAsync("portforwardingrule", "createPortForwardingRule", ("ipaddressid", address), ("protocol", "tcp"),
            ("publicport", "80"), ("privateport", "80"), ("virtualmachineid", vm));
        var card = (await cloud.ShapeAsync("nic", "listNics", ("virtualmachineid", vm))).IdOf();
        (await cloud.CallAsync("updateVmNicIp", ("nicid", card), ("ipaddress", "10.1.1.200"))).ShouldBe(431).ErrorText!.ShouldContain("must be Stopped");
        await cloud.DoneAsync("virtualmachine", "stopVirtualMachine", ("id", vm));
        foreach (var (ip, why) in new[] { ("10.1.1.1", "not one that guests"), ("192.0.2.1", "not one that guests"), ("10.1.1", "not an IPv4 address") })
            (await cloud.CallAsync("updateVmNicIp", ("nicid", card), ("ipaddress", ip))).ShouldBe(431).ErrorText!.ShouldContain(why);
        Text(CardIn(await cloud.DoneAsync("virtualmachine", "updateVmNicIp", ("nicid", card), ("ipaddress", "10.1.1.200")), network), "ipaddress").ShouldBe("10.1.1.200");
        (await cloud.RouterFileAsync(network, "nft.rules")).ShouldContain("10.1.1.200");
        Text(CardIn(await cloud.DoneAsync("virtualmachine", "updateVmNicIp", ("nicid", card)), network), "ipaddress").ShouldNotBe("10.1.1.200");
    }

    [Fact]
    public async Task A_card_has_further_addresses_that_its_guest_sends_from()
    {
        var (network, vm) = await cloud.WithGuestAsync("further");
        var card = await cloud.ShapeAsync("nic", "listNics", ("virtualmachineid", vm));
        var given = await cloud.DoneAsync("nicsecondaryip", "addIpToNic", ("nicid", card.IdOf()), ("ipaddress", "10.1.1.201"), ("description", "for the floating service"));
        (Text(given, "ipaddress"), Text(given, "nicid"), Text(given, "networkid"), Text(given, "virtualmachineid"), Text(given, "description"))
            .ShouldBe(("10.1.1.201", card.IdOf(), network, vm, "for the floating service"));
        var any = await cloud.DoneAsync("nicsecondaryip", "addIpToNic", ("nicid", card.IdOf()));
        await AllowedAsync(Text(card, "ipaddress"), "10.1.1.201", Text(any, "ipaddress"));
        (await cloud.ShapeAsync("nic", "listNics", ("virtualmachineid", vm)))["secondaryip"]!.AsArray().Select(a => Text(a!.AsObject(), "ipaddress"))
            .ShouldBe(["10.1.1.201", Text(any, "ipaddress")], ignoreOrder: true);

        foreach (var (command, parameters) in new (string, (string, string)[])[]
        {
            ("addIpToNic", [("nicid", card.IdOf())]),
            ("deployVirtualMachine", [("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small), ("networkids", network)]),
        })
            (await cloud.RefusedAsync(431, command, [.. parameters, ("ipaddress", "10.1.1.201")])).ShouldContain("is taken");
        (await cloud.JobAsync("removeIpFromNic", ("id", any.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        await AllowedAsync(Text(card, "ipaddress"), "10.1.1.201");
        await cloud.DoneAsync("virtualmachine", "rebootVirtualMachine", ("id", vm));
        await AllowedAsync(Text(card, "ipaddress"), "10.1.1.201");

        (await cloud.CallAsync("updateConfiguration", ("name", "vm.network.nic.max.secondary.ipaddresses"), ("value", "1"))).ShouldBe(200);
        (await cloud.RefusedAsync(431, "addIpToNic", ("nicid", card.IdOf()))).ShouldContain("the most there can be");
        (await cloud.CallAsync("resetConfiguration", ("name", "vm.network.nic.max.secondary.ipaddresses"))).ShouldBe(200);
        var stranger = await cloud.TenantAsync("further-stranger");
        (await cloud.AsAsync(stranger.Keys, "addIpToNic", ("nicid", card.IdOf()))).ShouldBe(431).ErrorText!.ShouldContain(card.IdOf());
        (await cloud.AsAsync(stranger.Keys, "removeIpFromNic", ("id", given.IdOf()))).ShouldBe(431).ErrorText!.ShouldContain(given.IdOf());
        await cloud.DoneAsync("virtualmachine", "destroyVirtualMachine", ("id", vm), ("expunge", "true"));
        await cloud.ShouldBeCleanAsync();
        (await cloud.DeployAsync(network, "heir", ("ipaddress", "10.1.1.201")))["state"]!.GetValue<string>().ShouldBe("Running");

        async Task AllowedAsync(params string[] addresses) =>
            (await cloud.SpecAsync(vm)).Nics.ShouldHaveSingleItem().Guard!.Addresses.ShouldBe(addresses, ignoreOrder: true);
    }

    [Theory]
    [InlineData("macaddress", "01:00:5e:00:00:01", "one card")]
    [InlineData("macaddress", "02:00:00", "one card")]
    [InlineData("ipaddress", "10.1.2.7", "not one that guests")]
    public async Task What_a_card_cannot_have_is_refused(string name, string value, string why)
    {
        var vm = (await cloud.DeployAsync(await cloud.NetworkAsync("odd-home" + value), "odd" + value.Replace(":", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal))).IdOf();
        var other = await cloud.NetworkAsync("odd-other" + value);
        (await cloud.CallAsync("addNicToVirtualMachine", ("virtualmachineid", vm), ("networkid", other), (name, value))).ShouldBe(431).ErrorText!.ShouldContain(why);
    }

    [Fact]
    public async Task Cards_of_others_do_not_exist()
    {
        var (home, other) = (await cloud.NetworkAsync("own-home"), await cloud.NetworkAsync("own-other"));
        var vm = await cloud.DeployAsync(home, "own-cards");
        var (card, stranger) = (CardIn(vm, home).IdOf(), await cloud.TenantAsync("card-stranger"));
        (await cloud.AsAsync(stranger.Keys, "addNicToVirtualMachine", ("virtualmachineid", vm.IdOf()), ("networkid", other))).ShouldBe(431).ErrorText!.ShouldContain(vm.IdOf());
        foreach (var command in new[] { "removeNicFromVirtualMachine", "updateDefaultNicForVirtualMachine" })
            (await cloud.AsAsync(stranger.Keys, command, ("virtualmachineid", vm.IdOf()), ("nicid", card))).ShouldBe(431).ErrorText!.ShouldContain(vm.IdOf());
        (await cloud.AsAsync(stranger.Keys, "updateVmNicIp", ("nicid", card))).ShouldBe(431).ErrorText!.ShouldContain(card);
    }

    private Task<JsonObject> JoinAsync(string vm, string network, params (string, string)[] more) =>
        cloud.DoneAsync("virtualmachine", "addNicToVirtualMachine", [("virtualmachineid", vm), ("networkid", network), .. more]);

    private static JsonObject CardIn(JsonObject vm, string network) =>
        vm["nic"]!.AsArray().Select(n => n!.AsObject()).Single(n => Text(n, "networkid") == network);

    private static string Text(JsonObject shape, string name) => shape[name]!.GetValue<string>();
}
