using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Agent.Storage;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.SystemVms;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.SystemVms;

/// <summary>Sizes of secondary storage VMs: offerings of their own, chosen for all or for one, and changed without interrupting a transfer.</summary>
public sealed class WorkerSizeTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>, IAsyncLifetime
{
    private const string Setting = "secstorage.service.offering";
    private static readonly string[] Settings = [Setting, "secstorage.session.max", "secstorage.capacity.standby", "secstorage.vm.scale.down.quiet"];
    private string _store = "";

    public async Task InitializeAsync()
    {
        _store = (await cloud.ShapeAsync(
            "imagestore", "addImageStore", ("zoneid", cloud.Zone), ("provider", "NFS"), ("url", $"nfs://192.0.2.1/{Id.New<ImageStore>()}")))["id"]!.GetValue<string>();
        await SetAsync("secstorage.vm.scale.down.quiet", "1");
        await UntilAsync(ListAsync, all => all is [var only] && IsUp(only));
    }

    public async Task DisposeAsync()
    {
        foreach (var name in Settings) (await cloud.CallAsync("resetConfiguration", ("name", name))).ShouldBe(200);
        (await cloud.CallAsync("updateImageStore", ("id", _store), ("readonly", "true"))).ShouldBe(200);
    }

    [Fact]
    public async Task Offerings_of_system_vms_are_made_listed_renamed_and_deleted_by_root_administrators_alone()
    {
        var big = await OfferingAsync("big", 2, 512);
        var shown = await cloud.ShapeAsync("serviceoffering", "listServiceOfferings", ("issystem", "true"), ("id", big), ("systemvmtype", "SecondaryStorageVm"));
        (shown["systemvmtype"]!.GetValue<string>(), shown["issystem"]!.GetValue<bool>(), shown["defaultuse"]!.GetValue<bool>()).ShouldBe(("secondarystoragevm", true, false));
        var builtIn = await cloud.ShapeAsync("serviceoffering", "listServiceOfferings", ("issystem", "true"), ("name", "System Offering For Secondary Storage VM"));
        (builtIn["cpunumber"]!.GetValue<int>(), builtIn["cpuspeed"]!.GetValue<int>(), builtIn["memory"]!.GetValue<int>()).ShouldBe((1, 500, 256));
        (await cloud.CallAsync("listServiceOfferings", ("issystem", "true"), ("systemvmtype", "consoleproxy"))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.CallAsync("listServiceOfferings", ("id", big))).ShouldBe(200).Body.Count.ShouldBe(0);

        var tenant = await cloud.TenantAsync("sized");
        (await cloud.AsAsync(tenant.Keys, "listServiceOfferings", ("id", big))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.AsAsync(tenant.Keys, "listServiceOfferings", ("issystem", "true"))).ErrorText!.ShouldContain("Only administrators");
        (await cloud.AsAsync(tenant.Keys, "createServiceOffering", Sized("mine", 1, 256))).ShouldBe(401);
        (await cloud.CallAsync("deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", big), ("name", "no")))
            .ShouldBe(431).ErrorText!.ShouldContain("is for system VMs");

        (await cloud.CallAsync("createServiceOffering", Sized("low", 1, 128))).ShouldBe(431).ErrorText!.ShouldContain("at least 256 MiB");
        (await cloud.CallAsync("createServiceOffering", [.. Sized("low", 1, 256).Where(p => p.Name != "systemvmtype")])).ShouldBe(431).ErrorText!.ShouldContain("systemvmtype");
        (await cloud.CallAsync("createServiceOffering", [.. Sized("low", 1, 256).Where(p => p.Name != "systemvmtype"), ("systemvmtype", "consoleproxy")]))
            .ShouldBe(431).ErrorText!.ShouldContain("consoleproxy is not supported");
        (await cloud.CallAsync("createServiceOffering", [.. Sized("low", 1, 256).Where(p => p.Name != "issystem")])).ShouldBe(431).ErrorText!.ShouldContain("issystem=true");
        (await cloud.CallAsync("createServiceOffering", [.. Sized("low", 1, 256), ("rootdisksize", "5")])).ShouldBe(431).ErrorText!.ShouldContain("have none");

        (await cloud.CallAsync("deleteServiceOffering", ("id", builtIn["id"]!.GetValue<string>()))).ShouldBe(431).ErrorText!.ShouldContain("it stays");
        (await cloud.CallAsync("updateServiceOffering", ("id", big), ("name", "bigger"))).ShouldBe(200);
        (await cloud.CallAsync("deleteServiceOffering", ("id", big))).ShouldBe(200);
        (await cloud.CallAsync("listServiceOfferings", ("issystem", "true"), ("id", big))).ShouldBe(200).Body.Count.ShouldBe(0);
    }

    [Fact]
    public async Task The_setting_names_an_offering_that_there_is_and_holds_it()
    {
        foreach (var wrong in new[] { "nonsense", cloud.Small, Guid.Empty.ToString() })
            (await cloud.CallAsync("updateConfiguration", ("name", Setting), ("value", wrong))).ShouldBe(431).ErrorText!.ShouldContain("names no offering of secondary storage VMs");
        var (one, two) = (await OfferingAsync("twice", 1, 256), await OfferingAsync("twice", 1, 256));
        (await cloud.CallAsync("updateConfiguration", ("name", Setting), ("value", "twice"))).ShouldBe(431).ErrorText!.ShouldContain("several offerings");
        (await cloud.CallAsync("deleteServiceOffering", ("id", one))).ShouldBe(200);
        await SetAsync(Setting, "twice");
        (await cloud.CallAsync("deleteServiceOffering", ("id", two))).ShouldBe(431).ErrorText!.ShouldContain($"{Setting} names the offering twice");
        (await cloud.CallAsync("updateServiceOffering", ("id", two), ("name", "once"))).ShouldBe(431).ErrorText!.ShouldContain("names the offering");
        await SetAsync(Setting, two);
        (await cloud.CallAsync("updateServiceOffering", ("id", two), ("name", "once"))).ShouldBe(200);
        (await cloud.CallAsync("deleteServiceOffering", ("id", two))).ShouldBe(431);
        (await cloud.CallAsync("resetConfiguration", ("name", Setting))).ShouldBe(200);
        (await cloud.CallAsync("deleteServiceOffering", ("id", two))).ShouldBe(200);
        await UntilAsync(ListAsync, all => all is [var only] && IsUp(only) && SizeOf(only) == "System Offering For Secondary Storage VM");
    }

    [Fact]
    public async Task Another_size_for_all_replaces_them_one_by_one_and_interrupts_nothing()
    {
        await SetAsync("secstorage.session.max", "2");
        await SetAsync("secstorage.capacity.standby", "0");
        Store().IsSlow = true;
        var templates = new List<string>();
        for (var i = 0; i < 3; i++) templates.Add(await cloud.RegisterAsync($"rolled{i}", $"http://images/rolled{i}.qcow2"));
        await UntilAsync(ListAsync, all => all.Count == 2 && all.Sum(SessionsOf) == 3);
        var attempts = await BegunAsync(3);
        attempts.Count.ShouldBe(3);

        await SetAsync(Setting, await OfferingAsync("rolled", 2, 512));
        var seen = await UntilAsync(ListAsync, all => { all.Count(IsUp).ShouldBeGreaterThanOrEqualTo(2); return all.Any(w => SizeOf(w) == "rolled" && IsUp(w)); });
        seen.Count.ShouldBe(3, "one at a time");
        await UntilAsync(async () => await LeavingAsync() == 1 ? await ListAsync() : [], all => all.Count > 0);
        (await AttemptsAsync()).ShouldBe(attempts, ignoreOrder: true);
        templates.Add(await cloud.RegisterAsync("rolled3", "http://images/rolled3.qcow2"));
        await UntilAsync(ListAsync, all => all.Sum(SessionsOf) == 4);

        Store().IsSlow = false;
        foreach (var template in templates) await ReadyAsync(template);
        await UntilAsync(ListAsync, all => { all.Count(IsUp).ShouldBeGreaterThanOrEqualTo(1); return all is [var only] && IsUp(only) && SizeOf(only) == "rolled"; });
        (await AttemptsAsync()).Intersect(attempts).Count().ShouldBe(3, "none began anew");
        await using (var db = cloud.Open())
        {
            var worker = await db.Set<SystemVm>().SingleAsync();
            (worker.Cpus, worker.CpuMhz, worker.MemoryMib).ShouldBe((2, 500, 512));
            (await db.Set<HostReservation>().SingleAsync(r => r.OwnerId == worker.Id.Value)).CpuMhz.ShouldBe(1000);
        }
        foreach (var template in templates) await cloud.JobAsync("deleteTemplate", ("id", template));
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task What_no_host_has_room_for_leaves_the_old_ones_at_work_and_says_why()
    {
        var old = (await ListAsync())[0]["id"]!.GetValue<string>();
        await SetAsync(Setting, await OfferingAsync("huge", 200, 1 << 20));
        await UntilAsync(EventsAsync, all => all.Count > 0);
        (await EventsAsync())[0]["description"]!.GetValue<string>().ShouldContain("None of 10 hosts can take it");
        (await ListAsync()).Single(IsUp)["id"]!.GetValue<string>().ShouldBe(old);
        var template = await cloud.RegisterAsync("meanwhile", "http://images/meanwhile.qcow2");
        await ReadyAsync(template);
        (await cloud.CallAsync("resetConfiguration", ("name", Setting))).ShouldBe(200);
        await UntilAsync(ListAsync, all => all is [var only] && only["id"]!.GetValue<string>() == old);
        (await cloud.JobAsync("scaleSystemVm", ("id", old), ("serviceofferingid", await OfferingAsync("huge", 200, 1 << 20))))["jobresult"]!.ToJsonString()
            .ShouldContain("None of 10 hosts can take it");
        await UntilAsync(ListAsync, all => all.Any(w => w["id"]!.GetValue<string>() == old && IsUp(w) && SizeOf(w) != "huge") || all is [var other] && IsUp(other));
        await cloud.JobAsync("deleteTemplate", ("id", template));
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task One_is_scaled_when_its_transfers_have_ended_and_another_works()
    {
        var id = (await ListAsync())[0]["id"]!.GetValue<string>();
        var grown = await OfferingAsync("grown", 2, 1024);
        (await cloud.CallAsync("scaleSystemVm", ("id", id), ("serviceofferingid", cloud.Small))).ShouldBe(431).ErrorText!.ShouldContain("not for secondary storage VMs");
        (await cloud.CallAsync("changeServiceForSystemVm", ("id", id), ("serviceofferingid", grown))).ShouldBe(431).ErrorText!.ShouldContain("must be Stopped");
        var tenant = await cloud.TenantAsync("scaler");
        foreach (var command in new[] { "scaleSystemVm", "changeServiceForSystemVm" })
            (await cloud.AsAsync(tenant.Keys, command, ("id", id), ("serviceofferingid", grown))).ShouldBe(401);

        Store().IsSlow = true;
        var template = await cloud.RegisterAsync("scaled", "http://images/scaled.qcow2");
        await UntilAsync(ListAsync, all => all.Sum(SessionsOf) == 1);
        var attempts = await BegunAsync(1);
        var scaled = cloud.DoneAsync("systemvm", "scaleSystemVm", ("id", id), ("serviceofferingid", grown));
        await UntilAsync(ListAsync, all => all.Count(IsUp) == 2);
        scaled.IsCompleted.ShouldBeFalse("its transfer is under way");
        (await AttemptsAsync()).ShouldBe(attempts);
        Store().IsSlow = false;
        await ReadyAsync(template);
        var shown = await scaled;
        (shown["state"]!.GetValue<string>(), shown["serviceofferingid"]!.GetValue<string>(), shown["id"]!.GetValue<string>()).ShouldBe(("Running", grown, id));
        (await AttemptsAsync()).ShouldContain(attempts[0]);
        await UntilAsync(ListAsync, all => all is [var only] && only["id"]!.GetValue<string>() == id && SizeOf(only) == "grown");

        await cloud.DoneAsync("systemvm", "stopSystemVm", ("id", id));
        var changed = await cloud.ShapeAsync("systemvm", "changeServiceForSystemVm", ("id", id), ("serviceofferingid", await OfferingAsync("shrunk", 1, 300)));
        (changed["serviceofferingname"]!.GetValue<string>(), changed["state"]!.GetValue<string>()).ShouldBe(("shrunk", "Stopped"));
        (await cloud.DoneAsync("systemvm", "scaleSystemVm", ("id", id), ("serviceofferingid", grown)))["state"]!.GetValue<string>().ShouldBe("Stopped");
        (await cloud.DoneAsync("systemvm", "startSystemVm", ("id", id)))["serviceofferingname"]!.GetValue<string>().ShouldBe("grown");
        await cloud.JobAsync("destroySystemVm", ("id", id));
        await UntilAsync(ListAsync, all => all is [var only] && IsUp(only));
        await cloud.JobAsync("deleteTemplate", ("id", template));
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Many_take_seats_at_once_and_each_gets_its_own()
    {
        await SetAsync("secstorage.session.max", "50");
        await SetAsync("secstorage.capacity.standby", "0");
        var zone = new Id<Zone>(Guid.Parse(cloud.Zone));
        var sessions = Enumerable.Range(0, 60).Select(_ => Id.New<TransferSession>().Value).ToList();
        await using (var db = cloud.Open())
        {
            db.AddRange(sessions.Select(s => new TransferSession(s, zone, TimeProvider.System.GetUtcNow())));
            await db.SaveChangesAsync();
        }
        var seats = await Task.WhenAll(sessions.Select(s => WithWorkersAsync(w => w.FindAsync(zone, s, CancellationToken.None))));
        seats.Count(s => s is not null).ShouldBeGreaterThanOrEqualTo(50);
        var again = await Task.WhenAll(sessions.Select(s => WithWorkersAsync(w => w.FindAsync(zone, s, CancellationToken.None))));
        seats.Zip(again).Where(pair => pair.First is not null).ShouldAllBe(pair => pair.First!.WorkerId == pair.Second!.WorkerId);
        await using (var db = cloud.Open())
        {
            foreach (var worker in await db.Set<SystemVm>().Where(v => v.Sessions > 0).ToListAsync())
            {
                worker.Sessions.ShouldBeLessThanOrEqualTo(50);
                (await db.Set<TransferSession>().CountAsync(s => s.WorkerId == worker.Id.Value)).ShouldBe(worker.Sessions);
            }
            foreach (var session in sessions) await WithWorkersAsync(async w => { await w.LeaveAsync(db, session, CancellationToken.None); return 0; });
        }
        await cloud.ShouldBeCleanAsync();
        await UntilAsync(ListAsync, all => all is [var only] && SessionsOf(only) == 0);
    }

    private Task<List<JsonObject>> ReadyAsync(string template) => UntilAsync(
        async () => [await cloud.ShapeAsync("template", "listTemplates", ("templatefilter", "all"), ("id", template))],
        all => all[0]["isready"]!.GetValue<bool>());

    private static (string Name, string Value)[] Sized(string name, int cpus, int memory) =>
    [
        ("name", name), ("displaytext", name), ("cpunumber", $"{cpus}"), ("cpuspeed", "500"), ("memory", $"{memory}"), ("issystem", "true"),
        ("systemvmtype", "secondarystoragevm"),
    ];

    private static bool IsUp(JsonObject worker) => worker["state"]!.GetValue<string>() == "Running" && worker["agentstate"]!.GetValue<string>() == "Up";

    private static int SessionsOf(JsonObject worker) => worker["activetransfersessions"]!.GetValue<int>();

    private static string SizeOf(JsonObject worker) => worker["serviceofferingname"]!.GetValue<string>();

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

    private async Task<T> WithWorkersAsync<T>(Func<IWorkers, Task<T>> act)
    {
        await using var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<IWorkers>());
    }

    private async Task<string> OfferingAsync(string name, int cpus, int memory) =>
        (await cloud.ShapeAsync("serviceoffering", "createServiceOffering", Sized(name, cpus, memory)))["id"]!.GetValue<string>();

    private async Task SetAsync(string name, string value) => (await cloud.CallAsync("updateConfiguration", ("name", name), ("value", value))).ShouldBe(200);

    private FakeStore Store()
    {
        using var db = cloud.Open();
        return cloud.Simulator.Disks.Store(db.Set<ImageStore>().Single(s => s.Id == new Id<ImageStore>(Guid.Parse(_store))).Url);
    }

    // A session has its worker a moment before that has begun.
    private async Task<List<Guid>> BegunAsync(int count)
    {
        await UntilAsync(async () => Parts() == count ? await ListAsync() : [], all => all.Count > 0);
        return await AttemptsAsync();
    }

    private int Parts()
    {
        var store = Store();
        lock (store) return store.Parts.Count;
    }

    // Each attempt to bring an image has a name of its own.
    private async Task<List<Guid>> AttemptsAsync()
    {
        await using var db = cloud.Open();
        return await db.Set<StoreImage>().Where(i => i.StoreId == new Id<ImageStore>(Guid.Parse(_store))).Select(i => i.ObjectId).ToListAsync();
    }

    private async Task<int> LeavingAsync()
    {
        await using var db = cloud.Open();
        return await db.Set<SystemVm>().CountAsync(v => v.IsLeaving);
    }

    private async Task<List<JsonObject>> EventsAsync() => Rows(await cloud.CallAsync("listEvents", ("type", "SSVM.START.FAIL"), ("listall", "true")), "event");

    private async Task<List<JsonObject>> ListAsync() => Rows(await cloud.CallAsync("listSystemVms", ("systemvmtype", "secondarystoragevm")), "systemvm");

    private static List<JsonObject> Rows(Api.Reply reply, string shape) => [.. (reply.ShouldBe(200).Body[shape]?.AsArray() ?? []).Select(r => r!.AsObject())];
}
