using System.Text.Json.Nodes;
using Stratiform.Management.Api;
using Stratiform.Management.Tests.Api;
using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

public sealed class QuarantineTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task What_an_account_gave_back_nobody_else_gets_for_a_while()
    {
        (await cloud.CallAsync("updateConfiguration", ("name", "public.ip.address.quarantine.duration"), ("value", "60"))).ShouldBe(200);
        var (one, other) = (await cloud.TenantAsync("before", AllowedTo.DomainAdmin), await cloud.TenantAsync("after", AllowedTo.DomainAdmin));
        var (own, theirs) = (await NetworkOfAsync(one), await NetworkOfAsync(other));
        // The one that the next network would go out by.
        var ip = (await cloud.CallAsync("listPublicIpAddresses", ("allocatedonly", "false"))).ShouldBe(200).Body["publicipaddress"]!.AsArray()
            .First(a => a!["state"]!.GetValue<string>() == "Free")!["ipaddress"]!.GetValue<string>();
        await AcquireAsync(one, own, ip);
        (await ListAsync(one)).ShouldBeEmpty();
        await ReleaseAsync(one, ip);

        var kept = (await ListAsync(one)).ShouldHaveSingleItem();
        (Text("ipaddress"), Text("previousownerid"), Text("previousownername")).ShouldBe((ip, one.Account.Id.ToString(), one.Account.Name));
        kept.ContainsKey("removed").ShouldBeFalse();
        (await ListAsync(other)).ShouldBeEmpty();
        (await cloud.CallAsync("listQuarantinedIps", ("keyword", "before"))).ShouldBe(200).Body["count"]!.GetValue<int>().ShouldBe(1);
        (await cloud.AsAsync(other.Keys, "associateIpAddress", ("networkid", theirs), ("ipaddress", ip))).ShouldBe(537).ErrorText!.ShouldContain("kept from others until");
        (await cloud.JobAsAsync(other.Keys, "deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small),
            ("networkids", theirs)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("associatednetworkid", theirs), ("issourcenat", "true")))["ipaddress"]!.GetValue<string>().ShouldNotBe(ip);

        // Who had it may have it again, and gives it back again.
        await AcquireAsync(one, own, ip);
        (await ListAsync(one)).ShouldBeEmpty();
        (await ListAsync(one, ("showremoved", "true"))).ShouldHaveSingleItem()["removalreason"]!.GetValue<string>().ShouldContain("took the address again");
        await ReleaseAsync(one, ip);
        (await cloud.AsAsync(one.Keys, "updateQuarantinedIp", ("ipaddress", ip), ("enddate", "2020-01-01"))).ShouldBe(431).ErrorText!.ShouldContain("removeQuarantinedIp");
        (await cloud.AsAsync(other.Keys, "updateQuarantinedIp", ("ipaddress", ip), ("enddate", "2099-01-01"))).ShouldBe(431).ErrorText!.ShouldContain("is not in quarantine");
        (await cloud.AsAsync(one.Keys, "updateQuarantinedIp", ("enddate", "2099-01-01"))).ShouldBe(431).ErrorText!.ShouldContain("give id or ipaddress");
        var longer = (await cloud.AsAsync(one.Keys, "updateQuarantinedIp", ("ipaddress", ip), ("enddate", "2099-01-01"))).ShouldBe(200).Body["quarantinedip"]!.AsObject();
        longer["enddate"]!.GetValue<string>().ShouldStartWith("2099-01-01");
        var ended = (await cloud.AsAsync(one.Keys, "removeQuarantinedIp", ("id", longer.IdOf()), ("removalreason", "moved on"))).ShouldBe(200).Body["quarantinedip"]!.AsObject();
        (ended["removalreason"]!.GetValue<string>(), ended["removeraccountid"]!.GetValue<string>()).ShouldBe(("moved on", one.Account.Id.ToString()));
        (await cloud.AsAsync(one.Keys, "removeQuarantinedIp", ("id", longer.IdOf()), ("removalreason", "again"))).ShouldBe(431);
        await AcquireAsync(other, theirs, ip);

        // What goes with a network is kept as well.
        (await cloud.JobAsAsync(one.Keys, "associateIpAddress", ("networkid", own)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.JobAsAsync(one.Keys, "deleteNetwork", ("id", own)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await ListAsync(one)).ShouldHaveSingleItem();
        (await cloud.CallAsync("updateConfiguration", ("name", "public.ip.address.quarantine.duration"), ("value", "0"))).ShouldBe(200);
        await ReleaseAsync(other, ip);
        (await ListAsync(other)).ShouldBeEmpty("nothing is kept any more");

        string Text(string field) => kept[field]!.GetValue<string>();
    }

    [Fact]
    public async Task Users_have_no_say_in_it()
    {
        var tenant = await cloud.TenantAsync("plain-user");
        foreach (var command in new[] { "listQuarantinedIps", "updateQuarantinedIp", "removeQuarantinedIp" })
            (await cloud.AsAsync(tenant.Keys, command)).Status.ShouldBe(401, command);
    }

    private async Task<string> NetworkOfAsync(Tenant tenant) => (await cloud.AsAsync(tenant.Keys, "createNetwork", ("name", "home"), ("displaytext", "home"),
        ("zoneid", cloud.Zone), ("networkofferingid", cloud.NetworkOffering))).ShouldBe(200).Body["network"]!["id"]!.GetValue<string>();

    private async Task AcquireAsync(Tenant tenant, string network, string ip) =>
        (await cloud.JobAsAsync(tenant.Keys, "associateIpAddress", ("networkid", network), ("ipaddress", ip)))["jobstatus"]!.GetValue<int>().ShouldBe(1);

    private async Task ReleaseAsync(Tenant tenant, string ip) =>
        (await cloud.JobAsAsync(tenant.Keys, "disassociateIpAddress", ("ipaddress", ip)))["jobstatus"]!.GetValue<int>().ShouldBe(1);

    private async Task<List<JsonObject>> ListAsync(Tenant tenant, params (string, string)[] more) =>
        [.. ((await cloud.AsAsync(tenant.Keys, "listQuarantinedIps", more)).ShouldBe(200).Body["quarantinedip"]?.AsArray() ?? []).Select(q => q!.AsObject())];
}
