using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

/// <summary>How large packets are, of guests and of what routers send out.</summary>
public sealed class MtuTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private const string Most = "vr.private.interface.max.mtu";

    [Fact]
    public async Task A_network_is_made_with_its_own_and_all_that_carry_its_packets_obey()
    {
        var network = await cloud.NetworkAsync("narrow", ("privatemtu", "1400"), ("publicmtu", "1350"));
        var guest = await cloud.DeployAsync(network, "narrow-guest");
        guest["nic"]![0]!["mtu"]!.GetValue<int>().ShouldBe(1400);
        (await cloud.SpecAsync(guest.IdOf())).Nics.ShouldHaveSingleItem().Mtu.ShouldBe(1400);
        var router = await cloud.RouterIdAsync(network);
        (await cloud.SpecAsync(router.ToString())).Nics.Select(nic => nic.Mtu).ShouldBe([1400, 1500]);
        (await cloud.RouterFileAsync(network, "dnsmasq.conf")).ShouldContain(",option:mtu,1400\n");
        var interfaces = await cloud.RouterFileAsync(network, "interfaces");
        interfaces.ShouldMatch(" guest 10\\.1\\.1\\.1/24 1400\n");
        interfaces.ShouldMatch(" public [^ ]+ 1350 ");
        var shown = await cloud.ShapeAsync("network", "listNetworks", ("id", network));
        (shown["privatemtu"]!.GetValue<int>(), shown["publicmtu"]!.GetValue<int>()).ShouldBe((1400, 1350));
    }

    [Fact]
    public async Task It_shrinks_in_the_router_that_serves_and_grows_in_a_new_one()
    {
        var (network, _) = await cloud.WithGuestAsync("breathing");
        var router = await cloud.RouterAsync(network);
        var shown = await cloud.DoneAsync("network", "updateNetwork", ("id", network), ("privatemtu", "1300"), ("publicmtu", "1280"));
        (shown["privatemtu"]!.GetValue<int>(), shown["publicmtu"]!.GetValue<int>()).ShouldBe((1300, 1280));
        (await cloud.RouterFileAsync(network, "dnsmasq.conf")).ShouldContain(",option:mtu,1300\n");
        (await cloud.RouterFileAsync(network, "interfaces")).ShouldMatch(" public [^ ]+ 1280 ");
        (await cloud.RouterAsync(network))["name"]!.GetValue<string>().ShouldBe(router["name"]!.GetValue<string>(), "it serves on");

        await cloud.CallAsync("updateConfiguration", ("name", Most), ("value", "9000"));
        await cloud.DoneAsync("network", "updateNetwork", ("id", network), ("privatemtu", "8000"));
        await cloud.CallAsync("updateConfiguration", ("name", Most), ("value", "1500"));
        var after = await cloud.RouterAsync(network);
        after["name"]!.GetValue<string>().ShouldNotBe(router["name"]!.GetValue<string>(), "its card was not made for so much");
        (await cloud.SpecAsync(after.IdOf())).Nics.Select(nic => nic.Mtu).ShouldBe([8000, 1500]);
        (await cloud.RouterFileAsync(network, "interfaces")).ShouldContain(" 8000\n");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Vpcs_have_one_way_out_for_all_tiers()
    {
        var vpc = await cloud.VpcAsync("tunnelled", 71, ("publicmtu", "1450"));
        var tier = await cloud.TierAsync(vpc, "tunnelled-web", "10.71.1.1", ("privatemtu", "1440"));
        await cloud.DeployAsync(tier, "tunnelled-guest");
        (await cloud.ShapeAsync("vpc", "listVPCs", ("id", vpc)))["publicmtu"]!.GetValue<int>().ShouldBe(1450);
        (await cloud.RouterFileAsync(tier, "interfaces")).ShouldMatch(" guest 10\\.71\\.1\\.1/24 1440\n(.*\n)*[^ ]+ public [^ ]+ 1450 ");
        (await cloud.DoneAsync("vpc", "updateVPC", ("id", vpc), ("publicmtu", "1420")))["publicmtu"]!.GetValue<int>().ShouldBe(1420);
        (await cloud.RouterFileAsync(tier, "interfaces")).ShouldMatch(" public [^ ]+ 1420 ");
        (await cloud.RefusedAsync(431, "updateNetwork", ("id", tier), ("publicmtu", "1400"))).ShouldContain("give publicmtu to createVPC or updateVPC");
    }

    [Theory]
    [InlineData("privatemtu", "1501", "is not between 576 and 1500 bytes (vr.private.interface.max.mtu)")]
    [InlineData("privatemtu", "575", "is not between 576 and 1500 bytes")]
    [InlineData("publicmtu", "9000", "is not between 576 and 1500 bytes (vr.public.interface.max.mtu)")]
    public async Task What_does_not_fit_is_refused(string parameter, string mtu, string why)
    {
        var network = await cloud.NetworkAsync("fitting-" + parameter + mtu);
        (await cloud.RefusedAsync(431, "updateNetwork", ("id", network), (parameter, mtu))).ShouldContain(why);
        (await cloud.RefusedAsync(431, "createNetwork", ("name", "unfit"), ("zoneid", cloud.Zone), ("networkofferingid", cloud.NetworkOffering), (parameter, mtu))).ShouldContain(why);
    }

    [Fact]
    public async Task Tenants_choose_where_operators_let_them()
    {
        var tenant = await cloud.TenantAsync("sizes");
        (string, string)[] asked = [("name", "own"), ("zoneid", cloud.Zone), ("networkofferingid", cloud.NetworkOffering), ("privatemtu", "1400")];
        (await cloud.AsAsync(tenant.Keys, "createNetwork", asked)).ShouldBe(431).ErrorText.ShouldNotBeNull().ShouldContain("leave privatemtu out");
        await cloud.CallAsync("updateConfiguration", ("name", "allow.end.users.to.specify.vr.mtu"), ("value", "true"));
        var network = (await cloud.AsAsync(tenant.Keys, "createNetwork", asked)).ShouldBe(200).Body["network"]!;
        await cloud.CallAsync("updateConfiguration", ("name", "allow.end.users.to.specify.vr.mtu"), ("value", "false"));
        network["privatemtu"]!.GetValue<int>().ShouldBe(1400);
    }

    [Fact]
    public async Task Less_than_usual_is_what_networks_get_where_no_more_fits()
    {
        await cloud.CallAsync("updateConfiguration", ("name", Most), ("value", "1450"));
        var network = await cloud.NetworkAsync("thin");
        await cloud.CallAsync("updateConfiguration", ("name", Most), ("value", "1500"));
        (await cloud.ShapeAsync("network", "listNetworks", ("id", network)))["privatemtu"]!.GetValue<int>().ShouldBe(1450);
    }
}
