using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Management.Networking;
using Stratiform.Management.Networking.Reconcilers;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.Networking;

/// <summary>The address that guests go out by, where somebody chooses it.</summary>
public sealed class SourceNatTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private static string Text(JsonObject shape, string field) => shape[field]!.GetValue<string>();

    private async Task<string> FreeAsync()
    {
        var all = (await cloud.CallAsync("listPublicIpAddresses", ("allocatedonly", "false"))).ShouldBe(200).Body["publicipaddress"]!.AsArray();
        return all.Select(a => a!.AsObject()).Where(a => Text(a, "state") == "Free").Select(a => Text(a, "ipaddress")).Last();
    }

    private Task<JsonObject> AddressAsync(string ip) => cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("ipaddress", ip), ("allocatedonly", "false"));

    private async Task<string> LeavesByAsync(string network)
    {
        var (rules, snat) = (await cloud.RouterFileAsync(network, "nft.rules"), "snat ip to ");
        return rules.Split('\n').Where(line => line.StartsWith("    oifname \"p-*\" ip saddr", StringComparison.Ordinal)).Select(line => line[(line.IndexOf(snat, StringComparison.Ordinal) + snat.Length)..]).Single();
    }

    private async Task GuestsGoAsync(string network, string guest)
    {
        (await cloud.JobAsync("destroyVirtualMachine", ("id", guest), ("expunge", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        for (var i = 0; i < 400 && Text(await cloud.ShapeAsync("network", "listNetworks", ("id", network)), "state") != "Allocated"; i++)
        {
            await using (var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope())
                await ActivatorUtilities.CreateInstance<NetworkGc>(scope.ServiceProvider).ReconcileAsync(CancellationToken.None);
            await Task.Delay(50);
        }
    }

    [Fact]
    public async Task A_network_goes_out_by_the_one_that_it_was_created_with_and_keeps_it()
    {
        var wished = await FreeAsync();
        var network = await cloud.NetworkAsync("wished", ("sourcenatipaddress", wished));
        var guest = (await cloud.DeployAsync(network, "wished-guest")).IdOf();
        Text(await cloud.RouterAsync(network), "publicip").ShouldBe(wished);
        (await LeavesByAsync(network)).ShouldBe(wished);
        (await cloud.RefusedAsync(537, "createNetwork", ("name", "late"), ("displaytext", "late"), ("zoneid", cloud.Zone), ("networkofferingid", cloud.NetworkOffering), ("sourcenatipaddress", wished)))
            .ShouldContain("is taken");

        await GuestsGoAsync(network, guest);
        (await AddressAsync(wished))["issourcenat"]!.GetValue<bool>().ShouldBeTrue("it was asked for, so it stays while nothing runs there");
        await cloud.DeployAsync(network, "wished-later");
        (await LeavesByAsync(network)).ShouldBe(wished);
        await cloud.ShouldBeCleanAsync();

        var vms = await cloud.ShapeAsync("virtualmachine", "listVirtualMachines", ("networkid", network));
        (await cloud.JobAsync("destroyVirtualMachine", ("id", vms.IdOf()), ("expunge", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.JobAsync("deleteNetwork", ("id", network)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        Text(await AddressAsync(wished), "state").ShouldBe("Free");
    }

    [Fact]
    public async Task It_is_changed_while_guests_go_out()
    {
        var (network, guest) = await cloud.WithGuestAsync("changing");
        var before = Text(await cloud.RouterAsync(network), "publicip");
        var anew = Text(await cloud.AcquireAsync(network), "ipaddress");
        (await cloud.RefusedAsync(431, "updateNetwork", ("id", network), ("sourcenatipaddress", await FreeAsync()))).ShouldContain("acquire it first (associateIpAddress)");

        var id = (await AddressAsync(anew)).IdOf();
        (await cloud.CallAsync("enableStaticNat", ("ipaddressid", id), ("virtualmachineid", guest))).ShouldBe(200);
        (await cloud.RefusedAsync(537, "updateNetwork", ("id", network), ("sourcenatipaddress", anew))).ShouldContain("leads to one guest");
        (await cloud.JobAsync("disableStaticNat", ("ipaddressid", id)))["jobstatus"]!.GetValue<int>().ShouldBe(1);

        var used = await UsedAsync();
        await cloud.DoneAsync("network", "updateNetwork", ("id", network), ("sourcenatipaddress", anew));
        (await LeavesByAsync(network)).ShouldBe(anew);
        Text(await cloud.RouterAsync(network), "publicip").ShouldBe(anew);
        (await UsedAsync()).ShouldBe(used);
        (await AddressAsync(before))["issourcenat"]!.GetValue<bool>().ShouldBeFalse();
        (await cloud.JobAsync("disassociateIpAddress", ("id", (await AddressAsync(before)).IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await UsedAsync()).ShouldBe(used - 1);
        (await cloud.RefusedAsync(431, "disassociateIpAddress", ("id", id))).ShouldContain("go out by " + anew);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task What_the_router_refuses_leaves_it_as_it_was()
    {
        var (network, _) = await cloud.WithGuestAsync("staying");
        var (before, used) = (Text(await cloud.RouterAsync(network), "publicip"), await UsedAsync());
        var anew = Text(await cloud.AcquireAsync(network), "ipaddress");
        var job = await cloud.WhileRefusingAsync(await cloud.RouterIdAsync(network), "nft", "no", () => cloud.JobAsync("updateNetwork", ("id", network), ("sourcenatipaddress", anew)));
        job["jobresult"]!["errortext"]!.GetValue<string>().ShouldContain("nft refused the new one (no)");
        Text(await cloud.RouterAsync(network), "publicip").ShouldBe(before);
        (await cloud.JobAsync("disassociateIpAddress", ("id", (await AddressAsync(anew)).IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await UsedAsync()).ShouldBe(used);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task The_one_before_may_be_released_while_the_router_refuses()
    {
        var (network, _) = await cloud.WithGuestAsync("released");
        var before = (await AddressAsync(Text(await cloud.RouterAsync(network), "publicip"))).IdOf();
        var anew = Text(await cloud.AcquireAsync(network), "ipaddress");
        var change = await cloud.WhileRefusingAsync(await cloud.RouterIdAsync(network), "nft", "no", async () =>
        {
            foreach (var host in cloud.Simulator.Hosts) host.Routers.Answer = false;
            var changing = cloud.JobAsync("updateNetwork", ("id", network), ("sourcenatipaddress", anew));
            for (var i = 0; i < 4000 && !(await AddressAsync(anew))["issourcenat"]!.GetValue<bool>(); i++) await Task.Delay(25);
            await using (var db = cloud.Open())
                await db.Set<PublicIpAddress>().Where(a => a.Id == new Id<PublicIpAddress>(Guid.Parse(before))).ExecuteUpdateAsync(set => set.SetProperty(a => a.IsReleasing, true));
            foreach (var host in cloud.Simulator.Hosts) host.Routers.Answer = true;
            return await changing;
        });
        change["jobstatus"]!.GetValue<int>().ShouldBe(2);
        (await AddressAsync(anew))["issourcenat"]!.GetValue<bool>().ShouldBeTrue("there is no way back to what goes");
        (await cloud.JobAsync("disassociateIpAddress", ("id", before)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_vpc_has_one_for_all_its_tiers()
    {
        var wished = await FreeAsync();
        var vpc = await cloud.VpcAsync("leaving", 78, ("sourcenatipaddress", wished));
        var tier = await cloud.TierAsync(vpc, "leaving", "10.78.1.1");
        await cloud.DeployAsync(tier, "leaving-guest");
        (await LeavesByAsync(tier)).ShouldBe(wished);
        var anew = Text(await cloud.DoneAsync("ipaddress", "associateIpAddress", ("vpcid", vpc)), "ipaddress");
        (await cloud.RefusedAsync(431, "updateNetwork", ("id", tier), ("sourcenatipaddress", anew))).ShouldContain("updateVPC");
        await cloud.DoneAsync("vpc", "updateVPC", ("id", vpc), ("sourcenatipaddress", anew));
        (await LeavesByAsync(tier)).ShouldBe(anew);
        await cloud.DoneAsync("vpngateway", "createVpnGateway", ("vpcid", vpc));
        (await cloud.RefusedAsync(537, "updateVPC", ("id", vpc), ("sourcenatipaddress", wished))).ShouldContain("deleteVpnGateway");
        await cloud.ShouldBeCleanAsync();
    }

    private async Task<long> UsedAsync()
    {
        await using var db = cloud.Open();
        return db.Set<Stratiform.Management.Accounts.ResourceCount>().Where(c => c.Kind == Stratiform.Management.Accounts.ResourceKind.PublicIp).Sum(c => c.Used);
    }
}
