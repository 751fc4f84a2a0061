using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Management.Compute.Reconcilers;
using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;
using Stratiform.Simulator;
using Stratiform.Workflows;

namespace Stratiform.Management.Tests.Compute;

/// <summary>A virtual machine's life, as a client lives it.</summary>
public sealed class VirtualMachineTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private async Task<string> StateAsync(string id) =>
        (await cloud.ShapeAsync("virtualmachine", "listVirtualMachines", ("id", id)))["state"]!.GetValue<string>();

    private static string Text(JsonNode node, string field) => node[field]!.GetValue<string>();

    [Fact]
    public async Task A_virtual_machine_lives_from_deploy_to_expunge()
    {
        var network = await cloud.NetworkAsync("life");
        var vm = await cloud.DeployAsync(network, "life");
        Text(vm, "state").ShouldBe("Running");
        Text(vm, "name").ShouldBe("life");
        var (id, nic) = (Text(vm, "id"), vm["nic"]!.AsArray().Single()!);
        Text(nic, "ipaddress").ShouldStartWith("10.1.1.");
        Text(nic, "networkid").ShouldBe(network);
        Text(nic, "macaddress").ShouldMatch("^02(:[0-9a-f]{2}){5}$");
        nic["isdefault"]!.GetValue<bool>().ShouldBeTrue();

        var stopped = await cloud.DoneAsync("virtualmachine", "stopVirtualMachine", ("id", id));
        Text(stopped, "state").ShouldBe("Stopped");
        stopped.ContainsKey("hostid").ShouldBeFalse();
        var started = await cloud.DoneAsync("virtualmachine", "startVirtualMachine", ("id", id));
        Text(started, "state").ShouldBe("Running");
        Text(started["nic"]![0]!, "ipaddress").ShouldBe(Text(nic, "ipaddress"));
        Text(await cloud.DoneAsync("virtualmachine", "rebootVirtualMachine", ("id", id)), "state").ShouldBe("Running");

        Text(await cloud.DoneAsync("virtualmachine", "destroyVirtualMachine", ("id", id)), "state").ShouldBe("Destroyed");
        (await cloud.CallAsync("startVirtualMachine", ("id", id))).ShouldBe(431).ErrorText!.ShouldContain("is Destroyed");
        Text(await cloud.ShapeAsync("virtualmachine", "recoverVirtualMachine", ("id", id)), "state").ShouldBe("Stopped");
        Text(await cloud.DoneAsync("virtualmachine", "destroyVirtualMachine", ("id", id)), "state").ShouldBe("Destroyed");
        (await cloud.JobAsync("expungeVirtualMachine", ("id", id)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("listVirtualMachines", ("id", id))).ShouldBe(200).Body.ContainsKey("virtualmachine").ShouldBeFalse();
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_password_is_shown_by_the_job_that_made_it_and_by_nothing_else()
    {
        var network = await cloud.NetworkAsync("secret");
        var none = await cloud.DeployAsync(network, "open");
        none.ContainsKey("password").ShouldBeFalse();
        (await cloud.DoneAsync("virtualmachine", "stopVirtualMachine", ("id", Text(none, "id"))))["state"]!.GetValue<string>().ShouldBe("Stopped");
        (await cloud.CallAsync("resetPasswordForVirtualMachine", ("id", Text(none, "id")))).ShouldBe(431).ErrorText!.ShouldContain("take no passwords");

        (await cloud.CallAsync("updateTemplate", ("id", cloud.Template), ("passwordenabled", "true"))).ShouldBe(200);
        try
        {
            var vm = await cloud.DeployAsync(network, "locked");
            var (id, first) = (Text(vm, "id"), Text(vm, "password"));
            first.Length.ShouldBe(12);
            (await cloud.ShapeAsync("virtualmachine", "listVirtualMachines", ("id", id))).ContainsKey("password").ShouldBeFalse();
            await using (var db = cloud.Open())
                (await db.Set<WorkflowRow>().Where(w => w.InstanceId == Guid.Parse(id)).Select(w => w.Result).SingleAsync())!.ShouldNotContain(first);

            (await cloud.CallAsync("resetPasswordForVirtualMachine", ("id", id))).ShouldBe(431).ErrorText!.ShouldContain("must be Stopped");
            await cloud.DoneAsync("virtualmachine", "stopVirtualMachine", ("id", id));
            Text(await cloud.DoneAsync("virtualmachine", "resetPasswordForVirtualMachine", ("id", id)), "password").ShouldNotBe(first);
            Text(await cloud.DoneAsync("virtualmachine", "resetPasswordForVirtualMachine", ("id", id), ("password", "of-my-own")), "password").ShouldBe("of-my-own");
            (await cloud.CallAsync("resetPasswordForVirtualMachine", ("id", id), ("password", "two words"))).ShouldBe(431).ErrorText!.ShouldContain("6 to 64");
            var stranger = await cloud.TenantAsync("password-thief");
            (await cloud.AsAsync(stranger.Keys, "resetPasswordForVirtualMachine", ("id", id))).ShouldBe(431);
            await cloud.DoneAsync("virtualmachine", "destroyVirtualMachine", ("id", id));
        }
        finally
        {
            (await cloud.CallAsync("updateTemplate", ("id", cloud.Template), ("passwordenabled", "false"))).ShouldBe(200);
        }
    }

    [Fact]
    public async Task A_guest_that_cannot_be_brought_back_is_tried_again_after_a_pause_only()
    {
        var vm = await cloud.DeployAsync(await cloud.NetworkAsync("lost"), "lost");
        var id = Guid.Parse(Text(vm, "id"));
        var refusal = cloud.Simulator.Order(new Fault { Kind = FaultKind.Refuse, Message = nameof(EnsureDomain) });
        foreach (var host in cloud.Simulator.Hosts)
        {
            if ((await host.Hypervisor.ReadAllAsync(CancellationToken.None)).Any(domain => domain.Report.Id == id))
                host.Hypervisor.SetPower(id, PowerState.Crashed);
        }
        try
        {
            for (var i = 0; i < 6000 && await TriesAsync(id) == 0; i++) await Task.Delay(100);
            await using (var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope())
                await ActivatorUtilities.CreateInstance<PowerStateSync>(scope.ServiceProvider).ReconcileAsync(CancellationToken.None);
            await Task.Delay(500);
            (await TriesAsync(id)).ShouldBe(1);
        }
        finally
        {
            // Whatever it shows: the other tests deploy on the same hosts.
            refusal.Withdraw();
        }
        await cloud.DoneAsync("virtualmachine", "destroyVirtualMachine", ("id", id.ToString()), ("expunge", "true"));

        async Task<int> TriesAsync(Guid machine)
        {
            await using var db = cloud.Open();
            return await db.Set<WorkflowRow>().CountAsync(w => w.InstanceId == machine && w.Kind == nameof(ReviveVm) && w.EndedAt != null);
        }
    }

    [Fact]
    public async Task A_refused_placement_counts_what_each_filter_refused()
    {
        var network = await cloud.NetworkAsync("crowded");
        var huge = Text(await cloud.ShapeAsync(
            "serviceoffering", "createServiceOffering", ("name", "huge"), ("displaytext", "huge"), ("cpunumber", "1"), ("cpuspeed", "100"), ("memory", "8000000")), "id");
        var job = await cloud.JobAsync(
            "deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", huge), ("networkids", network), ("name", "huge"));
        job["jobstatus"]!.GetValue<int>().ShouldBe(2);
        job["jobresultcode"]!.GetValue<int>().ShouldBe(533);
        Text(job["jobresult"]!, "errortext").ShouldContain("None of 10 hosts can take it: 10 lack memory (8000000 MiB asked)");
        var id = Text(job, "jobinstanceid");
        (await StateAsync(id)).ShouldBe("Error");
        await cloud.DoneAsync("virtualmachine", "destroyVirtualMachine", ("id", id));
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_template_that_cannot_be_read_fails_the_deployment_with_the_reason()
    {
        cloud.Simulator.Disks.Sources["http://images/none.qcow2"] = new(IsMissing: true);
        var template = await cloud.RegisterAsync("none", "http://images/none.qcow2");
        for (var i = 0; i < 2000; i++)
        {
            var reply = await cloud.CallAsync("listTemplates", ("templatefilter", "all"), ("id", template));
            if (reply.Text.Contains("There is nothing at", StringComparison.Ordinal)) break;
            await Task.Delay(50);
        }
        var refused = (await cloud.CallAsync(
            "deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", template), ("serviceofferingid", cloud.Small),
            ("networkids", await cloud.NetworkAsync("unread")), ("name", "unread"))).ShouldBe(431);
        refused.ErrorText!.ShouldContain("There is nothing at http://images/none.qcow2");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task What_is_asked_for_must_exist_and_be_in_order()
    {
        var network = await cloud.NetworkAsync("strict");
        (string, string)[] good = [("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small), ("networkids", network)];
        foreach (var unknown in new[] { "zoneid", "templateid", "serviceofferingid", "networkids" })
        {
            var id = Id.New<Zone>().ToString();
            var reply = (await cloud.CallAsync("deployVirtualMachine", [.. good.Where(p => p.Item1 != unknown), (unknown, id)])).ShouldBe(431);
            reply.ErrorText!.ShouldContain(id);
        }
        (await cloud.CallAsync("startVirtualMachine", ("id", Id.New<Zone>().ToString()))).ShouldBe(431);
        (await cloud.CallAsync("deployVirtualMachine", [.. good, ("name", "evil\u0007name")])).Status.ShouldBeOneOf(430, 431);
        (await cloud.CallAsync("deployVirtualMachine", [.. good, ("name", "-no-host-")])).ShouldBe(431);
        (await cloud.CallAsync("deployVirtualMachine", [.. good, ("ipaddress", "10.1.1.1")])).ShouldBe(431);
        (await cloud.CallAsync("listVirtualMachines", ("networkid", network))).ShouldBe(200).Body.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Two_guests_of_a_network_share_neither_name_nor_address()
    {
        var network = await cloud.NetworkAsync("twins");
        var one = await cloud.DeployAsync(network, "twin", ("ipaddress", "10.1.1.177"));
        Text(one["nic"]![0]!, "ipaddress").ShouldBe("10.1.1.177");
        (string, string)[] again = [("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small), ("networkids", network)];
        (await cloud.CallAsync("deployVirtualMachine", [.. again, ("name", "twin")])).ShouldBe(431).ErrorText!.ShouldContain("twin");
        (await cloud.CallAsync("deployVirtualMachine", [.. again, ("name", "other"), ("ipaddress", "10.1.1.177")])).ShouldBe(431).ErrorText!.ShouldContain("10.1.1.177");
        await cloud.DoneAsync("virtualmachine", "destroyVirtualMachine", ("id", Text(one, "id")));
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Another_accounts_virtual_machine_does_not_exist()
    {
        var vm = Text(await cloud.DeployAsync(await cloud.NetworkAsync("mine"), "mine"), "id");
        var stranger = await cloud.TenantAsync("stranger");
        (await cloud.AsAsync(stranger.Keys, "listVirtualMachines", ("id", vm))).ShouldBe(200).Body.Count.ShouldBe(0);
        foreach (var command in new[] { "startVirtualMachine", "stopVirtualMachine", "rebootVirtualMachine", "destroyVirtualMachine", "updateVirtualMachine" })
            (await cloud.AsAsync(stranger.Keys, command, ("id", vm))).ShouldBe(431).ErrorText!.ShouldContain(vm);
        (await StateAsync(vm)).ShouldBe("Running");
        await cloud.DoneAsync("virtualmachine", "destroyVirtualMachine", ("id", vm));
    }
}
