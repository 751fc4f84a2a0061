using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Storage;
using Stratiform.Management.Storage.Workflows;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Tests.Infrastructure;

/// <summary>What operators take away: everything says what is in the way, and a whole zone goes piece by piece.</summary>
public sealed class DeletionTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task A_zone_goes_from_its_guests_to_its_wires_and_each_piece_says_what_is_in_its_way()
    {
        var network = await cloud.NetworkAsync("last");
        var vm = (await cloud.DeployAsync(network, "last"))["id"]!.GetValue<string>();
        var host = (await cloud.ShapeAsync("virtualmachine", "listVirtualMachines", ("id", vm)))["hostid"]!.GetValue<string>();
        var (pod, cluster, pool) = (await IdAsync("pod", "listPods"), await IdAsync("cluster", "listClusters"), await IdAsync("storagepool", "listStoragePools"));
        var (wires, range) = (await IdAsync("physicalnetwork", "listPhysicalNetworks"), await IdAsync("vlaniprange", "listVlanIpRanges"));

        await RefusedAsync("1 virtual machines and ", "deleteHost", ("id", host));
        await RefusedAsync("1 virtual machines and ", "deleteHost", ("id", host), ("forced", "true"));
        await RefusedAsync("); delete it first (expungeVirtualMachine)", "deleteStoragePool", ("id", pool));
        await RefusedAsync("has 1 virtual machine; delete it first", "deleteZone", ("id", cloud.Zone));
        await RefusedAsync("has 10 hosts; delete them first (deleteHost)", "deleteCluster", ("id", cluster));
        await RefusedAsync("has 1 cluster; delete it first (deleteCluster)", "deletePod", ("id", pod));
        await RefusedAsync("1 of the 51 addresses", "deleteVlanIpRange", ("id", range));
        await RefusedAsync("has 1 network; delete it first (deleteNetwork)", "deletePhysicalNetwork", ("id", wires));
        (await cloud.CallAsync("deleteTemplate", ("id", cloud.Template))).ShouldBe(431).ErrorText!.ShouldContain("1 virtual machines started from");

        await DoneAsync("destroyVirtualMachine", ("id", vm), ("expunge", "true"));
        await DoneAsync("deleteNetwork", ("id", network));
        await RefusedAsync("has 1 image that lies in no image store and on no other pool: ", "deleteStoragePool", ("id", pool));
        (await RemovePoolAsync(pool)).ShouldContain("has 1 image that lies in no image store and on no other pool: ");
        (await cloud.ShapeAsync("storagepool", "listStoragePools"))["state"]!.GetValue<string>().ShouldBe("Up");
        await DoneAsync("deleteTemplate", ("id", cloud.Template));
        (await cloud.CallAsync("listTemplates", ("templatefilter", "all"))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.CallAsync("deleteStoragePool", ("id", pool))).ShouldBe(200);
        foreach (var content in cloud.Simulator.Disks.Contents.Values) lock (content) content.Images.ShouldBeEmpty();
        (await cloud.CallAsync("deleteVlanIpRange", ("id", range))).ShouldBe(200);
        (await cloud.CallAsync("listPublicIpAddresses", ("allocatedonly", "false"))).ShouldBe(200).Body.Count.ShouldBe(0);
        await DoneAsync("deletePhysicalNetwork", ("id", wires));
        foreach (var one in (await cloud.CallAsync("listHosts")).ShouldBe(200).Body["host"]!.AsArray())
            (await cloud.CallAsync("deleteHost", ("id", one!["id"]!.GetValue<string>()))).ShouldBe(200);
        cloud.Simulator[1].Pools.Pools.ShouldBeEmpty();
        (await cloud.CallAsync("deleteCluster", ("id", cluster))).ShouldBe(200);
        (await cloud.CallAsync("deletePod", ("id", pod))).ShouldBe(200);
        (await cloud.CallAsync("deleteZone", ("id", cloud.Zone))).ShouldBe(200);
        (await cloud.CallAsync("listZones")).ShouldBe(200).Body.Count.ShouldBe(0);
        await cloud.ShouldBeCleanAsync();
    }

    // As when the copy became the last one after the command had looked.
    private async Task<string> RemovePoolAsync(string id)
    {
        await using var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CloudDb>();
        var pool = await db.Set<StoragePool>().SingleAsync(p => p.Id == new Id<StoragePool>(Guid.Parse(id)));
        var images = await db.Set<PoolImage>().Where(i => i.PoolId == pool.Id).ToListAsync();
        var row = scope.ServiceProvider.GetRequiredService<WorkflowQueue>().Enqueue(RemovePool.For(pool, [], images), AskedBy.Cloud);
        await db.SaveChangesAsync();
        for (var i = 0; i < 4000 && row.EndedAt is null; i++)
        {
            await Task.Delay(25);
            await db.Entry(row).ReloadAsync();
        }
        return row.ErrorText ?? "";
    }

    private async Task<string> IdAsync(string shape, string command) => (await cloud.ShapeAsync(shape, command))["id"]!.GetValue<string>();

    private async Task RefusedAsync(string why, string command, params (string Name, string Value)[] parameters)
    {
        var reply = await cloud.CallAsync(command, parameters);
        if (reply.Body["jobid"] is null) reply.ShouldBe(536).ErrorText!.ShouldContain(why);
        else throw new InvalidOperationException($"{command} was begun");
    }

    private async Task DoneAsync(string command, params (string Name, string Value)[] parameters)
    {
        var job = await cloud.JobAsync(command, parameters);
        job["jobstatus"]!.GetValue<int>().ShouldBe(1, job.ToJsonString());
    }
}
