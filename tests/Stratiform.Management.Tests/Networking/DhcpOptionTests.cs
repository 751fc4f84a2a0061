using System.Text.Json.Nodes;
using Stratiform.Management.Networking;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Workflows;

namespace Stratiform.Management.Tests.Networking;

/// <summary>What guests are told with their addresses because their owners want it.</summary>
public sealed class DhcpOptionTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private static string TagOf(JsonNode nic) => "o-" + nic["macaddress"]!.GetValue<string>().Replace(":", "", StringComparison.Ordinal);

    [Fact]
    public async Task A_guest_is_deployed_with_options_of_its_own()
    {
        var network = await cloud.NetworkAsync("told");
        var guest = await cloud.DeployAsync(network, "told-one",
            ("dhcpoptionsnetworklist[0].networkid", network), ("dhcpoptionsnetworklist[0].dhcp:66", "boot, or not"), ("dhcpoptionsnetworklist[0].dhcp:42", "10.1.1.1, 192.0.2.1"));
        await cloud.DeployAsync(network, "told-not");
        var nic = guest["nic"]![0]!;
        nic["extradhcpoption"]!.AsArray().Select(o => (o!["extradhcpoptioncode"]!.GetValue<int>(), o["extradhcpoptionname"]!.GetValue<string>(), o["extradhcpvalue"]!.GetValue<string>()))
            .ShouldBe([(42, "ntp-server", "10.1.1.1,192.0.2.1"), (66, "tftp-server", "boot, or not")]);
        var config = await cloud.RouterFileAsync(network, "dnsmasq.conf");
        config.ShouldContain($"dhcp-option=tag:{TagOf(nic)},42,10.1.1.1,192.0.2.1\ndhcp-option=tag:{TagOf(nic)},66,\"boot, or not\"\n");
        config.Split("tag:o-").Length.ShouldBe(3, "the other guest is told nothing more");
        (await cloud.RouterFileAsync(network, "dnsmasq.hosts")).ShouldContain($"{nic["macaddress"]},set:{TagOf(nic)},{nic["ipaddress"]},told-one,24h\n");

        var other = await cloud.NetworkAsync("told-too");
        var joined = await cloud.DoneAsync("virtualmachine", "addNicToVirtualMachine", ("virtualmachineid", guest.IdOf()), ("networkid", other), ("dhcpoptions[0].dhcp:114", "https://portal.example/"));
        joined["nic"]![1]!["extradhcpoption"]!.AsArray().ShouldHaveSingleItem()!["extradhcpvalue"]!.GetValue<string>().ShouldBe("https://portal.example/");
        (await cloud.RouterFileAsync(other, "dnsmasq.conf")).ShouldContain(",114,\"https://portal.example/\"\n");
        (await cloud.RouterFileAsync(other, "dnsmasq.hosts")).ShouldContain($",set:{TagOf(joined["nic"]![1]!)},set:aside,");

        var changed = await cloud.ShapeAsync("virtualmachine", "updateVirtualMachine", ("id", guest.IdOf()),
            ("dhcpoptionsnetworklist[0].networkid", network), ("dhcpoptionsnetworklist[0].dhcp:23", "64"), ("dhcpoptionsnetworklist[1].networkid", other));
        changed["nic"]!.AsArray().Select(n => n!["extradhcpoption"]!.AsArray().Count).ShouldBe([1, 0]);
        await cloud.ShouldBeCleanAsync();
        await cloud.EventuallyAsync(async () => (await cloud.RouterFileAsync(network, "dnsmasq.conf")).Contains($"dhcp-option=tag:{TagOf(nic)},23,64b\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Options_are_of_networks_that_the_guest_is_in()
    {
        var (network, other) = (await cloud.NetworkAsync("in"), await cloud.NetworkAsync("out"));
        Task<string> Refused(params (string, string)[] options) => cloud.RefusedAsync(431, "deployVirtualMachine",
            [("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small), ("networkids", network), .. options]);
        (await Refused(("dhcpoptionsnetworklist[0].networkid", other), ("dhcpoptionsnetworklist[0].dhcp:66", "x"))).ShouldContain("is not in the network");
        (await Refused(("dhcpoptionsnetworklist[0].dhcp:66", "x"))).ShouldContain("give networkid");
        (await Refused(("dhcpoptionsnetworklist[0].networkid", network), ("dhcpoptionsnetworklist[1].networkid", network))).ShouldContain("twice");
        var wires = (await cloud.ShapeAsync("networkoffering", "createNetworkOffering", ("name", "deaf"), ("traffictype", "Guest"), ("guestiptype", "L2"), ("enable", "true"))).IdOf();
        var layer2 = await cloud.NetworkAsync("deaf", ("networkofferingid", wires));
        (await cloud.RefusedAsync(431, "addNicToVirtualMachine", ("virtualmachineid", (await cloud.DeployAsync(network, "in-guest")).IdOf()), ("networkid", layer2), ("dhcpoptions[0].dhcp:66", "x")))
            .ShouldContain("is layer 2");
    }

    [Theory]
    [InlineData("dhcp:3", "10.1.1.9", "cannot be chosen")]
    [InlineData("dhcp:6", "10.1.1.9", "cannot be chosen")]
    [InlineData("dhcp:26", "900", "cannot be chosen")]
    [InlineData("dhcp:066,99", "x", "cannot be chosen")]
    [InlineData("dhcp:router", "10.1.1.9", "cannot be chosen")]
    [InlineData("dhcp:66", "", "printable characters")]
    [InlineData("dhcp:66", "a\ndhcp-script=/bin/sh", "printable characters")]
    [InlineData("dhcp:66", "a\rb", "printable characters")]
    [InlineData("dhcp:66", "a\",6,10.1.1.9", "printable characters")]
    [InlineData("dhcp:66", "a\\", "printable characters")]
    [InlineData("dhcp:66", "ü", "printable characters")]
    [InlineData("dhcp:42", "10.1.1.1\ndhcp-script=x", "IPv4 addresses")]
    [InlineData("dhcp:42", "10.1.1.1,,10.1.1.2", "IPv4 addresses")]
    [InlineData("dhcp:42", "1", "IPv4 addresses")]
    [InlineData("dhcp:42", "::1", "IPv4 addresses")]
    [InlineData("dhcp:23", "256", "a number from 0 to 255")]
    [InlineData("dhcp:35", "-1", "a number from 0 to 4294967295")]
    public void What_would_be_more_than_the_value_of_an_option_is_refused(string key, string value, string why) =>
        Should.Throw<CloudException>(() => DhcpOptions.Read(new Dictionary<string, string> { [key] = value })).Message.ShouldContain(why);

    [Fact]
    public void Text_is_as_long_as_fits() =>
        Should.Throw<CloudException>(() => DhcpOptions.Read(new Dictionary<string, string> { ["dhcp:66"] = new('x', 201) })).Message.ShouldContain("1 to 200");

    [Fact]
    public void All_of_them_fit_into_one_answer() =>
        Should.Throw<CloudException>(() => DhcpOptions.Read(new Dictionary<string, string> { ["dhcp:66"] = new('x', 150), ["dhcp:67"] = new('x', 100) })).Message.ShouldContain("room for 240");

    [Fact]
    public void Each_is_told_in_its_form() =>
        DhcpOptions.Read(new Dictionary<string, string> { ["DHCP:67"] = "10.0.0.1", ["dhcp:35"] = "60", ["dhcp:37"] = " 64", ["dhcp:150"] = "192.0.2.7", ["networkid"] = "any" })
            .Select(o => o.Rendered).ShouldBe(["35,60i", "37,64b", "67,\"10.0.0.1\"", "150,192.0.2.7"]);
}
