using System.Globalization;
using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

public sealed class PortForwardingTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private static (string, string)[] Rule(string address, string guest, int port, int inner) =>
    [
        ("ipaddressid", address), ("virtualmachineid", guest), ("protocol", "tcp"),
        ("publicport", port.ToString(CultureInfo.InvariantCulture)), ("privateport", inner.ToString(CultureInfo.InvariantCulture)),
    ];

    [Fact]
    public async Task A_port_leads_to_a_guest_until_its_rule_is_deleted()
    {
        var (network, guest) = await cloud.WithGuestAsync("forward");
        var address = await cloud.AcquireAsync(network);
        var rule = await cloud.DoneAsync("portforwardingrule", "createPortForwardingRule", [.. Rule(address.IdOf(), guest, 2222, 22), ("cidrlist", "192.0.2.0/24")]);
        rule["state"]!.GetValue<string>().ShouldBe("Active");
        rule["publicport"]!.GetValue<string>().ShouldBe("2222");
        rule["privateendport"]!.GetValue<string>().ShouldBe("22");
        rule["cidrlist"]!.GetValue<string>().ShouldBe("192.0.2.0/24");
        rule["virtualmachinename"]!.GetValue<string>().ShouldBe("forward-guest");
        var (ip, inner) = (address["ipaddress"]!.GetValue<string>(), rule["vmguestip"]!.GetValue<string>());
        var rules = await cloud.RouterFileAsync(network, "nft.rules");
        rules.ShouldContain($"elements = {{ {ip} . tcp . 2222 : {inner} . 22 }}");
        rules.ShouldContain($"  chain {ip} {{\n    meta l4proto tcp ct original proto-dst 2222 ip saddr {{ 192.0.2.0/24 }} accept\n");

        (await cloud.ShapeAsync("portforwardingrule", "listPortForwardingRules", ("ipaddressid", address.IdOf()))).IdOf().ShouldBe(rule.IdOf());
        (await cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("id", address.IdOf())))["hasrules"]!.GetValue<bool>().ShouldBeTrue();

        (await cloud.JobAsync("deletePortForwardingRule", ("id", rule.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("listFirewallRules", ("ipaddressid", address.IdOf()))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.RouterFileAsync(network, "nft.rules")).ShouldNotContain(ip);
    }

    [Fact]
    public async Task A_port_leads_to_a_further_address_of_a_guest_and_goes_with_the_guest()
    {
        var (network, guest) = await cloud.WithGuestAsync("inner");
        var address = await cloud.AcquireAsync(network);
        var card = await cloud.ShapeAsync("nic", "listNics", ("virtualmachineid", guest));
        var further = await cloud.DoneAsync("nicsecondaryip", "addIpToNic", ("nicid", card.IdOf()), ("ipaddress", "10.1.1.202"));
        var rule = await cloud.DoneAsync("portforwardingrule", "createPortForwardingRule", [.. Rule(address.IdOf(), guest, 2222, 22), ("vmguestip", "10.1.1.202")]);
        rule["vmguestip"]!.GetValue<string>().ShouldBe("10.1.1.202");
        var ip = address["ipaddress"]!.GetValue<string>();
        (await cloud.RouterFileAsync(network, "nft.rules")).ShouldContain($"{{ {ip} . tcp . 2222 : 10.1.1.202 . 22 }}");
        (await cloud.RefusedAsync(537, "removeIpFromNic", ("id", further.IdOf()))).ShouldContain(rule.IdOf());

        var own = card["ipaddress"]!.GetValue<string>();
        var moved = await cloud.DoneAsync("portforwardingrule", "updatePortForwardingRule", ("id", rule.IdOf()), ("virtualmachineid", guest), ("vmguestip", own));
        moved["vmguestip"]!.GetValue<string>().ShouldBe(own);
        await cloud.DoneAsync("portforwardingrule", "updatePortForwardingRule", ("id", rule.IdOf()), ("virtualmachineid", guest), ("vmguestip", "10.1.1.202"));
        (await cloud.JobAsync("destroyVirtualMachine", ("id", guest), ("expunge", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("listPortForwardingRules", ("ipaddressid", address.IdOf()))).ShouldBe(200).Body.Count.ShouldBe(0);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Ranges_keep_their_numbers_or_are_shifted_port_by_port()
    {
        var (network, guest) = await cloud.WithGuestAsync("ranges");
        var address = await cloud.AcquireAsync(network);
        await cloud.DoneAsync("portforwardingrule", "createPortForwardingRule", [.. Rule(address.IdOf(), guest, 8000, 8000), ("publicendport", "9000"), ("openfirewall", "false")]);
        await cloud.DoneAsync("portforwardingrule", "createPortForwardingRule", [.. Rule(address.IdOf(), guest, 20, 30), ("publicendport", "21")]);
        var ip = address["ipaddress"]!.GetValue<string>();
        var rules = await cloud.RouterFileAsync(network, "nft.rules");
        rules.ShouldContain($"{{ {ip} . tcp . 8000-9000 : 10.1.1.");
        rules.ShouldMatch($@"{ip} \. tcp \. 20 : 10\.1\.1\.\d+ \. 30, {ip} \. tcp \. 21 : 10\.1\.1\.\d+ \. 31 ");
        // The first one opened nothing.
        rules.ShouldNotContain("proto-dst 8000");

        async Task<string> Refused(params (string, string)[] more) => await cloud.RefusedAsync(431, "createPortForwardingRule", [.. Rule(address.IdOf(), guest, 100, 200), .. more]);
        (await Refused(("publicendport", "110"), ("privateendport", "209"))).ShouldContain("11 public ports cannot lead to 10 private ones");
        (await Refused(("publicendport", "2000"))).ShouldContain("1901 ports cannot lead to ports of other numbers");
        (await Refused(("publicendport", "65500"))).ShouldContain("privateendport 65600 is no port");
        (await Refused(("cidrlist", "10.0.0.0/8"), ("openfirewall", "false"))).ShouldContain("give it to createFirewallRule");
        (await Refused(("vmguestip", "10.1.1.250"))).ShouldContain("has not the address 10.1.1.250");
    }

    [Fact]
    public async Task Of_many_who_want_one_port_at_once_one_gets_it_and_of_many_ports_all()
    {
        var (network, guest) = await cloud.WithGuestAsync("many");
        var address = (await cloud.AcquireAsync(network)).IdOf();
        var same = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => cloud.CallAsync("createPortForwardingRule", Rule(address, guest, 80, 80))));
        same.Count(r => r.Status == 200).ShouldBe(1);
        same.Where(r => r.Status != 200).ShouldAllBe(r => r.Status == 537 && r.Text.Contains("leads tcp 80 of", StringComparison.Ordinal));
        var others = await Task.WhenAll(Enumerable.Range(1000, 20).Select(port => cloud.JobAsync("createPortForwardingRule", Rule(address, guest, port, port))));
        others.ShouldAllBe(job => job["jobstatus"]!.GetValue<int>() == 1);
        (await cloud.CallAsync("listPortForwardingRules", ("ipaddressid", address))).ShouldBe(200).Body["count"]!.GetValue<int>().ShouldBe(21);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_rule_may_lead_elsewhere()
    {
        var (network, guest) = await cloud.WithGuestAsync("move");
        var other = await cloud.DeployAsync(network, "move-other");
        var address = (await cloud.AcquireAsync(network)).IdOf();
        var rule = await cloud.DoneAsync("portforwardingrule", "createPortForwardingRule", Rule(address, guest, 80, 80));
        var moved = await cloud.DoneAsync("portforwardingrule", "updatePortForwardingRule", ("id", rule.IdOf()), ("virtualmachineid", other.IdOf()), ("privateport", "8080"));
        moved["virtualmachineid"]!.GetValue<string>().ShouldBe(other.IdOf());
        moved["privateport"]!.GetValue<string>().ShouldBe("8080");
        (await cloud.RouterFileAsync(network, "nft.rules")).ShouldContain($" . tcp . 80 : {moved["vmguestip"]!.GetValue<string>()} . 8080 ");
        (await cloud.RefusedAsync(431, "updatePortForwardingRule", ("id", rule.IdOf()), ("privateport", "1"), ("privateendport", "2")))
            .ShouldContain("1 public ports cannot lead to 2 private ones");
    }

    [Fact]
    public async Task A_rule_that_the_router_refuses_to_change_leads_where_it_led()
    {
        var (network, guest) = await cloud.WithGuestAsync("keep");
        var address = (await cloud.AcquireAsync(network)).IdOf();
        var rule = await cloud.DoneAsync("portforwardingrule", "createPortForwardingRule", Rule(address, guest, 80, 80));
        var router = await cloud.RouterIdAsync(network);
        var job = await cloud.WhileRefusingAsync(router, "nft", "no", () => cloud.JobAsync("updatePortForwardingRule", ("id", rule.IdOf()), ("privateport", "81")));
        job["jobresultcode"]!.GetValue<int>().ShouldBe(534);
        var kept = await cloud.ShapeAsync("portforwardingrule", "listPortForwardingRules", ("id", rule.IdOf()));
        kept["privateport"]!.GetValue<string>().ShouldBe("80");
        kept["state"]!.GetValue<string>().ShouldBe("Active");
    }

    [Fact]
    public async Task Rules_go_with_the_guest_that_they_lead_to()
    {
        var (network, guest) = await cloud.WithGuestAsync("leave");
        var address = (await cloud.AcquireAsync(network)).IdOf();
        await cloud.DoneAsync("portforwardingrule", "createPortForwardingRule", Rule(address, guest, 80, 80));
        (await cloud.JobAsync("destroyVirtualMachine", ("id", guest), ("expunge", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("listPortForwardingRules", ("networkid", network))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.CallAsync("listFirewallRules", ("networkid", network))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.RefusedAsync(431, "createPortForwardingRule", Rule(address, guest, 80, 80))).ShouldContain("virtualmachineid");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_guest_of_another_network_is_refused()
    {
        var (network, _) = await cloud.WithGuestAsync("here");
        var (_, elsewhere) = await cloud.WithGuestAsync("there");
        var address = (await cloud.AcquireAsync(network)).IdOf();
        (await cloud.RefusedAsync(431, "createPortForwardingRule", Rule(address, elsewhere, 80, 80))).ShouldContain("is not in the network here");
    }
}
