using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Agent.Storage;
using Stratiform.Management.Images;
using Stratiform.Management.Images.Reconcilers;
using Stratiform.Management.Storage;
using Stratiform.Management.SystemVms;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Tests.Compute;

/// <summary>Volumes on their way into image stores: as templates, or to be downloaded.</summary>
public sealed class StoredVolumeTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>, IAsyncLifetime
{
    private readonly string _url = $"nfs://192.0.2.1/{Id.New<ImageStore>()}";
    private string _store = "";

    public async Task InitializeAsync() => _store = (await cloud.ShapeAsync(
        "imagestore", "addImageStore", ("zoneid", cloud.Zone), ("provider", "NFS"), ("url", _url)))["id"]!.GetValue<string>();

    // Other tests have stores of their own.
    public async Task DisposeAsync()
    {
        await cloud.ShouldBeCleanAsync();
        (await cloud.CallAsync("updateImageStore", ("id", _store), ("readonly", "true"))).ShouldBe(200);
    }

    [Fact]
    public async Task A_template_is_made_of_a_stopped_virtual_machines_disk()
    {
        var (vm, volume) = await StoppedAsync("origin");
        var made = await cloud.DoneAsync("template", "createTemplate", await OrderAsync(
            "golden", volume, ("displaytext", "Golden image"), ("passwordenabled", "true"), ("ispublic", "true"), ("isfeatured", "true")));
        var id = Text(made, "id");
        (Text(made, "name"), Text(made, "displaytext"), Text(made, "status"), Text(made, "format"), Text(made, "hypervisor"))
            .ShouldBe(("golden", "Golden image", "Download Complete", "QCOW2", "Simulator"));
        made["size"]!.GetValue<long>().ShouldBe(2L << 30);
        (made["isready"]!.GetValue<bool>(), made["passwordenabled"]!.GetValue<bool>(), made["isfeatured"]!.GetValue<bool>()).ShouldBe((true, true, true));
        Store.Images.Count.ShouldBe(1);
        await cloud.ShouldBeCleanAsync();
        Text(await cloud.DoneAsync("virtualmachine", "startVirtualMachine", ("id", vm)), "state").ShouldBe("Running");
        Text(await cloud.DeployAsync(await cloud.NetworkAsync("descendant"), "descendant", ("templateid", id)), "state").ShouldBe("Running");
        (await cloud.CallAsync("listEvents", ("type", "TEMPLATE.CREATE"), ("keyword", "createTemplate"))).ShouldBe(200);
        await cloud.JobAsync("deleteTemplate", ("id", id), ("forced", "true"));
    }

    [Fact]
    public async Task What_is_written_or_cannot_be_kept_is_refused_with_a_way_out()
    {
        var network = await cloud.NetworkAsync("busy");
        var vm = await cloud.DeployAsync(network, "busy");
        var volume = await RootAsync(Text(vm, "id"));
        var order = await OrderAsync("no", volume);
        (await cloud.CallAsync("createTemplate", order)).ShouldBe(431).ErrorText!.ShouldContain("attached to the virtual machine busy, which is Running; stop that first");
        (await cloud.CallAsync("createTemplate", [.. order.Where(p => p.Item1 != "volumeid")])).ShouldBe(431).ErrorText!.ShouldContain("missing parameter volumeid");
        var never = Text((await cloud.CallAsync("deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small),
            ("networkids", network), ("name", "never"), ("startvm", "false"))).ShouldBe(200).Body, "id");
        (await cloud.CallAsync("createTemplate", await OrderAsync("no", await RootAsync(never)))).ShouldBe(431).ErrorText!.ShouldContain("is Allocated; only one that is Ready");
        await StopAsync(vm);
        (await cloud.CallAsync("updateImageStore", ("id", _store), ("readonly", "true"))).ShouldBe(200);
        (await cloud.CallAsync("createTemplate", order)).ShouldBe(431).ErrorText!.ShouldContain("has no image store that takes new images; add one (addImageStore)");
    }

    [Fact]
    public async Task Anothers_volume_is_as_unknown_as_none()
    {
        var (_, volume) = await StoppedAsync("private");
        var tenant = await cloud.TenantAsync("nosy");
        foreach (var (command, order) in new[] { ("createTemplate", await OrderAsync("stolen", volume)), ("extractVolume", Extract(volume)) })
            (await cloud.AsAsync(tenant.Keys, command, order)).ShouldBe(431).ErrorText!.ShouldContain("entity does not exist");
    }

    [Fact]
    public async Task A_volume_that_finds_no_room_fails_its_template_which_can_be_deleted()
    {
        var (vm, volume) = await StoppedAsync("full");
        Store.IsFull = true;
        var failed = await cloud.JobAsync("createTemplate", await OrderAsync("failed", volume));
        failed["jobstatus"]!.GetValue<int>().ShouldBe(2);
        Text(failed["jobresult"]!, "errortext").ShouldContain("does not fit");
        var shown = await cloud.ShapeAsync("template", "listTemplates", ("templatefilter", "self"), ("name", "failed"));
        Text(shown, "status").ShouldContain("The template failed cannot be copied to secondary storage");
        (await cloud.JobAsync("deleteTemplate", ("id", Text(shown, "id"))))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        Text(await cloud.DoneAsync("virtualmachine", "startVirtualMachine", ("id", vm)), "state").ShouldBe("Running");
        (Store.Images.Count, Store.Parts.Count).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_full_pool_makes_no_template()
    {
        var (_, volume) = await StoppedAsync("crowded");
        for (var i = 1; i <= SimulatedCloudServer.Hosts; i++) cloud.Simulator[i].Pools.IsFull = true;
        var failed = await cloud.JobAsync("createTemplate", await OrderAsync("crowded", volume));
        for (var i = 1; i <= SimulatedCloudServer.Hosts; i++) cloud.Simulator[i].Pools.IsFull = false;
        Text(failed["jobresult"]!, "errortext").ShouldContain("has no room for the image that is made of the volume");
    }

    [Fact]
    public async Task Losing_the_worker_costs_an_attempt_and_nothing_else()
    {
        var (_, volume) = await StoppedAsync("patient");
        Store.IsSlow = true;
        var job = Text((await cloud.CallAsync("createTemplate", await OrderAsync("patient", volume))).ShouldBe(200).Body, "jobid");
        for (var i = 0; i < 4000 && PartsOf(Store).Count == 0; i++) await Task.Delay(25);
        var first = PartsOf(Store).ShouldHaveSingleItem();
        (await cloud.CallAsync("startVirtualMachine", ("id", Text(await cloud.ShapeAsync("volume", "listVolumes", ("id", volume)), "virtualmachineid")))).ShouldBe(200);
        Crash(first.Value.WorkerId);
        for (var i = 0; i < 8000 && PartsOf(Store).All(part => part.Key == first.Key); i++) await Task.Delay(25);
        Store.IsSlow = false;
        JsonObject ended = [];
        for (var i = 0; i < 12000 && ended["jobstatus"]?.GetValue<int>() is null or 0; i++)
        {
            await Task.Delay(25);
            ended = (await cloud.CallAsync("queryAsyncJobResult", ("jobid", job))).ShouldBe(200).Body;
        }
        ended["jobstatus"]!.GetValue<int>().ShouldBe(1, ended.ToJsonString());
        Store.Images.Keys.ShouldHaveSingleItem().ShouldNotBe(first.Key);
        Store.Parts.ShouldBeEmpty();
        await cloud.JobAsync("deleteTemplate", ("id", Text(ended["jobresult"]!["template"]!, "id")));
    }

    [Fact]
    public async Task A_volume_is_downloaded_by_a_link_and_its_copy_goes_when_that_has_expired()
    {
        var (vm, volume) = await StoppedAsync("out");
        var shown = await cloud.DoneAsync("volume", "extractVolume", Extract(volume));
        (Text(shown, "id"), Text(shown, "name"), Text(shown, "state"), Text(shown, "extractMode"), Text(shown, "zonename"))
            .ShouldBe((volume, "ROOT-out", "DOWNLOAD_URL_CREATED", "HTTP_DOWNLOAD", "zone"));
        Text(shown, "url").ShouldContain("/ROOT-out.qcow2?expires=");
        var first = Store.Images.Keys.ShouldHaveSingleItem();
        foreach (var filter in new[] { "all", "self", "executable" })
            (await cloud.CallAsync("listTemplates", ("templatefilter", filter), ("name", "ROOT-out"))).ShouldBe(200).Body.Count.ShouldBe(0);
        var hidden = (await HiddenAsync(volume)).ShouldHaveSingleItem().Id.ToString();
        foreach (var command in new[] { "deleteTemplate", "updateTemplate", "listTemplatePermissions" })
            (await cloud.CallAsync(command, ("id", hidden))).ShouldBe(431).ErrorText!.ShouldContain("entity does not exist");
        (await cloud.CallAsync("createTags", ("resourceids", hidden), ("resourcetype", "Template"), ("tags[0].key", "k"), ("tags[0].value", "v"))).ShouldBe(431);
        (await cloud.CallAsync("listEvents", ("type", "VOLUME.EXTRACT"))).ShouldBe(200).Body.Count.ShouldBeGreaterThan(0);

        // Another one takes its place.
        Text(await cloud.DoneAsync("volume", "extractVolume", Extract(volume)), "url").ShouldNotBe(Text(shown, "url"));
        await CollectedAsync(first);
        var second = Store.Images.Keys.ShouldHaveSingleItem();
        await using (var db = cloud.Open())
        {
            var past = TimeProvider.System.GetUtcNow().AddSeconds(-1);
            await db.Set<Template>().Where(t => t.VolumeId != null).ExecuteUpdateAsync(set => set.SetProperty(t => t.KeptUntil, past));
        }
        await CollectedAsync(second);
        for (var i = 0; i < 4000 && (await HiddenAsync(volume)).Count > 0; i++) await Task.Delay(25);
        (await HiddenAsync(volume)).ShouldBeEmpty();
        Text(await cloud.DoneAsync("virtualmachine", "startVirtualMachine", ("id", vm)), "state").ShouldBe("Running");
    }

    [Fact]
    public async Task What_cannot_be_downloaded_says_why()
    {
        var vm = await cloud.DeployAsync(await cloud.NetworkAsync("kept"), "kept");
        var volume = await RootAsync(Text(vm, "id"));
        (await cloud.CallAsync("extractVolume", Extract(volume))).ShouldBe(431).ErrorText!.ShouldContain("which is Running; stop that first");
        (await cloud.CallAsync("extractVolume", ("id", volume), ("zoneid", cloud.Zone), ("mode", "FTP_UPLOAD"))).ShouldBe(431).ErrorText!.ShouldContain("use HTTP_DOWNLOAD");
        (await cloud.CallAsync("updateConfiguration", ("name", "disable.extraction"), ("value", "true"))).ShouldBe(200);
        (await cloud.CallAsync("extractVolume", Extract(volume))).ShouldBe(531).ErrorText!.ShouldContain("switched off");
        (await cloud.CallAsync("resetConfiguration", ("name", "disable.extraction"))).ShouldBe(200);
    }

    [Fact]
    public async Task The_copy_of_a_volume_goes_with_the_volume()
    {
        var (vm, volume) = await StoppedAsync("gone");
        await cloud.DoneAsync("volume", "extractVolume", Extract(volume));
        var copy = Store.Images.Keys.ShouldHaveSingleItem();
        (await cloud.JobAsync("destroyVirtualMachine", ("id", vm), ("expunge", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        await CollectedAsync(copy);
    }

    private (string, string)[] Extract(string volume) => [("id", volume), ("zoneid", cloud.Zone), ("mode", "HTTP_DOWNLOAD")];

    private async Task<List<Template>> HiddenAsync(string volume)
    {
        await using var db = cloud.Open();
        return await db.Set<Template>().Where(t => t.VolumeId == new Id<Volume>(Guid.Parse(volume))).ToListAsync();
    }

    private async Task CollectedAsync(Guid copy)
    {
        for (var i = 0; i < 4000 && ImagesOf(Store).Contains(copy); i++)
        {
            await using var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<Duties>().NudgeAsync<ImageGc>(CancellationToken.None);
            await Task.Delay(50);
        }
        ImagesOf(Store).ShouldNotContain(copy);
    }

    private static List<Guid> ImagesOf(FakeStore store)
    {
        lock (store) return [.. store.Images.Keys];
    }

    private FakeStore Store => cloud.Simulator.Disks.Store(_url);

    private static Dictionary<Guid, FakeStorePart> PartsOf(FakeStore store)
    {
        lock (store) return new(store.Parts);
    }

    private void Crash(Guid worker)
    {
        using var db = cloud.Open();
        var host = db.Set<SystemVm>().Where(v => v.Id == new Id<SystemVm>(worker)).Join(db.Set<Management.Infrastructure.Host>(), v => v.HostId, h => h.Id, (_, h) => h.Address).Single();
        cloud.Simulator[int.Parse(host.Segments[^1], CultureInfo.InvariantCulture)].Hypervisor.SetPower(worker, PowerState.Crashed);
    }

    private async Task<(string Vm, string Volume)> StoppedAsync(string name)
    {
        var vm = await cloud.DeployAsync(await cloud.NetworkAsync(name), name);
        await StopAsync(vm);
        return (Text(vm, "id"), await RootAsync(Text(vm, "id")));
    }

    private async Task StopAsync(JsonObject vm) =>
        Text(await cloud.DoneAsync("virtualmachine", "stopVirtualMachine", ("id", Text(vm, "id"))), "state").ShouldBe("Stopped");

    private async Task<string> RootAsync(string vm) => Text(await cloud.ShapeAsync("volume", "listVolumes", ("virtualmachineid", vm)), "id");

    private async Task<(string, string)[]> OrderAsync(string name, string volume, params (string, string)[] more)
    {
        var os = (await cloud.CallAsync("listOsTypes", ("keyword", "Debian"))).ShouldBe(200).Body["ostype"]![0]!["id"]!.GetValue<string>();
        return [("name", name), ("ostypeid", os), ("volumeid", volume), .. more];
    }

    private static string Text(JsonNode node, string field) => node[field]!.GetValue<string>();
}
