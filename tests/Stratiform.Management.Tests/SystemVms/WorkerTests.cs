using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Stratiform.Agent.Storage;
using Stratiform.Management.Images;
using Stratiform.Management.Images.Workflows;
using Stratiform.Management.SystemVms;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Tests.SystemVms;

/// <summary>Secondary storage VMs: a zone with a store has them, as many as its transfers ask for, and losing one costs nothing.</summary>
public sealed class WorkerTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>, IAsyncLifetime
{
    private string _store = "";

    public async Task InitializeAsync() => _store = (await cloud.ShapeAsync(
        "imagestore", "addImageStore", ("zoneid", cloud.Zone), ("provider", "NFS"), ("url", $"nfs://192.0.2.1/{Id.New<ImageStore>()}")))["id"]!.GetValue<string>();

    public async Task DisposeAsync()
    {
        foreach (var name in new[] { "secstorage.session.max", "secstorage.capacity.standby", "secstorage.vm.scale.down.quiet", "storage.max.volume.upload.size" })
            (await cloud.CallAsync("resetConfiguration", ("name", name))).ShouldBe(200);
        (await cloud.CallAsync("updateImageStore", ("id", _store), ("readonly", "true"))).ShouldBe(200);
    }

    [Fact]
    public async Task A_worker_is_listed_stopped_started_rebooted_and_comes_back_when_it_is_destroyed()
    {
        var worker = await RunningAsync(1);
        var id = worker[0]["id"]!.GetValue<string>();
        var shown = await IdleAsync(("id", id), ("systemvmtype", "secondarystoragevm"), ("zoneid", cloud.Zone));
        shown["name"]!.GetValue<string>().ShouldStartWith("s-");
        shown["agentstate"]!.GetValue<string>().ShouldBe("Up");
        shown["privateip"]!.GetValue<string>().ShouldStartWith("10.0.0.");
        shown["publicip"]!.GetValue<string>().ShouldMatch(@"^(203\.0\.113|198\.51\.100)\.");
        shown["podname"]!.GetValue<string>().ShouldBe("pod");
        (await cloud.ShapeAsync("publicipaddress", "listPublicIpAddresses", ("allocatedonly", "false"), ("ipaddress", shown["publicip"]!.GetValue<string>())))
            .ShouldSatisfyAllConditions(ip => ip["issystem"]!.GetValue<bool>().ShouldBeTrue(), ip => ip["state"]!.GetValue<string>().ShouldBe("Allocated"));

        (await cloud.CallAsync("startSystemVm", ("id", id))).ShouldBe(431).ErrorText!.ShouldContain("is Running; to start it, it must be Stopped");
        (await cloud.DoneAsync("systemvm", "rebootSystemVm", ("id", id)))["state"]!.GetValue<string>().ShouldBe("Running");
        (await cloud.DoneAsync("systemvm", "stopSystemVm", ("id", id)))["state"]!.GetValue<string>().ShouldBe("Stopped");
        (await RunningAsync(1)).ShouldNotContain(w => w["id"]!.GetValue<string>() == id, "another takes its place");
        (await cloud.DoneAsync("systemvm", "startSystemVm", ("id", id)))["state"]!.GetValue<string>().ShouldBe("Running");
        (await cloud.JobAsync("destroySystemVm", ("id", id)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("listSystemVms", ("id", id))).ShouldBe(200).Body.Count.ShouldBe(0);
        await RunningAsync(1);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_worker_gets_an_address_that_is_for_system_VMs_and_none_of_a_VLAN()
    {
        (string, string)[] range = [("zoneid", cloud.Zone), ("netmask", "255.255.255.0")];
        (await cloud.CallAsync("createVlanIpRange", [.. range, ("gateway", "192.0.2.1"), ("startip", "192.0.2.10"), ("vlan", "5")])).ShouldBe(200);
        (await cloud.CallAsync("createVlanIpRange", [.. range, ("gateway", "198.51.100.1"), ("startip", "198.51.100.10"), ("forsystemvms", "true")])).ShouldBe(200);
        var id = (await RunningAsync(1))[0]["id"]!.GetValue<string>();
        (await cloud.JobAsync("destroySystemVm", ("id", id)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await RunningAsync(1)).Select(w => w["publicip"]!.GetValue<string>()).ShouldBe(["198.51.100.10"]);
    }

    [Theory]
    [InlineData(60, 120)]
    [InlineData(1, 100)]
    public async Task A_worker_boots_with_a_scratch_disk_for_two_of_the_largest_images(int largestVolumeGib, long scratchGib)
    {
        (await cloud.CallAsync("updateConfiguration", ("name", "storage.max.volume.upload.size"), ("value", $"{largestVolumeGib}"))).ShouldBe(200);
        var id = (await RunningAsync(1))[0]["id"]!.GetValue<string>();
        await cloud.DoneAsync("systemvm", "rebootSystemVm", ("id", id));
        cloud.Simulator.Hosts.Sum(host => host.Hypervisor.ScratchBytesOf(Guid.Parse(id))).ShouldBe(scratchGib << 30);
    }

    [Fact]
    public async Task Workers_come_with_transfers_share_them_and_go_when_it_is_quiet()
    {
        foreach (var (name, value) in new[] { ("secstorage.session.max", "2"), ("secstorage.capacity.standby", "2"), ("secstorage.vm.scale.down.quiet", "1") })
            (await cloud.CallAsync("updateConfiguration", ("name", name), ("value", value))).ShouldBe(200);
        await RunningAsync(1);
        Store().IsSlow = true;
        var templates = new List<string>();
        for (var i = 0; i < 8; i++) templates.Add(await cloud.RegisterAsync($"slow{i}", $"http://images/slow{i}.qcow2"));
        var workers = await UntilAsync(async () => await ListAsync(), all => all.Count == 5 && all.Sum(w => w["activetransfersessions"]!.GetValue<int>()) == 8);
        workers.ShouldAllBe(w => w["activetransfersessions"]!.GetValue<int>() <= 2);

        (await cloud.MetricsAsync()).ShouldContain("stratiform_worker_transfers{worker=\"s-");

        // One is lost in the middle: its transfers go on elsewhere.
        var lost = workers.First(w => w["activetransfersessions"]!.GetValue<int>() == 2);
        Domain(lost, PowerState.Crashed);
        await UntilAsync(async () => await ListAsync(), all => all.Sum(w => w["activetransfersessions"]!.GetValue<int>()) == 8 && all.All(w => w["agentstate"]!.GetValue<string>() == "Up"));
        Store().IsSlow = false;
        foreach (var template in templates) await ReadyAsync(template);
        await UntilAsync(async () => await ListAsync(), all => all.Count == 1);
        foreach (var template in templates) await cloud.JobAsync("deleteTemplate", ("id", template));
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_transfer_that_comes_back_to_a_rebooted_worker_counts_again()
    {
        var worker = (await RunningAsync(1))[0]["id"]!.GetValue<string>();
        Store().IsSlow = true;
        var template = await cloud.RegisterAsync("again", "http://images/again.qcow2");
        await UntilAsync(ListAsync, all => all.Sum(w => w["activetransfersessions"]!.GetValue<int>()) == 1);
        (await cloud.DoneAsync("systemvm", "rebootSystemVm", ("id", worker)))["state"]!.GetValue<string>().ShouldBe("Running");
        await UntilAsync(ListAsync, all => all is [var only] && only["activetransfersessions"]!.GetValue<int>() == 1);
        Store().IsSlow = false;
        await ReadyAsync(template);
        await cloud.JobAsync("deleteTemplate", ("id", template));
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task What_is_deleted_on_its_way_its_worker_drops()
    {
        foreach (var (name, value) in new[] { ("secstorage.session.max", "2"), ("secstorage.capacity.standby", "0"), ("secstorage.vm.scale.down.quiet", "1") })
            (await cloud.CallAsync("updateConfiguration", ("name", name), ("value", value))).ShouldBe(200);
        await RunningAsync(1);
        Store().IsSlow = true;
        var templates = new List<string>();
        for (var i = 0; i < 4; i++) templates.Add(await cloud.RegisterAsync($"dropped{i}", $"http://images/dropped{i}.qcow2"));
        await UntilAsync(ListAsync, all => all.Count == 2 && all.All(w => w["activetransfersessions"]!.GetValue<int>() == 2));
        await UntilAsync(ListAsync, _ => Parts() == 4);
        foreach (var template in templates) await cloud.JobAsync("deleteTemplate", ("id", template));
        await UntilAsync(ListAsync, all => all.Sum(w => w["activetransfersessions"]!.GetValue<int>()) == 0);
        await using (var db = cloud.Open())
        {
            (await db.Set<StoreImage>().CountAsync(i => !i.Ready)).ShouldBe(0);
            (await db.Set<WorkflowRow>().Where(w => w.Kind == nameof(CopyImageToStore) && w.Phase == Phase.Failed).Select(w => w.ErrorText).ToListAsync())
                .ShouldBe([.. Enumerable.Range(0, 4).Select(i => $"The template dropped{i} was deleted before it had come.")], ignoreOrder: true);
        }
        Parts().ShouldBe(0);
        foreach (var host in cloud.Simulator.Hosts) (await host.Workers.ReadAllAsync(CancellationToken.None)).ShouldAllBe(worker => worker.Jobs.Count == 0);
        Store().IsSlow = false;
        await UntilAsync(ListAsync, all => all.Count == 1);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Storage_addresses_are_given_listed_and_taken_back()
    {
        var pod = (await cloud.ShapeAsync("pod", "listPods"))["id"]!.GetValue<string>();
        (string, string)[] range = [("podid", pod), ("gateway", "10.7.0.1"), ("netmask", "255.255.255.0"), ("startip", "10.7.0.10"), ("endip", "10.7.0.20")];
        (await cloud.CallAsync("createStorageNetworkIpRange", range)).ShouldBe(431).ErrorText!.ShouldContain("add the traffic type Storage");
        var wires = (await cloud.ShapeAsync("physicalnetwork", "listPhysicalNetworks"))["id"]!.GetValue<string>();
        (await cloud.CallAsync("addTrafficType", ("physicalnetworkid", wires), ("traffictype", "Storage"))).ShouldBe(200);
        var made = await cloud.DoneAsync("storagenetworkiprange", "createStorageNetworkIpRange", range);
        (made["startip"]!.GetValue<string>(), made["endip"]!.GetValue<string>(), made["netmask"]!.GetValue<string>()).ShouldBe(("10.7.0.10", "10.7.0.20", "255.255.255.0"));
        (await cloud.CallAsync("createStorageNetworkIpRange", range)).ShouldBe(431).ErrorText!.ShouldContain("shares addresses with the range 10.7.0.10 to 10.7.0.20");
        (await cloud.ShapeAsync("storagenetworkiprange", "listStorageNetworkIpRange", ("podid", pod), ("zoneid", cloud.Zone)))["id"]!.GetValue<string>()
            .ShouldBe(made["id"]!.GetValue<string>());
        (await cloud.JobAsync("deleteStorageNetworkIpRange", ("id", made["id"]!.GetValue<string>())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("listStorageNetworkIpRange")).ShouldBe(200).Body.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(50, 10, 0, 1)]
    [InlineData(50, 10, 40, 1)]
    [InlineData(50, 10, 41, 2)]
    [InlineData(2, 2, 8, 5)]
    [InlineData(2, 0, 0, 1)]
    [InlineData(50, 10, 2000, 41)]
    public void There_are_as_many_as_the_formula_says(int max, int standby, int active, int wanted) =>
        new WorkerScale(max, standby).Wanted(active).ShouldBe(wanted);

    private FakeStore Store() => cloud.Simulator.Disks.Store(Url());

    private int Parts()
    {
        var store = Store();
        lock (store) return store.Parts.Count;
    }

    private string Url()
    {
        using var db = cloud.Open();
        return db.Set<ImageStore>().Single(s => s.Id == new Id<ImageStore>(Guid.Parse(_store))).Url;
    }

    private void Domain(JsonObject worker, PowerState power)
    {
        var id = Guid.Parse(worker["id"]!.GetValue<string>());
        using var db = cloud.Open();
        var host = db.Set<SystemVm>().Where(v => v.Id == new Id<SystemVm>(id)).Join(db.Set<Management.Infrastructure.Host>(), v => v.HostId, h => h.Id, (_, h) => h.Address).Single();
        cloud.Simulator[int.Parse(host.Segments[^1], System.Globalization.CultureInfo.InvariantCulture)].Hypervisor.SetPower(id, power);
    }

    // The first template may still be on its way.
    private async Task<JsonObject> IdleAsync(params (string Name, string Value)[] which)
    {
        for (var look = 0; ; look++)
        {
            var shown = await cloud.ShapeAsync("systemvm", "listSystemVms", which);
            if (shown["activetransfersessions"]!.GetValue<int>() == 0 || look == 6000) return shown;
            await Task.Delay(50);
        }
    }

    private async Task<List<JsonObject>> ListAsync()
    {
        var body = (await cloud.CallAsync("listSystemVms", ("systemvmtype", "secondarystoragevm"))).ShouldBe(200).Body;
        return [.. (body["systemvm"]?.AsArray() ?? []).Select(w => w!.AsObject())];
    }

    private Task<List<JsonObject>> RunningAsync(int count) => UntilAsync(
        async () => [.. (await ListAsync()).Where(w => w["state"]!.GetValue<string>() == "Running" && w["agentstate"]!.GetValue<string>() == "Up")],
        all => all.Count == count);

    private Task<List<JsonObject>> ReadyAsync(string template) => UntilAsync(
        async () => [await cloud.ShapeAsync("template", "listTemplates", ("templatefilter", "all"), ("id", template))],
        all => all[0]["isready"]!.GetValue<bool>());

    private static async Task<List<JsonObject>> UntilAsync(Func<Task<List<JsonObject>>> read, Func<List<JsonObject>, bool> holds)
    {
        for (var i = 0; ; i++)
        {
            var seen = await read();
            if (holds(seen)) return seen;
            if (i == 3000) throw new TimeoutException(string.Join('\n', seen));
            await Task.Delay(100);
        }
    }
}
