using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Agent.Storage;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Images.Reconcilers;
using Stratiform.Management.Images.Workflows;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Tests.Images;

/// <summary>Secondary storage: templates rest there, pools take them from there, and it goes when nothing needs it.</summary>
public sealed class ImageStoreTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private const string Nfs = "NFS";

    [Fact]
    public async Task A_template_outlives_where_it_came_from()
    {
        var store = await AddAsync("kept");
        var template = await cloud.RegisterAsync("kept", "http://images/kept.qcow2");
        await ReadyAsync(template);
        ImagesIn("kept").ShouldBe(1);
        cloud.Simulator.Disks.Sources["http://images/kept.qcow2"] = new FakeSource(IsMissing: true);
        var vm = (await cloud.DeployAsync(await cloud.NetworkAsync("kept"), "kept", ("templateid", template)))["id"]!.GetValue<string>();
        await cloud.ShouldBeCleanAsync();

        (await cloud.CallAsync("deleteImageStore", ("id", store))).ShouldBe(536).ErrorText!.ShouldContain("has 1 image that lies in no other store: kept. Move what it has to another store (migrateSecondaryStorageData)");
        await cloud.JobAsync("destroyVirtualMachine", ("id", vm), ("expunge", "true"));
        (await cloud.JobAsync("deleteTemplate", ("id", template)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("deleteImageStore", ("id", store))).ShouldBe(200);
        ImagesIn("kept").ShouldBe(0);
        (await cloud.CallAsync("listImageStores", ("id", store))).ShouldBe(200).Body.Count.ShouldBe(0);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task An_image_that_became_whole_meanwhile_is_not_collected()
    {
        var store = await AddAsync("meanwhile");
        var template = await cloud.RegisterAsync("meanwhile", "http://images/meanwhile.qcow2");
        await ReadyAsync(template);
        await using (var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<CloudDb>();
            // As a collector would that had looked a moment before.
            var image = await db.Set<StoreImage>().SingleAsync(i => i.TemplateId == new Id<Template>(Guid.Parse(template)));
            (await scope.ServiceProvider.GetRequiredService<WorkflowQueue>().EnqueueUnlessPendingAsync(RemoveStoreImage.For(image), CancellationToken.None)).ShouldBeTrue();
            for (var look = 0; look < 6000 && await db.Set<WorkflowSubject>().AnyAsync(s => s.Subject == image.Subject.ToString()); look++) await Task.Delay(50);
            (await db.Set<StoreImage>().AsNoTracking().SingleAsync(i => i.Id == image.Id)).Ready.ShouldBeTrue();
        }
        ImagesIn("meanwhile").ShouldBe(1);
        await cloud.JobAsync("deleteTemplate", ("id", template));
        (await cloud.CallAsync("deleteImageStore", ("id", store))).ShouldBe(200);
    }

    [Fact]
    public async Task The_image_of_a_deleted_template_is_collected_and_a_lost_one_is_found()
    {
        var store = await AddAsync("collected");
        var template = await cloud.RegisterAsync("collected", "http://images/collected.qcow2");
        await ReadyAsync(template);
        var content = StoreOf("collected");
        KeyValuePair<Guid, FakeStoreImage> lost;
        lock (content)
        {
            lost = content.Images.Single();
            content.Images.Clear();
        }
        var leak = (await cloud.CallAsync("auditCloud")).ShouldBe(200).Body["audit"]!["leaks"]!.AsArray().ShouldHaveSingleItem()!;
        (leak["where"]!.GetValue<string>(), leak["id"]!.GetValue<string>()).ShouldBe(("collected", lost.Key.ToString()));
        lock (content) content.Images.Add(lost.Key, lost.Value);
        await cloud.JobAsync("deleteTemplate", ("id", template));
        for (var i = 0; i < 1000 && ImagesIn("collected") > 0; i++)
        {
            await CollectAsync();
            await Task.Delay(50);
        }
        ImagesIn("collected").ShouldBe(0);
        await cloud.ShouldBeCleanAsync();
        (await cloud.CallAsync("deleteImageStore", ("id", store))).ShouldBe(200);
    }

    [Fact]
    public async Task A_store_is_listed_renamed_closed_and_counted()
    {
        var store = await AddAsync("listed");
        var shown = await cloud.ShapeAsync("imagestore", "listImageStores", ("zoneid", cloud.Zone), ("name", "listed"));
        shown["url"]!.GetValue<string>().ShouldBe("nfs://192.0.2.1/stores/listed");
        shown["protocol"]!.GetValue<string>().ShouldBe("nfs");
        shown["providername"]!.GetValue<string>().ShouldBe(Nfs);
        shown["scope"]!.GetValue<string>().ShouldBe("ZONE");
        shown["zonename"]!.GetValue<string>().ShouldBe("zone");
        var measured = await cloud.RegisterAsync("measured", "http://images/measured.qcow2");
        await ReadyAsync(measured);
        (await cloud.ShapeAsync("imagestore", "listImageStores", ("id", store)))["disksizetotal"]!.GetValue<long>().ShouldBeGreaterThan(0);
        (await cloud.ShapeAsync("capacity", "listCapacity", ("type", "6")))["capacitytotal"]!.GetValue<long>().ShouldBeGreaterThan(0);
        (await cloud.CallAsync("listImageStores", ("provider", "S3"))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.CallAsync("listImageStores", ("protocol", "s3"))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.CallAsync("listImageStores", ("keyword", "nowhere"))).ShouldBe(200).Body.Count.ShouldBe(0);

        shown = await cloud.ShapeAsync("imagestore", "updateImageStore", ("id", store), ("name", "closed"), ("readonly", "true"));
        (shown["name"]!.GetValue<string>(), shown["readonly"]!.GetValue<bool>()).ShouldBe(("closed", true));
        (await cloud.ShapeAsync("imagestore", "listImageStores", ("readonly", "true"), ("name", "closed"), ("provider", Nfs), ("protocol", "nfs")))["id"]!.GetValue<string>().ShouldBe(store);
        var template = await cloud.RegisterAsync("elsewhere", "http://images/elsewhere.qcow2");
        await ReadyAsync(template);
        ImagesIn("listed").ShouldBe(1, "it takes nothing new");
        foreach (var gone in new[] { measured, template }) await cloud.JobAsync("deleteTemplate", ("id", gone));
        (await cloud.CallAsync("deleteImageStore", ("id", store))).ShouldBe(200);
    }

    [Fact]
    public async Task What_is_no_store_is_refused_with_what_to_do()
    {
        await RefusedAsync("use NFS with url=nfs://server/path, or S3 with url=https://server/bucket", ("provider", "Swift"), ("url", "nfs://192.0.2.1/export"));
        await RefusedAsync("missing parameter url", ("provider", Nfs));
        foreach (var url in new[] { "file:///export", "nfs://192.0.2.1", "nfs:///export", "nfs://192.0.2.1/a/../b", "nfs://192.0.2.1/a b", "nfs://192.0.2.1/a,nolock", "nfs://u@192.0.2.1/a" })
            await RefusedAsync("names no NFS share", ("provider", Nfs), ("url", url));
        var store = await AddAsync("twice");
        await RefusedAsync("There is an image store at nfs://192.0.2.1/stores/twice already", ("provider", Nfs), ("url", "nfs://192.0.2.1/stores/twice/"));
        (await cloud.CallAsync("deleteImageStore", ("id", store))).ShouldBe(200);
    }

    [Fact]
    public async Task A_full_store_fails_the_template_and_keeps_nothing_of_it()
    {
        var store = await AddAsync("full");
        StoreOf("full").IsFull = true;
        var template = await cloud.RegisterAsync("large", "http://images/large.qcow2");
        await SettledAsync(template, "cannot be copied to secondary storage: http://images/large.qcow2 does not fit");
        StoreOf("full").IsFull = false;
        ImagesIn("full").ShouldBe(0);
        await cloud.JobAsync("deleteTemplate", ("id", template));
        (await cloud.CallAsync("deleteImageStore", ("id", store))).ShouldBe(200);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_store_that_turns_read_only_fails_the_template_which_can_be_deleted_and_what_is_left_goes_when_it_can()
    {
        var store = await AddAsync("turns");
        StoreOf("turns").IsSlow = true;
        var template = await cloud.RegisterAsync("turns", "http://images/turns.qcow2");
        for (var i = 0; i < 4000 && ImagesIn("turns") == 0; i++) await Task.Delay(25);
        StoreOf("turns").IsReadOnly = true;
        await SettledAsync(template, "cannot be copied to secondary storage: The store");
        await cloud.JobAsync("deleteTemplate", ("id", template));
        ImagesIn("turns").ShouldBe(1);
        (StoreOf("turns").IsReadOnly, StoreOf("turns").IsSlow) = (false, false);
        for (var i = 0; i < 1000 && ImagesIn("turns") > 0; i++)
        {
            await CollectAsync();
            await Task.Delay(50);
        }
        ImagesIn("turns").ShouldBe(0);
        (await cloud.CallAsync("deleteImageStore", ("id", store))).ShouldBe(200);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task An_image_is_fetched_from_inside_the_cloud_only_where_an_operator_allows_it()
    {
        foreach (var inside in new[] { "http://127.0.0.1/a.qcow2", "http://10.0.0.20/a.qcow2", "http://[::ffff:169.254.169.254]/a.qcow2" })
            await SettledAsync(await cloud.RegisterAsync("inside", inside), "is not accepted: it leads into the cloud");
        await SettledAsync(await cloud.RegisterAsync("outside", "http://203.0.113.99/a.qcow2"), "Download Complete");
        (await cloud.CallAsync("updateConfiguration", ("name", "secstorage.allowed.internal.sites"), ("value", "everywhere"))).ShouldBe(431)
            .ErrorText!.ShouldContain("is no list of networks");
        (await cloud.CallAsync("updateConfiguration", ("name", "secstorage.allowed.internal.sites"), ("value", "192.0.2.0/24, 10.0.0.20/32"))).ShouldBe(200);
        await SettledAsync(await cloud.RegisterAsync("allowed", "http://10.0.0.20/a.qcow2"), "Download Complete");
        await SettledAsync(await cloud.RegisterAsync("beside", "http://10.0.0.21/a.qcow2"), "is not accepted: it leads into the cloud");
        (await cloud.CallAsync("resetConfiguration", ("name", "secstorage.allowed.internal.sites"))).ShouldBe(200);
    }

    [Fact]
    public async Task A_template_says_what_it_came_as_and_is_refused_when_it_is_something_else()
    {
        var store = await AddAsync("formats");
        cloud.Simulator.Disks.Sources["http://images/disk.vmdk.xz"] = new FakeSource(Format: ImageFormat.Vmdk, Checksum: "{SHA-256}" + new string('b', 64));
        var vmdk = await RegisterAsync("vmdk", "VMDK");
        await ReadyAsync(vmdk);
        (await cloud.ShapeAsync("template", "listTemplates", ("templatefilter", "all"), ("id", vmdk)))["format"]!.GetValue<string>().ShouldBe("VMDK");
        await SettledAsync(await RegisterAsync("mistaken", "OVA"), "is no Ova image but Vmdk");
        foreach (var unknown in new[] { "2", "qcow3" })
            (await cloud.CallAsync("registerTemplate", Parameters("unknown", unknown))).ShouldBe(431).ErrorText!.ShouldContain("is none of QCOW2, RAW");
        (await cloud.CallAsync("registerTemplate", Parameters("unknown", "ISO"))).ShouldBe(431).ErrorText!.ShouldContain("registerIso");
        await using (var db = cloud.Open())
            (await db.Set<StoreImage>().SingleAsync(i => i.StoreId == new Id<ImageStore>(Guid.Parse(store)))).Checksum.ShouldBe("{SHA-256}" + new string('b', 64));
        await cloud.DeployAsync(await cloud.NetworkAsync("formats"), "formats", ("templateid", vmdk));
        await cloud.ShouldBeCleanAsync();
        // Other tests have stores of their own.
        (await cloud.CallAsync("updateImageStore", ("id", store), ("readonly", "true"))).ShouldBe(200);

        async Task<string> RegisterAsync(string name, string format) =>
            (await cloud.ShapeAsync("template", "registerTemplate", Parameters(name, format)))["id"]!.GetValue<string>();

        (string, string)[] Parameters(string name, string format) =>
            [("zoneid", cloud.Zone), ("name", name), ("format", format), ("hypervisor", "Simulator"), ("url", "http://images/disk.vmdk.xz")];
    }

    [Fact]
    public async Task What_is_downloaded_directly_passes_the_store_over()
    {
        var store = await AddAsync("passed");
        var template = (await cloud.ShapeAsync("template", "registerTemplate", ("zoneid", cloud.Zone), ("name", "direct"), ("format", "QCOW2"), ("hypervisor", "Simulator"),
            ("url", "http://images/direct.qcow2"), ("directdownload", "true")))["id"]!.GetValue<string>();
        await ReadyAsync(template);
        ImagesIn(store).ShouldBe(0);
        (await cloud.ShapeAsync("template", "listTemplates", ("templatefilter", "all"), ("id", template)))["directdownload"]!.GetValue<bool>().ShouldBeTrue();
        (await cloud.ShapeAsync("template", "listTemplates", ("templatefilter", "all"), ("id", cloud.Template)))["directdownload"]!.GetValue<bool>().ShouldBeFalse();
        var iso = (await cloud.ShapeAsync("iso", "registerIso", ("zoneid", cloud.Zone), ("name", "direct"), ("url", "http://images/direct.iso"), ("directdownload", "true")))["id"]!.GetValue<string>();
        for (var i = 0; i < 4000 && !(await cloud.ShapeAsync("iso", "listIsos", ("id", iso)))["isready"]!.GetValue<bool>(); i++) await Task.Delay(25);
        var vm = await cloud.DeployAsync(await cloud.NetworkAsync("direct"), "direct", ("templateid", template));
        await cloud.DoneAsync("virtualmachine", "attachIso", ("id", iso), ("virtualmachineid", vm["id"]!.GetValue<string>()));
        ImagesIn(store).ShouldBe(0);
        (await cloud.CallAsync("deleteImageStore", ("id", store))).ShouldBe(200);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Operating_systems_are_listed_by_category()
    {
        var category = await cloud.ShapeAsync("oscategory", "listOsCategories", ("name", "Debian"));
        var types = (await cloud.CallAsync("listOsTypes", ("oscategoryid", category["id"]!.GetValue<string>()))).ShouldBe(200).Body["ostype"]!.AsArray();
        types.Count.ShouldBe(3);
        types.ShouldAllBe(type => type!["oscategoryname"]!.GetValue<string>() == "Debian" && type["oscategoryid"]!.GetValue<string>() == category["id"]!.GetValue<string>());
        var ids = string.Join(',', types.Take(2).Select(type => type!["id"]!.GetValue<string>()));
        (await cloud.CallAsync("listOsTypes", ("ids", ids))).ShouldBe(200).Body["count"]!.GetValue<int>().ShouldBe(2);
        (await cloud.CallAsync("listOsTypes", ("oscategoryid", cloud.Zone))).ShouldBe(200).Body.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task A_host_reads_the_store_itself_and_only_else_a_worker_serves_it(bool reaches, bool isOld)
    {
        var name = $"read-{reaches}-{isOld}";
        var store = await AddAsync(name);
        var template = await cloud.RegisterAsync(name, $"http://images/{name}.qcow2");
        await ReadyAsync(template);
        foreach (var host in cloud.Simulator.Hosts) (host.Pools.ReachesStores, host.Pools.IsOld) = (reaches, isOld);
        var id = new Id<Template>(Guid.Parse(template));
        (await cloud.CallAsync("prepareTemplate", ("templateid", template), ("zoneid", cloud.Zone))).ShouldBe(200);
        var (isReady, wantedWorker) = (false, false);
        await using (var db = cloud.Open())
        {
            for (var i = 0; i < 8000 && !isReady; i++)
            {
                wantedWorker |= await db.Set<TransferSession>().AnyAsync(s => s.WantsWorker || s.WorkerId != null);
                isReady = await db.Set<PoolImage>().AnyAsync(c => c.TemplateId == id && c.Ready);
                await Task.Delay(10);
            }
            (isReady, wantedWorker).ShouldBe((true, !reaches || isOld));
            (await db.Set<TransferSession>().CountAsync()).ShouldBe(0);
        }
        foreach (var host in cloud.Simulator.Hosts) (host.Pools.ReachesStores, host.Pools.IsOld) = (true, false);
        await cloud.JobAsync("deleteTemplate", ("id", template));
        (await cloud.CallAsync("deleteImageStore", ("id", store))).ShouldBe(200);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_template_is_prepared_on_pools_ahead_of_its_first_use()
    {
        var store = await AddAsync("prepared");
        var template = await cloud.RegisterAsync("prepared", "http://images/prepared.qcow2");
        await ReadyAsync(template);
        var pool = (await cloud.ShapeAsync("storagepool", "listStoragePools"))["id"]!.GetValue<string>();
        (string, string)[] asked = [("templateid", template), ("zoneid", cloud.Zone)];
        (await cloud.ShapeAsync("template", "prepareTemplate", asked))["id"]!.GetValue<string>().ShouldBe(template);
        var copies = 0;
        for (var i = 0; i < 4000 && copies == 0; i++)
        {
            await using (var db = cloud.Open()) copies = await db.Set<PoolImage>().CountAsync(c => c.TemplateId == new Id<Template>(Guid.Parse(template)) && c.Ready);
            await Task.Delay(25);
        }
        copies.ShouldBe(1);
        (await cloud.CallAsync("prepareTemplate", [.. asked, ("storageid", pool)])).ShouldBe(200);
        (await cloud.CallAsync("prepareTemplate", [.. asked, ("storageid", template)])).ShouldBe(431);
        (await cloud.CallAsync("prepareTemplate", ("templateid", pool), ("zoneid", cloud.Zone))).ShouldBe(431);
        await cloud.JobAsync("deleteTemplate", ("id", template));
        (await cloud.CallAsync("deleteImageStore", ("id", store))).ShouldBe(200);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task An_image_larger_than_the_limit_is_not_taken()
    {
        cloud.Simulator.Disks.Sources["http://images/huge.qcow2"] = new FakeSource(VirtualSizeBytes: 51L << 30);
        await SettledAsync(await cloud.RegisterAsync("huge", "http://images/huge.qcow2"), "the limit is 53687091200");
        (await cloud.CallAsync("updateConfiguration", ("name", "max.template.iso.size"), ("value", "51"))).ShouldBe(200);
        await SettledAsync(await cloud.RegisterAsync("huge", "http://images/huge.qcow2"), "Download Complete");
        (await cloud.CallAsync("resetConfiguration", ("name", "max.template.iso.size"))).ShouldBe(200);
    }

    private async Task<string> AddAsync(string name) => (await cloud.ShapeAsync(
        "imagestore", "addImageStore", ("zoneid", cloud.Zone), ("name", name), ("provider", Nfs), ("url", $"nfs://192.0.2.1/stores/{name}")))["id"]!.GetValue<string>();

    private async Task RefusedAsync(string why, params (string Name, string Value)[] parameters) =>
        (await cloud.CallAsync("addImageStore", [("zoneid", cloud.Zone), .. parameters])).ShouldBe(431).ErrorText!.ShouldContain(why);

    private Task ReadyAsync(string template) => SettledAsync(template, "Download Complete");

    private async Task SettledAsync(string template, string status)
    {
        var shown = "";
        for (var i = 0; i < 4000 && !shown.Contains(status, StringComparison.Ordinal); i++)
        {
            shown = (await cloud.ShapeAsync("template", "listTemplates", ("templatefilter", "all"), ("id", template)))["status"]!.GetValue<string>();
            await Task.Delay(25);
        }
        shown.ShouldContain(status);
    }

    private FakeStore StoreOf(string name) => cloud.Simulator.Disks.Store($"nfs://192.0.2.1/stores/{name}");

    private int ImagesIn(string name)
    {
        var store = StoreOf(name);
        lock (store) return store.Images.Count + store.Parts.Count;
    }

    private async Task CollectAsync()
    {
        await using var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<ImageGc>(scope.ServiceProvider).ReconcileAsync(CancellationToken.None);
    }
}
