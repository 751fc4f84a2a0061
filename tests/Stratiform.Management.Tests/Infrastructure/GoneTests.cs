using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Management.Images;
using Stratiform.Management.Images.Reconcilers;
using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Infrastructure;

/// <summary>Hosts that are lost, templates that are deleted in use, pools and clusters that take nothing more.</summary>
public sealed class GoneTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task A_silent_host_is_forgotten_by_force_only()
    {
        var host = (await cloud.ShapeAsync("host", "listHosts", ("name", "sim-10")))["id"]!.GetValue<string>();
        cloud.Simulator[10].Die();
        await EventuallyAsync(async () => (await cloud.ShapeAsync("host", "listHosts", ("id", host)))["state"]!.GetValue<string>() == "Disconnected");
        (await cloud.CallAsync("deleteHost", ("id", host))).ShouldBe(534).ErrorText!.ShouldContain("say forced=true");
        (await cloud.CallAsync("deleteHost", ("id", host), ("forced", "true"))).ShouldBe(200);
        (await cloud.CallAsync("listHosts", ("id", host))).ShouldBe(200).Body.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Copies_of_a_deleted_template_stay_while_a_disk_needs_them_and_are_collected_then()
    {
        var template = await cloud.RegisterAsync("brief", "http://images/brief.qcow2");
        var vm = (await cloud.DeployAsync(await cloud.NetworkAsync("brief"), "brief", ("templateid", template)))["id"]!.GetValue<string>();
        var job = await cloud.JobAsync("deleteTemplate", ("id", template), ("forced", "true"));
        job["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", template), ("serviceofferingid", cloud.Small))).ShouldBe(431);
        await CollectAsync();
        (await CopiesAsync(template)).ShouldBe(1);
        await cloud.JobAsync("rebootVirtualMachine", ("id", vm));
        await cloud.JobAsync("destroyVirtualMachine", ("id", vm), ("expunge", "true"));
        await EventuallyAsync(async () =>
        {
            await CollectAsync();
            return await CopiesAsync(template) == 0;
        });
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_virtual_machine_that_never_started_keeps_the_copy_of_its_deleted_template()
    {
        var template = await cloud.RegisterAsync("early", "http://images/early.qcow2");
        var vm = await cloud.DeployAsync(await cloud.NetworkAsync("early"), "early", ("templateid", template), ("startvm", "false"));
        var id = vm["id"]!.GetValue<string>();
        await EventuallyAsync(async () => await CopiesAsync(template) == 1);
        await cloud.JobAsync("deleteTemplate", ("id", template), ("forced", "true"));
        await CollectAsync();
        (await CopiesAsync(template)).ShouldBe(1);
        (await cloud.JobAsync("startVirtualMachine", ("id", id)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        await cloud.JobAsync("destroyVirtualMachine", ("id", id), ("expunge", "true"));
    }

    [Fact]
    public async Task A_disabled_pool_cluster_or_pod_takes_nothing_more()
    {
        var pool = (await cloud.ShapeAsync("storagepool", "listStoragePools"))["id"]!.GetValue<string>();
        var network = await cloud.NetworkAsync("shut");
        var vm = (await cloud.DeployAsync(network, "before"))["id"]!.GetValue<string>();
        (await cloud.ShapeAsync("storagepool", "updateStoragePool", ("id", pool), ("enabled", "false"), ("tags", "slow")))["state"]!.GetValue<string>().ShouldBe("Disabled");
        await NoRoomAsync(network);
        await cloud.JobAsync("stopVirtualMachine", ("id", vm), ("forced", "true"));
        (await cloud.JobAsync("startVirtualMachine", ("id", vm)))["jobstatus"]!.GetValue<int>().ShouldBe(1, "its disk stays in use");
        (await cloud.ShapeAsync("storagepool", "updateStoragePool", ("id", pool), ("enabled", "true"), ("tags", "")))["state"]!.GetValue<string>().ShouldBe("Up");
        foreach (var (shape, list, update) in new[] { ("cluster", "listClusters", "updateCluster"), ("pod", "listPods", "updatePod") })
        {
            var id = (await cloud.ShapeAsync(shape, list))["id"]!.GetValue<string>();
            (await cloud.ShapeAsync(shape, update, ("id", id), ("allocationstate", "Disabled")))["allocationstate"]!.GetValue<string>().ShouldBe("Disabled");
            await NoRoomAsync(network);
            await cloud.ShapeAsync(shape, update, ("id", id), ("allocationstate", "Enabled"));
        }
        await cloud.JobAsync("destroyVirtualMachine", ("id", vm), ("expunge", "true"));
    }

    [Fact]
    public async Task Offerings_pods_and_clusters_are_renamed()
    {
        var offering = await cloud.ShapeAsync("diskoffering", "createDiskOffering", ("name", "disk"), ("disksize", "1"));
        var renamed = await cloud.ShapeAsync("diskoffering", "updateDiskOffering", ("id", offering["id"]!.GetValue<string>()), ("displaytext", "a disk"));
        renamed["displaytext"]!.GetValue<string>().ShouldBe("a disk");
        var cluster = (await cloud.ShapeAsync("cluster", "listClusters"))["id"]!.GetValue<string>();
        (await cloud.ShapeAsync("cluster", "updateCluster", ("id", cluster), ("clustername", "east")))["name"]!.GetValue<string>().ShouldBe("east");
        var pod = (await cloud.ShapeAsync("pod", "listPods"))["id"]!.GetValue<string>();
        (await cloud.ShapeAsync("pod", "updatePod", ("id", pod), ("name", "rack-1")))["name"]!.GetValue<string>().ShouldBe("rack-1");
        (await cloud.CallAsync("updatePod", ("id", pod), ("startip", "10.0.0.50"), ("endip", "10.0.0.40"))).ShouldBe(431).ErrorText!.ShouldContain("endip lies before");
    }

    private async Task NoRoomAsync(string network)
    {
        var job = await cloud.JobAsync("deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", cloud.Template),
            ("serviceofferingid", cloud.Small), ("networkids", network));
        job["jobstatus"]!.GetValue<int>().ShouldBe(2);
        job["jobresult"]!["errorcode"]!.GetValue<int>().ShouldBe(533, job.ToJsonString());
        await cloud.JobAsync("destroyVirtualMachine", ("id", job["jobinstanceid"]!.GetValue<string>()), ("expunge", "true"));
    }

    private async Task CollectAsync()
    {
        await using var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<ImageGc>(scope.ServiceProvider).ReconcileAsync(CancellationToken.None);
    }

    private async Task<int> CopiesAsync(string template)
    {
        await using var db = cloud.Open();
        var id = new Protocol.Id<Template>(Guid.Parse(template));
        return await db.Set<PoolImage>().CountAsync(i => i.TemplateId == id);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        for (var i = 0; i < 4000; i++)
        {
            if (await holds()) return;
            await Task.Delay(100);
        }
        throw new TimeoutException();
    }
}
