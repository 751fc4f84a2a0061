using System.Text.Json.Nodes;
using Stratiform.Management.Tests.Api;
using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

/// <summary>Public addresses that accounts keep for later.</summary>
public sealed class ReservedAddressTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private async Task<JsonObject> FreeAsync(Tenant tenant) => (await ListedAsync(tenant, ("allocatedonly", "false"), ("state", "Free"))).First()!.AsObject();

    private async Task<JsonArray> ListedAsync(Tenant tenant, params (string, string)[] by) =>
        (await cloud.AsAsync(tenant.Keys, "listPublicIpAddresses", by)).ShouldBe(200).Body["publicipaddress"]?.AsArray() ?? [];

    private async Task<JsonObject> ReservedAsync(Tenant tenant) =>
        (await cloud.AsAsync(tenant.Keys, "reserveIpAddress", ("id", (await FreeAsync(tenant)).IdOf()))).ShouldBe(200).Body["ipaddress"]!.AsObject();

    private async Task<string> NetworkOfAsync(Tenant tenant) => (await cloud.AsAsync(tenant.Keys, "createNetwork", ("name", "own"), ("displaytext", "own"),
        ("zoneid", cloud.Zone), ("networkofferingid", cloud.NetworkOffering))).ShouldBe(200).Body["network"]!.AsObject().IdOf();

    [Fact]
    public async Task A_reserved_address_is_its_accounts_to_acquire()
    {
        var (one, other) = (await cloud.TenantAsync("reserver"), await cloud.TenantAsync("late-comer"));
        var reserved = await ReservedAsync(one);
        var (id, ip) = (reserved.IdOf(), reserved["ipaddress"]!.GetValue<string>());
        (reserved["state"]!.GetValue<string>(), reserved["account"]!.GetValue<string>(), reserved["domainid"]!.GetValue<string>())
            .ShouldBe(("Reserved", one.Account.Name, one.Domain.Id.ToString()));
        (await ListedAsync(one, ("state", "Reserved"))).Single()!.AsObject().IdOf().ShouldBe(id);
        (await cloud.CallAsync("listPublicIpAddresses", ("state", "Reserved"), ("listall", "true"), ("account", one.Account.Name), ("domainid", one.Domain.Id.ToString())))
            .ShouldBe(200).Body["count"]!.GetValue<int>().ShouldBe(1);
        (await cloud.AsAsync(one.Keys, "reserveIpAddress", ("id", id))).ShouldBe(537).ErrorText!.ShouldContain($"{ip} is Reserved; only a free one");

        (await ListedAsync(other, ("allocatedonly", "false"))).ShouldNotContain(a => a!["id"]!.GetValue<string>() == id);
        (await ListedAsync(other, ("id", id))).ShouldBeEmpty();
        foreach (var command in new[] { "reserveIpAddress", "releaseIpAddress" })
            (await cloud.AsAsync(other.Keys, command, ("id", id))).ShouldBe(431);
        var theirs = await NetworkOfAsync(other);
        (await cloud.AsAsync(other.Keys, "associateIpAddress", ("networkid", theirs), ("ipaddress", ip))).ShouldBe(537).ErrorText!.ShouldContain("is taken");

        var own = await NetworkOfAsync(one);
        (await cloud.JobAsAsync(one.Keys, "associateIpAddress", ("networkid", own), ("ipaddress", ip)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await ListedAsync(one, ("id", id))).Single()!["state"]!.GetValue<string>().ShouldBe("Allocated");
        (await cloud.AsAsync(one.Keys, "releaseIpAddress", ("id", id))).ShouldBe(537).ErrorText!.ShouldContain("disassociateIpAddress");
        (await cloud.JobAsAsync(one.Keys, "disassociateIpAddress", ("id", id)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await ListedAsync(one, ("state", "Reserved"))).ShouldBeEmpty();
        (await ListedAsync(other, ("allocatedonly", "false"))).ShouldContain(a => a!["id"]!.GetValue<string>() == id);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task It_stands_in_the_way_of_its_accounts_end()
    {
        var tenant = await cloud.TenantAsync("leaver");
        var reserved = await ReservedAsync(tenant);
        (await cloud.CallAsync("deleteAccount", ("id", tenant.Account.Id.ToString()))).ShouldBe(536).ErrorText
            .ShouldBe($"The account leaver has 1 reserved public address ({reserved["ipaddress"]}); delete what is there first (releaseIpAddress).");
        (await cloud.AsAsync(tenant.Keys, "releaseIpAddress", ("id", reserved.IdOf()))).ShouldBe(200);
        (await cloud.JobAsync("deleteAccount", ("id", tenant.Account.Id.ToString())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task An_address_that_a_router_refuses_is_reserved_still()
    {
        var (network, _) = await cloud.WithGuestAsync("refusing");
        var reserved = (await cloud.CallAsync("listPublicIpAddresses", ("allocatedonly", "false"), ("state", "Free"), ("pagesize", "1"), ("page", "1")))
            .ShouldBe(200).Body["publicipaddress"]![0]!.AsObject();
        (await cloud.CallAsync("reserveIpAddress", ("id", reserved.IdOf()))).ShouldBe(200);
        var job = await cloud.WhileRefusingAsync(await cloud.RouterIdAsync(network), "nft", "no", () =>
            cloud.JobAsync("associateIpAddress", ("networkid", network), ("ipaddress", reserved["ipaddress"]!.GetValue<string>())));
        job["jobstatus"]!.GetValue<int>().ShouldBe(2);
        (await cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("id", reserved.IdOf())))["state"]!.GetValue<string>().ShouldBe("Reserved");
        (await cloud.CallAsync("releaseIpAddress", ("id", reserved.IdOf()))).ShouldBe(200);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task What_is_reserved_is_counted_until_it_is_released()
    {
        var tenant = await cloud.TenantAsync("counted");
        (await cloud.CallAsync("updateResourceLimit", ("resourcetype", "1"), ("account", tenant.Account.Name), ("domainid", tenant.Domain.Id.ToString()), ("max", "1"))).ShouldBe(200);
        var reserved = await ReservedAsync(tenant);
        var more = (await FreeAsync(tenant)).IdOf();
        more.ShouldNotBe(reserved.IdOf());
        (await cloud.AsAsync(tenant.Keys, "reserveIpAddress", ("id", more))).ShouldBe(535);
        await cloud.ShouldBeCleanAsync();
        (await cloud.AsAsync(tenant.Keys, "releaseIpAddress", ("id", reserved.IdOf()))).ShouldBe(200);
        (await cloud.AsAsync(tenant.Keys, "releaseIpAddress", ("id", reserved.IdOf()))).ShouldBe(431);
        (await cloud.AsAsync(tenant.Keys, "reserveIpAddress", ("id", more))).ShouldBe(200);
        (await cloud.AsAsync(tenant.Keys, "releaseIpAddress", ("id", more))).ShouldBe(200);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_range_of_reserved_addresses_stays_for_those_who_reserved_them()
    {
        var (one, other) = (await cloud.TenantAsync("settler"), await cloud.TenantAsync("rival"));
        var range = (await cloud.ShapeAsync("vlan", "createVlanIpRange", ("zoneid", cloud.Zone), ("gateway", "198.51.100.1"), ("netmask", "255.255.255.0"),
            ("startip", "198.51.100.10"), ("endip", "198.51.100.10"))).IdOf();
        var address = (await ListedAsync(one, ("vlanid", range), ("allocatedonly", "false"))).Single()!.AsObject().IdOf();
        (await cloud.CallAsync("reserveIpAddress", ("id", address), ("account", one.Account.Name), ("domainid", one.Domain.Id.ToString()))).ShouldBe(200);
        (await cloud.RefusedAsync(536, "deleteVlanIpRange", ("id", range))).ShouldContain("1 of the 1 addresses 198.51.100.10 to 198.51.100.10 are reserved");
        (await cloud.RefusedAsync(536, "dedicatePublicIpRange", ("id", range), ("account", other.Account.Name), ("domainid", other.Domain.Id.ToString())))
            .ShouldContain("198.51.100.10 of the range is reserved for somebody else");
        (await cloud.CallAsync("dedicatePublicIpRange", ("id", range), ("account", one.Account.Name), ("domainid", one.Domain.Id.ToString()))).ShouldBe(200);
        (await ListedAsync(other, ("vlanid", range), ("allocatedonly", "false"))).ShouldBeEmpty();
        (await cloud.CallAsync("releaseIpAddress", ("id", address))).ShouldBe(200);
        (await cloud.AsAsync(other.Keys, "reserveIpAddress", ("id", address))).ShouldBe(537).ErrorText!.ShouldContain("kept for others");
        (await cloud.CallAsync("deleteVlanIpRange", ("id", range))).ShouldBe(200);
    }
}
