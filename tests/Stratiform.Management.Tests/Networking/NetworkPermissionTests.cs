using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Tests.Api;
using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

/// <summary>Networks that their owners let other accounts use.</summary>
public sealed class NetworkPermissionTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private static readonly string[] Filters = ["Account", "Domain", "AccountDomain", "Shared", "All"];

    [Fact]
    public async Task A_friend_sees_the_network_and_puts_guests_into_it_until_it_may_no_longer()
    {
        var (owner, friend) = await TwoOfADomainAsync("lender", "borrower");
        var network = await NetworkAsync(owner);
        (await ListedByAsync(owner, network)).ShouldBe("Account AccountDomain All");
        (await ListedByAsync(friend, network)).ShouldBe("");
        (await DeployAsync(friend, network, "early")).ShouldBe(431);

        await ChangeAsync(owner, "createNetworkPermissions", network, ("accounts", "borrower,lender"));
        await ChangeAsync(owner, "createNetworkPermissions", network, ("accountids", friend.Account.Id.ToString()));
        (await ListedByAsync(friend, network)).ShouldBe("Shared All");
        (await ListedByAsync(owner, network)).ShouldBe("Account AccountDomain All");
        var given = (await cloud.AsAsync(owner.Keys, "listNetworkPermissions", ("networkid", network))).ShouldBe(200).Body;
        given["count"]!.GetValue<int>().ShouldBe(1);
        var row = given["networkpermission"]!.AsArray().ShouldHaveSingleItem()!;
        (row["account"]!.GetValue<string>(), row["accountid"]!.GetValue<string>(), row["networkid"]!.GetValue<string>(), row["domainid"]!.GetValue<string>())
            .ShouldBe(("borrower", friend.Account.Id.ToString(), network, owner.Domain.Id.ToString()));

        var vm = (await cloud.JobAsAsync(friend.Keys, "deployVirtualMachine", Guest(network, "guest")))["jobresult"]!["virtualmachine"]!.AsObject();
        vm["account"]!.GetValue<string>().ShouldBe("borrower");
        vm["nic"]!.AsArray().ShouldHaveSingleItem()!["networkid"]!.GetValue<string>().ShouldBe(network);
        (await cloud.AsAsync(friend.Keys, "listNics", ("virtualmachineid", vm.IdOf()))).ShouldBe(200).Body["count"]!.GetValue<int>().ShouldBe(1);
        (await cloud.RouterFileAsync(network, "hosts")).ShouldContain("guest");
        // A guest's place is all that was given.
        foreach (var command in new[] { "deleteNetwork", "updateNetwork", "restartNetwork" })
            (await cloud.AsAsync(friend.Keys, command, ("id", network))).Status.ShouldBe(431, command);
        foreach (var command in new[] { "listNetworkPermissions", "resetNetworkPermissions", "createEgressFirewallRule", "associateIpAddress" })
            (await cloud.AsAsync(friend.Keys, command, ("networkid", network), ("protocol", "tcp"))).Status.ShouldBe(431, command);

        foreach (var command in new[] { "removeNetworkPermissions", "resetNetworkPermissions" })
        {
            var refused = await cloud.AsAsync(owner.Keys, command, ("networkid", network), ("accounts", "borrower"));
            refused.ShouldBe(536).ErrorText!.ShouldContain("Virtual machines of borrower are in the network");
        }
        (await ListedByAsync(friend, network)).ShouldBe("Shared All");
        (await cloud.JobAsync("destroyVirtualMachine", ("id", vm.IdOf()), ("expunge", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        await ChangeAsync(owner, "removeNetworkPermissions", network, ("accounts", "borrower"));
        (await ListedByAsync(friend, network)).ShouldBe("");
        (await cloud.AsAsync(owner.Keys, "listNetworkPermissions", ("networkid", network))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await DeployAsync(friend, network, "late")).ShouldBe(431);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_card_comes_into_a_network_that_was_given()
    {
        var (owner, friend) = await TwoOfADomainAsync("card-lender", "card-borrower");
        var (theirs, own) = (await NetworkAsync(owner), await NetworkAsync(friend));
        var vm = (await cloud.JobAsAsync(friend.Keys, "deployVirtualMachine", Guest(own, "two-cards")))["jobresult"]!["virtualmachine"]!.AsObject().IdOf();
        (string, string)[] card = [("virtualmachineid", vm), ("networkid", theirs)];
        (await cloud.AsAsync(friend.Keys, "addNicToVirtualMachine", card)).ShouldBe(431);
        (await cloud.RefusedAsync(531, "addNicToVirtualMachine", card)).ShouldContain("createNetworkPermissions");
        await ChangeAsync(owner, "createNetworkPermissions", theirs, ("accounts", "card-borrower"));
        var job = await cloud.JobAsAsync(friend.Keys, "addNicToVirtualMachine", card);
        job["jobresult"]!["virtualmachine"]!["nic"]!.AsArray().Count.ShouldBe(2);
        (await cloud.AsAsync(owner.Keys, "deleteNetwork", ("id", theirs))).ShouldBe(200);
        (await cloud.AsAsync(owner.Keys, "resetNetworkPermissions", ("networkid", theirs))).ShouldBe(536);
    }

    [Fact]
    public async Task Who_may_not_give_a_network_is_refused_and_so_is_what_cannot_be_given()
    {
        var (owner, friend) = await TwoOfADomainAsync("giver", "given");
        var stranger = await cloud.TenantAsync("stranger-of-giver");
        var network = await NetworkAsync(owner);
        foreach (var command in new[] { "createNetworkPermissions", "removeNetworkPermissions" })
        {
            (await RefusedAsync(owner, command, network)).ShouldContain("give accounts or accountids");
            (await RefusedAsync(owner, command, network, ("accounts", "given,nobody"))).ShouldContain("There is no account nobody");
            (await RefusedAsync(owner, command, network, ("accountids", stranger.Account.Id.ToString()))).ShouldContain($"There is no account {stranger.Account.Id}");
            (await RefusedAsync(stranger, command, network, ("accounts", "given"))).ShouldContain(network);
        }
        (await ListedByAsync(friend, network)).ShouldBe("");
        var vpc = await cloud.VpcAsync("whole", 77);
        var tier = await cloud.TierAsync(vpc, "not-given", "10.77.1.1");
        (await cloud.RefusedAsync(431, "createNetworkPermissions", ("networkid", tier), ("accounts", "given"))).ShouldContain("tier of a VPC");
        await ChangeAsync(owner, "createNetworkPermissions", network, ("accounts", "given"));
        var listed = (await cloud.CallAsync("listNetworks", ("account", "given"), ("domainid", owner.Domain.Id.ToString()), ("networkfilter", "shared")));
        listed.ShouldBe(200).Body["network"]!.AsArray().ShouldHaveSingleItem()!["id"]!.GetValue<string>().ShouldBe(network);
        await ChangeAsync(owner, "resetNetworkPermissions", network);
        (await ListedByAsync(friend, network)).ShouldBe("");
        var events = (await cloud.AsAsync(owner.Keys, "listEvents", ("type", "NETWORK.UPDATE"))).ShouldBe(200).Body["event"]!.AsArray();
        events.Select(e => e!["description"]!.GetValue<string>()).ShouldContain(text => text.Contains("now also used by given"));
    }

    private async Task<(Tenant Owner, Tenant Friend)> TwoOfADomainAsync(string owner, string friend)
    {
        var (one, other) = (await cloud.TenantAsync(owner), await cloud.TenantAsync(friend));
        await using var db = cloud.Open();
        var (account, domain) = (other.Account.Id, one.Domain.Id);
        await db.Database.ExecuteSqlAsync($"UPDATE account SET domain_id = {domain.Value} WHERE id = {account.Value}");
        return (one, other);
    }

    private (string, string)[] Guest(string network, string name) =>
        [("name", name), ("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small), ("networkids", network)];

    private Task<Reply> DeployAsync(Tenant who, string network, string name) => cloud.AsAsync(who.Keys, "deployVirtualMachine", Guest(network, name));

    private async Task<string> NetworkAsync(Tenant owner) =>
        (await cloud.AsAsync(owner.Keys, "createNetwork", ("name", "n"), ("displaytext", "n"), ("zoneid", cloud.Zone), ("networkofferingid", cloud.NetworkOffering)))
            .ShouldBe(200).Body["network"]!["id"]!.GetValue<string>();

    private async Task ChangeAsync(Tenant who, string command, string network, params (string, string)[] more) =>
        (await cloud.AsAsync(who.Keys, command, [("networkid", network), .. more])).ShouldBe(200).Body["success"]!.GetValue<bool>().ShouldBeTrue();

    private async Task<string> RefusedAsync(Tenant who, string command, string network, params (string, string)[] more) =>
        (await cloud.AsAsync(who.Keys, command, [("networkid", network), .. more])).ShouldBe(431).ErrorText!;

    private async Task<string> ListedByAsync(Tenant who, string network)
    {
        var listed = new List<string>();
        foreach (var filter in Filters)
            if ((await cloud.AsAsync(who.Keys, "listNetworks", ("id", network), ("networkfilter", filter))).ShouldBe(200).Body["network"] is JsonArray { Count: 1 }) listed.Add(filter);
        return string.Join(' ', listed);
    }
}
