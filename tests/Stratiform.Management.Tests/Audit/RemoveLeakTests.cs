using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Stratiform.Agent.Compute;
using Stratiform.Agent.Fencing;
using Stratiform.Agent.Storage;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Management.Storage;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;
using Stratiform.Simulator;
using Stratiform.Workflows;

namespace Stratiform.Management.Tests.Audit;

/// <summary>What nobody owns goes by an operator's word, wherever it lies; what somebody owns stays, whatever is asked for.</summary>
public sealed class RemoveLeakTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private const string Store = "nfs://192.0.2.1/stores/leaking";

    [Fact]
    public async Task Leaks_of_every_kind_are_removed_and_what_has_an_owner_stays()
    {
        var store = (await cloud.ShapeAsync("imagestore", "addImageStore", ("zoneid", cloud.Zone), ("name", "leaking"), ("provider", "NFS"), ("url", Store)))["id"]!.GetValue<string>();
        var template = await cloud.RegisterAsync("leaking", "http://images/leaking.qcow2");
        var vm = await cloud.DeployAsync(await cloud.NetworkAsync("leaking"), "leaking", ("templateid", template));
        await cloud.ShouldBeCleanAsync();
        var host = vm["hostid"]!.GetValue<string>();
        var pool = (await cloud.ShapeAsync("storagepool", "listStoragePools"))["id"]!.GetValue<string>();

        foreach (var owned in await OwnedAsync(Guid.Parse(vm["id"]!.GetValue<string>()), host, pool, store))
        {
            var kept = await RemoveAsync(owned);
            kept["jobstatus"]!.GetValue<int>().ShouldBe(2, owned.Kind);
            kept["jobresult"]!["errortext"]!.GetValue<string>().ShouldContain("it stays");
        }
        await cloud.ShouldBeCleanAsync();

        await LeakAsync(MachineOf(await HostNameAsync(host)), Guid.Parse(pool));
        var leaks = await LeaksAsync();
        leaks.Select(l => l.Kind).Order(StringComparer.Ordinal).ShouldBe(["domain", "image", "image", "network", "volume"]);
        leaks.Select(l => l.WhereId).Distinct().Order(StringComparer.Ordinal).ShouldBe(new[] { host, pool, store }.Order(StringComparer.Ordinal));
        var busy = leaks.Single(l => l.Kind == "volume");
        var work = await WorkOnAsync(Guid.Parse(busy.Id));
        (await RemoveAsync(busy))["jobresult"]!["errortext"]!.GetValue<string>().ShouldContain("belongs to work under way");
        await EndAsync(work);

        foreach (var leak in leaks) (await RemoveAsync(leak))["jobstatus"]!.GetValue<int>().ShouldBe(1, leak.Kind);
        await cloud.ShouldBeCleanAsync();
        (await RemoveAsync(busy))["jobstatus"]!.GetValue<int>().ShouldBe(1, "what is gone is gone");
    }

    [Fact]
    public async Task What_cannot_be_taken_away_is_refused_with_what_can()
    {
        var pool = (await cloud.ShapeAsync("storagepool", "listStoragePools"))["id"]!.GetValue<string>();
        var id = Id.New<Volume>().ToString();
        (await cloud.CallAsync("removeLeak", ("whereid", pool), ("kind", "job"), ("id", id))).ShouldBe(431).ErrorText!
            .ShouldContain("is none of domain, network, volume, image");
        foreach (var kind in new[] { "domain", "network" })
            (await cloud.CallAsync("removeLeak", ("whereid", pool), ("kind", kind), ("id", id))).ShouldBe(431).ErrorText!.ShouldContain("whereid");
        foreach (var kind in new[] { "volume", "image" })
            (await cloud.CallAsync("removeLeak", ("whereid", id), ("kind", kind), ("id", id))).ShouldBe(431).ErrorText!.ShouldContain("whereid");
    }

    private Task<JsonObject> RemoveAsync(Found thing) =>
        cloud.JobAsync("removeLeak", ("whereid", thing.WhereId), ("kind", thing.Kind), ("id", thing.Id));

    private async Task<IReadOnlyList<Found>> OwnedAsync(Guid vm, string host, string pool, string store)
    {
        await using var db = cloud.Open();
        var disk = await db.Set<Volume>().SingleAsync(v => v.VirtualMachineId == vm);
        var at = new Id<Host>(Guid.Parse(host));
        var network = await db.Set<NetworkOnHost>().Where(n => n.HostId == at && n.Ready).Select(n => n.NetworkId).FirstAsync();
        var image = await db.Set<StoreImage>().Where(i => i.TemplateId == disk.TemplateId).Select(i => i.ObjectId).SingleAsync();
        return
        [
            new(host, "domain", vm.ToString()), new(host, "network", network.ToString()), new(pool, "volume", disk.Id.ToString()),
            new(pool, "image", PoolImage.IdOf(disk.TemplateId!.Value, disk.PoolId!.Value).ToString()), new(store, "image", image.ToString()),
        ];
    }

    private async Task LeakAsync(SimulatedHost machine, Guid pool)
    {
        var (domain, network) = (Id.New<Host>().Value, Id.New<Host>().Value);
        var like = (await machine.Hypervisor.ReadAllAsync(CancellationToken.None))[0].Spec;
        await machine.Hypervisor.EnsureAsync(new DomainPlan(like with { Id = domain, Nics = [] }, [], []), CancellationToken.None);
        // As a virtual machine's that is gone.
        await machine.Agent.Fences.RecordAsync($"{SubjectKinds.VirtualMachine}/{domain}", 1, new Thing($"domain/{domain}"), CancellationToken.None);
        var wire = new EnsureNetwork { NetworkId = network, Traffic = TrafficType.Guest, Vni = 4999, Mtu = 1450 };
        await machine.Fabric.EnsureAsync(wire, CancellationToken.None);
        var content = cloud.Simulator.Disks.Contents[pool];
        lock (content)
        {
            content.Volumes[Id.New<Volume>().Value] = new FakeVolume(1 << 30, null);
            content.Images[Id.New<PoolImage>().Value] = new FakeSource();
        }
        var store = cloud.Simulator.Disks.Store(Store);
        lock (store) store.Images[Id.New<StoreImage>().Value] = new FakeStoreImage(new FakeSource(), TimeProvider.System.GetUtcNow());
    }

    private async Task<List<Found>> LeaksAsync()
    {
        var audit = (await cloud.CallAsync("auditCloud")).ShouldBe(200).Body["audit"]!;
        var leaks = (audit["leaks"]?.AsArray() ?? []).Select(l => l!).ToList();
        leaks.ShouldAllBe(l => l["removable"]!.GetValue<bool>());
        return [.. leaks.Select(l => new Found(l["whereid"]!.GetValue<string>(), l["kind"]!.GetValue<string>(), l["id"]!.GetValue<string>()))];
    }

    private async Task<string> HostNameAsync(string host) => (await cloud.ShapeAsync("host", "listHosts", ("id", host)))["name"]!.GetValue<string>();

    private SimulatedHost MachineOf(string name) => cloud.Simulator[int.Parse(name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..], null)];

    private async Task<Guid> WorkOnAsync(Guid thing)
    {
        await using var db = cloud.Open();
        var now = TimeProvider.System.GetUtcNow();
        var row = new WorkflowRow { Id = Id.New<WorkflowRow>().Value, Kind = "StartVm", Version = 1, State = "{}", Step = "MarkStarting", InstanceId = thing, Due = now.AddHours(1), CreatedAt = now };
        db.Add(row);
        await db.SaveChangesAsync();
        return row.Id;
    }

    private async Task EndAsync(Guid workflow)
    {
        await using var db = cloud.Open();
        await db.Set<WorkflowRow>().Where(w => w.Id == workflow)
            .ExecuteUpdateAsync(set => set.SetProperty(w => w.EndedAt, TimeProvider.System.GetUtcNow()).SetProperty(w => w.Phase, Phase.Failed));
    }

    private sealed record Found(string WhereId, string Kind, string Id);
}
