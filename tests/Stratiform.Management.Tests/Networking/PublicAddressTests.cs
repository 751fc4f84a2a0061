using Stratiform.Management.Tests.Api;
using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

public sealed class PublicAddressTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task An_acquired_address_is_on_the_router_until_it_is_released()
    {
        var (network, _) = await cloud.WithGuestAsync("acquire");
        var acquired = await cloud.AcquireAsync(network);
        acquired["state"]!.GetValue<string>().ShouldBe("Allocated");
        acquired["issourcenat"]!.GetValue<bool>().ShouldBeFalse();
        acquired["associatednetworkid"]!.GetValue<string>().ShouldBe(network);
        var ip = acquired["ipaddress"]!.GetValue<string>();
        (await cloud.RouterFileAsync(network, "interfaces")).ShouldContain($",{ip}/24 ");

        (await cloud.JobAsync("disassociateIpAddress", ("id", acquired.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.RouterFileAsync(network, "interfaces")).ShouldNotContain($"{ip}/24");
        (await cloud.CallAsync("listPublicIpAddresses", ("id", acquired.IdOf()))).ShouldBe(200).Body.Count.ShouldBe(0);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task An_address_may_be_acquired_by_its_name_once()
    {
        var network = await cloud.NetworkAsync("by-name");
        var acquired = await cloud.AcquireAsync(network, ("ipaddress", "203.0.113.60"));
        acquired["ipaddress"]!.GetValue<string>().ShouldBe("203.0.113.60");
        (await cloud.RefusedAsync(537, "associateIpAddress", ("networkid", network), ("ipaddress", "203.0.113.60"))).ShouldContain("is taken");
        (await cloud.RefusedAsync(431, "associateIpAddress", ("networkid", network), ("ipaddress", "203.0.113.99"))).ShouldContain("has no public address 203.0.113.99");
        (await cloud.JobAsync("disassociateIpAddress", ("ipaddress", "203.0.113.60")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task A_range_kept_for_an_account_serves_it_first_and_nobody_else()
    {
        var (one, other) = (await cloud.TenantAsync("keeper"), await cloud.TenantAsync("passer-by"));
        (string, string)[] whose = [("domainid", one.Domain.Id.ToString()), ("account", one.Account.Name)];
        var range = (await cloud.CallAsync("createVlanIpRange", [("zoneid", cloud.Zone), ("gateway", "198.51.100.1"), ("netmask", "255.255.255.0"),
            ("startip", "198.51.100.10"), ("endip", "198.51.100.13"), .. whose])).ShouldBe(200).Body["vlan"]!.AsObject();
        (range["account"]!.GetValue<string>(), range["domainid"]!.GetValue<string>()).ShouldBe((one.Account.Name, one.Domain.Id.ToString()));
        (await cloud.ShapeAsync("vlaniprange", "listVlanIpRanges", whose)).IdOf().ShouldBe(range.IdOf());

        var (own, theirs) = (await NetworkOfAsync(one), await NetworkOfAsync(other));
        (await AcquireAsync(one, own)).ShouldStartWith("198.51.100.");
        (await AcquireAsync(other, theirs)).ShouldStartWith("203.0.113.");
        (await cloud.JobAsAsync(one.Keys, "deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small),
            ("networkids", own)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("associatednetworkid", own), ("issourcenat", "true")))["ipaddress"]!.GetValue<string>()
            .ShouldStartWith("198.51.100.");
        // Two of its four are taken by now, which ones is chance's choice.
        var free = (await cloud.CallAsync("listPublicIpAddresses", ("vlanid", range.IdOf()), ("allocatedonly", "false"))).ShouldBe(200)
            .Body["publicipaddress"]!.AsArray().First(a => a!["state"]!.GetValue<string>() == "Free")!["ipaddress"]!.GetValue<string>();
        (await cloud.AsAsync(other.Keys, "associateIpAddress", ("networkid", theirs), ("ipaddress", free))).ShouldBe(537).ErrorText!.ShouldContain("kept for others");

        (await cloud.RefusedAsync(537, "dedicatePublicIpRange", ("id", range.IdOf()), ("domainid", other.Domain.Id.ToString()))).ShouldContain("releasePublicIpRange");
        (await cloud.CallAsync("releasePublicIpRange", ("id", range.IdOf()))).ShouldBe(200);
        (await cloud.RefusedAsync(431, "releasePublicIpRange", ("id", range.IdOf()))).ShouldContain("nothing to release");
        (await cloud.JobAsAsync(other.Keys, "associateIpAddress", ("networkid", theirs), ("ipaddress", free)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.RefusedAsync(536, "dedicatePublicIpRange", [("id", range.IdOf()), .. whose])).ShouldContain("is held by somebody else");
        (await cloud.JobAsync("disassociateIpAddress", ("ipaddress", free)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("dedicatePublicIpRange", [("id", range.IdOf()), .. whose])).ShouldBe(200).Body["vlan"]!["account"]!.GetValue<string>().ShouldBe(one.Account.Name);

        async Task<string> NetworkOfAsync(Tenant tenant) => (await cloud.AsAsync(tenant.Keys, "createNetwork", ("name", "kept"), ("displaytext", "kept"),
            ("zoneid", cloud.Zone), ("networkofferingid", cloud.NetworkOffering))).ShouldBe(200).Body["network"]!["id"]!.GetValue<string>();
        async Task<string> AcquireAsync(Tenant tenant, string network) =>
            (await cloud.JobAsAsync(tenant.Keys, "associateIpAddress", ("networkid", network)))["jobresult"]!["ipaddress"]!["ipaddress"]!.GetValue<string>();
    }

    [Fact]
    public async Task The_address_that_guests_go_out_by_stays()
    {
        var (network, _) = await cloud.WithGuestAsync("source");
        var source = await cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("associatednetworkid", network), ("issourcenat", "true"));
        (await cloud.RefusedAsync(431, "disassociateIpAddress", ("id", source.IdOf()))).ShouldContain("it belongs to the network");
    }

    [Fact]
    public async Task A_deleted_network_gives_its_addresses_and_rules_back()
    {
        var network = await cloud.NetworkAsync("gone");
        var acquired = await cloud.AcquireAsync(network);
        await cloud.DoneAsync("firewallrule", "createFirewallRule", ("ipaddressid", acquired.IdOf()), ("protocol", "icmp"));
        (await cloud.JobAsync("deleteNetwork", ("id", network)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("listFirewallRules", ("networkid", network), ("listall", "true"))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("ipaddress", acquired["ipaddress"]!.GetValue<string>()), ("allocatedonly", "false")))
            ["state"]!.GetValue<string>().ShouldBe("Free");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Others_addresses_are_like_none()
    {
        var network = await cloud.NetworkAsync("mine");
        var address = (await cloud.AcquireAsync(network)).IdOf();
        var other = await cloud.TenantAsync("stranger-to-addresses");
        foreach (var (command, more) in new (string, (string, string)[])[]
        {
            ("disassociateIpAddress", []), ("createFirewallRule", [("protocol", "tcp")]), ("disableStaticNat", []),
            ("enableStaticNat", [("virtualmachineid", Guid.CreateVersion7().ToString())]),
            ("createPortForwardingRule", [("protocol", "tcp"), ("publicport", "1"), ("privateport", "1"), ("virtualmachineid", Guid.CreateVersion7().ToString())]),
        })
        {
            var name = command == "disassociateIpAddress" ? "id" : "ipaddressid";
            var random = Guid.CreateVersion7().ToString();
            var theirs = await cloud.AsAsync(other.Keys, command, [(name, address), .. more]);
            var none = await cloud.AsAsync(other.Keys, command, [(name, random), .. more]);
            theirs.Status.ShouldBe(431, theirs.Text);
            theirs.Text.Replace(address, random, StringComparison.Ordinal).ShouldBe(none.Text);
        }
    }

    [Fact]
    public async Task No_more_are_acquired_than_the_account_may_have()
    {
        var tenant = await cloud.TenantAsync("few-addresses");
        (await cloud.CallAsync("updateResourceLimit", ("account", tenant.Account.Name), ("domainid", tenant.Domain.Id.ToString()), ("resourcetype", "1"), ("max", "1"))).ShouldBe(200);
        var network = (await cloud.AsAsync(tenant.Keys, "createNetwork", ("name", "n"), ("displaytext", "n"), ("zoneid", cloud.Zone), ("networkofferingid", cloud.NetworkOffering)))
            .ShouldBe(200).Body["network"]!["id"]!.GetValue<string>();
        (await cloud.JobAsAsync(tenant.Keys, "associateIpAddress", ("zoneid", cloud.Zone)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.AsAsync(tenant.Keys, "associateIpAddress", ("networkid", network))).Status.ShouldBe(535);
    }
}
