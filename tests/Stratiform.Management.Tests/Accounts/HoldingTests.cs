using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Management.Events;
using Stratiform.Management.Networking;
using Stratiform.Management.Tests.Api;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.Accounts;

/// <summary>Whatever belongs to an account is in the way of its deletion, or goes with what is.</summary>
public sealed class HoldingTests(TestCloud cloud) : IClassFixture<TestCloud>
{
    private static readonly Type[] GoWithTheAccount = [typeof(User), typeof(Tag)];

    private static readonly Type[] Outlive = [typeof(Event), typeof(IpQuarantine)];

    private static readonly Type[] LieInNetworksAndVpcs =
    [
        typeof(RouterScope), typeof(Router), typeof(NetworkRule), typeof(StaticRoute), typeof(RemoteAccessVpn), typeof(AclList), typeof(VpnGateway),
        typeof(PrivateGateway), typeof(VpnConnection),
    ];

    [Fact]
    public async Task Everything_that_accounts_own_is_thought_of()
    {
        await using var scope = cloud.Services.CreateAsyncScope();
        var counted = new Roots();
        foreach (var holding in scope.ServiceProvider.GetRequiredService<IHoldings>().Of(Id.New<Account>())) counted.Visit(holding.Names.Expression);
        scope.ServiceProvider.GetRequiredService<CloudDb>().Model.GetEntityTypes().Select(entity => entity.ClrType).Where(typeof(IOwned).IsAssignableFrom)
            .Except(counted.Types).Except(GoWithTheAccount).Except(Outlive).Except(LieInNetworksAndVpcs).ShouldBeEmpty();
    }

    [Fact]
    public async Task All_that_is_in_the_way_is_counted_in_one_refusal()
    {
        var tenant = await cloud.TenantAsync("hoarder");
        await using (var db = cloud.Open()) await ManyRows.AddAsync(db, 4, tenant.Account, cloud.Service<Secrets>(), cloud.Clock.GetUtcNow());
        var text = (await cloud.AsAdminAsync("deleteAccount", ("id", tenant.Account.Id.ToString()))).ShouldBe(536).ErrorText!;
        text.ShouldContain("4 virtual machines (vm0, vm1, vm2 and 1 more), 4 volumes (v0, v1, v2 and 1 more), 4 templates");
        foreach (var one in new[] { "4 ISOs", "networks (", "4 VPCs", "4 VPN users", "4 VPN customer gateways", "4 certificates", "4 SSH key pairs", "4 user data", "4 security groups" })
            text.ShouldContain(one);
    }

    private sealed class Roots : ExpressionVisitor
    {
        public HashSet<Type> Types { get; } = [];

        protected override Expression VisitExtension(Expression node)
        {
            if (node is EntityQueryRootExpression root) Types.Add(root.EntityType.ClrType);
            return base.VisitExtension(node);
        }
    }
}

/// <summary>The end of an account that has a virtual machine.</summary>
public sealed class AccountEndTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task Disabling_stops_what_runs_and_deleting_waits_for_what_is_there()
    {
        var tenant = await cloud.TenantAsync("ending");
        (string, string)[] owned = [("account", "ending"), ("domainid", tenant.Domain.Id.ToString())];
        var network = await cloud.NetworkAsync("ending", owned);
        var vm = (await cloud.DeployAsync(network, "guest", owned))["id"]!.GetValue<string>();
        var job = await cloud.JobAsync("disableAccount", ("id", tenant.Account.Id.ToString()), ("lock", "false"));
        job["jobresult"]!["account"]!["state"]!.GetValue<string>().ShouldBe("disabled");
        (await cloud.AsAsync(tenant.Keys, "listVirtualMachines")).ShouldBe(401);
        for (var i = 0; i < 200 && await StateAsync(vm) != "Stopped"; i++) await Task.Delay(100, CancellationToken.None);
        (await StateAsync(vm)).ShouldBe("Stopped");

        (await cloud.CallAsync("deleteAccount", ("id", tenant.Account.Id.ToString()))).ShouldBe(536).ErrorText!
            .ShouldContain("1 virtual machine (guest), 1 volume");
        (await cloud.JobAsync("destroyVirtualMachine", ("id", vm), ("expunge", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("deleteAccount", ("id", tenant.Account.Id.ToString()))).ShouldBe(536).ErrorText.ShouldBe(
            "The account ending has 1 network (ending); delete what is there first (deleteNetwork).");
        (await cloud.JobAsync("deleteNetwork", ("id", network)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.JobAsync("deleteAccount", ("id", tenant.Account.Id.ToString())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.JobAsync("deleteDomain", ("id", tenant.Domain.Id.ToString())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Nothing_is_made_for_an_account_while_it_is_deleted()
    {
        for (var round = 0; round < 5; round++)
        {
            var tenant = await cloud.TenantAsync($"vanishing{round}");
            var calls = await Task.WhenAll(
                cloud.CallAsync("deleteAccount", ("id", tenant.Account.Id.ToString())),
                cloud.AsAsync(tenant.Keys, "createNetwork", ("name", "late"), ("displaytext", "late"), ("zoneid", cloud.Zone), ("networkofferingid", cloud.NetworkOffering)));
            (calls[0].Status == 200 && calls[1].Status == 200).ShouldBeFalse($"{calls[0].Text} {calls[1].Text}");
            if (calls[1].Status != 200) continue;
            (await cloud.JobAsync("deleteNetwork", ("id", calls[1].Body["network"]!["id"]!.GetValue<string>())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        }
        await cloud.ShouldBeCleanAsync();
    }

    private async Task<string> StateAsync(string vm) =>
        (await cloud.CallAsync("listVirtualMachines", ("id", vm))).ShouldBe(200).Body["virtualmachine"]![0]!["state"]!.GetValue<string>();
}
