using Microsoft.EntityFrameworkCore;
using Stratiform.Agent.Storage;
using Stratiform.Management.Images;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.Images;

/// <summary>Images move between the stores of a zone, and new ones go where there is room.</summary>
public sealed class StoreMigrationTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task A_store_is_emptied_while_its_templates_are_used_and_can_be_deleted_then()
    {
        var old = await AddAsync("old");
        var template = await RegisterAsync("moved", "http://images/moved.qcow2", """{SHA-256}""" + new string('a', 64));
        var spare = await AddAsync("spare");
        cloud.Simulator.Disks.Sources["http://images/moved.qcow2"] = new FakeSource(IsMissing: true);
        (await cloud.CallAsync("deleteImageStore", ("id", old))).ShouldBe(536).ErrorText!.ShouldContain("1 image that lies in no other store: moved.");

        var told = await cloud.DoneAsync("imagestore", "migrateSecondaryStorageData", ("srcpool", old), ("destpools", spare));
        told["message"]!.GetValue<string>().ShouldBe("1 image moved, 0 not");
        (told["success"]!.GetValue<bool>(), told["migrationtype"]!.GetValue<string>()).ShouldBe((true, "Complete"));
        (ImagesIn("old"), ImagesIn("spare")).ShouldBe((0, 1));
        (await cloud.ShapeAsync("imagestore", "listImageStores", ("id", old)))["readonly"]!.GetValue<bool>().ShouldBeTrue();
        (await cloud.ShapeAsync("imagestore", "listImageStores", ("id", old)))["disksizeused"]!.GetValue<long>().ShouldBe(0);
        await using (var db = cloud.Open())
        {
            var copy = await db.Set<StoreImage>().SingleAsync(i => i.TemplateId == new Id<Template>(Guid.Parse(template)));
            (copy.Ready, copy.Checksum).ShouldBe((true, "{SHA-256}" + new string('a', 64)));
        }
        var vm = await cloud.DeployAsync(await cloud.NetworkAsync("moved"), "moved", ("templateid", template));
        (await cloud.CallAsync("deleteImageStore", ("id", old))).ShouldBe(200);
        (await cloud.CallAsync("deleteImageStore", ("id", spare))).ShouldBe(536);
        await cloud.ShouldBeCleanAsync();
        await cloud.JobAsync("destroyVirtualMachine", ("id", vm["id"]!.GetValue<string>()), ("expunge", "true"));
        await EndAsync(template, spare);
    }

    [Fact]
    public async Task What_cannot_move_stays_and_is_named_with_the_reason()
    {
        var old = await AddAsync("crowded");
        var (small, broken) = (await RegisterAsync("small", "http://images/small.qcow2"), await RegisterAsync("broken", "http://images/broken.qcow2"));
        var spare = await AddAsync("narrow");
        await using (var db = cloud.Open())
        {
            var lost = await db.Set<StoreImage>().SingleAsync(i => i.TemplateId == new Id<Template>(Guid.Parse(broken)));
            lock (StoreOf("crowded")) StoreOf("crowded").Images[lost.ObjectId] = new(new FakeSource(IsCorrupt: true), TimeProvider.System.GetUtcNow());
        }
        var told = await cloud.DoneAsync("imagestore", "migrateSecondaryStorageData", ("srcpool", old), ("destpools", spare), ("migrationtype", "complete"));
        told["message"]!.GetValue<string>().ShouldStartWith("1 image moved, 1 not: broken (The template broken cannot be copied to secondary storage: ");
        told["success"]!.GetValue<bool>().ShouldBeFalse();
        (ImagesIn("crowded"), ImagesIn("narrow")).ShouldBe((1, 1));
        (await cloud.CallAsync("deleteImageStore", ("id", old))).ShouldBe(536).ErrorText!.ShouldContain("in no other store: broken.");
        foreach (var gone in new[] { small, broken }) await cloud.JobAsync("deleteTemplate", ("id", gone));
        foreach (var store in new[] { old, spare }) (await cloud.CallAsync("deleteImageStore", ("id", store))).ShouldBe(200);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Stores_are_balanced_by_how_full_they_are()
    {
        var full = await AddAsync("full", 4L << 30);
        string[] templates = [await RegisterAsync("one", "http://images/one.qcow2"), await RegisterAsync("two", "http://images/two.qcow2"), await RegisterAsync("three", "http://images/three.qcow2"), await RegisterAsync("four", "http://images/four.qcow2")];
        var empty = await AddAsync("empty", 4L << 30);
        var told = await cloud.DoneAsync("imagestore", "migrateSecondaryStorageData", ("srcpool", full), ("destpools", empty), ("migrationtype", "balance"));
        told["message"]!.GetValue<string>().ShouldBe("2 images moved, 0 not");
        told["migrationtype"]!.GetValue<string>().ShouldBe("Balance");
        (ImagesIn("full"), ImagesIn("empty")).ShouldBe((2, 2));
        (await cloud.ShapeAsync("imagestore", "listImageStores", ("id", full)))["readonly"]!.GetValue<bool>().ShouldBeFalse();
        foreach (var template in templates) await cloud.JobAsync("deleteTemplate", ("id", template));
        foreach (var store in new[] { full, empty }) (await cloud.CallAsync("deleteImageStore", ("id", store))).ShouldBe(200);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_store_that_is_read_stays_until_nobody_reads_it()
    {
        var old = await AddAsync("read");
        var template = await RegisterAsync("read", "http://images/read.qcow2");
        var spare = await AddAsync("reread");
        var session = Guid.CreateVersion7();
        await using var db = cloud.Open();
        var row = new TransferSession(session, new(Guid.Parse(cloud.Zone)), TimeProvider.System.GetUtcNow());
        row.Reads((await db.Set<StoreImage>().SingleAsync(i => i.TemplateId == new Id<Template>(Guid.Parse(template)))).Id);
        db.Add(row);
        await db.SaveChangesAsync();
        var job = cloud.DoneAsync("imagestore", "migrateSecondaryStorageData", ("srcpool", old), ("destpools", spare));
        for (var i = 0; i < 4000 && !await db.Set<StoreImage>().AnyAsync(s => s.StoreId == new Id<ImageStore>(Guid.Parse(spare)) && s.Ready); i++) await Task.Delay(25);
        await Task.Delay(500);
        (job.IsCompleted, ImagesIn("read"), ImagesIn("reread")).ShouldBe((false, 1, 1));
        db.Remove(row);
        await db.SaveChangesAsync();
        (await job)["success"]!.GetValue<bool>().ShouldBeTrue();
        ImagesIn("read").ShouldBe(0);
        (await cloud.CallAsync("deleteImageStore", ("id", old))).ShouldBe(200);
        await EndAsync(template, spare);
    }

    [Fact]
    public async Task What_is_deleted_on_its_way_is_in_nobodys_way()
    {
        var old = await AddAsync("left");
        var template = await RegisterAsync("deleted", "http://images/deleted.qcow2");
        var spare = await AddAsync("never");
        StoreOf("never").IsSlow = true;
        var job = cloud.DoneAsync("imagestore", "migrateSecondaryStorageData", ("srcpool", old), ("destpools", spare));
        for (var i = 0; i < 4000 && ImagesIn("never") == 0; i++) await Task.Delay(25);
        await cloud.JobAsync("deleteTemplate", ("id", template));
        var told = await job;
        (told["success"]!.GetValue<bool>(), ImagesIn("never")).ShouldBe((true, 0), told["message"]!.GetValue<string>());
        StoreOf("never").IsSlow = false;
        foreach (var store in new[] { old, spare }) (await cloud.CallAsync("deleteImageStore", ("id", store))).ShouldBe(200);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused()
    {
        var (one, two) = (await AddAsync("sense"), await AddAsync("nonsense"));
        await RefusedAsync("is both source and destination", ("srcpool", one), ("destpools", one));
        await RefusedAsync("is neither complete nor balance", ("srcpool", one), ("destpools", two), ("migrationtype", "half"));
        await RefusedAsync("Invalid parameter srcpool", ("srcpool", cloud.Zone), ("destpools", two));
        await using (var db = cloud.Open())
        {
            await db.Set<ImageStore>().Where(s => s.Id == new Id<ImageStore>(Guid.Parse(two))).ExecuteUpdateAsync(set => set.SetProperty(s => s.CapacityBytes, 0));
        }
        await RefusedAsync("is not known, so nothing can be balanced", ("srcpool", one), ("destpools", two), ("migrationtype", "balance"));
        (await cloud.CallAsync("updateImageStore", ("id", two), ("readonly", "true"))).ShouldBe(200);
        await RefusedAsync("is read-only; open it first", ("srcpool", one), ("destpools", two));
        var tenant = await cloud.TenantAsync("mover");
        (await cloud.AsAsync(tenant.Keys, "migrateSecondaryStorageData", ("srcpool", one), ("destpools", two))).ShouldBe(401);
        foreach (var store in new[] { one, two }) (await cloud.CallAsync("deleteImageStore", ("id", store))).ShouldBe(200);
    }

    [Fact]
    public async Task New_images_pass_full_stores_over_and_are_refused_when_all_are()
    {
        var brim = await AddAsync("brim", 1L << 30);
        StoreOf("brim").IsFull = true;
        // It is seen to be full when something was brought there last.
        await using (var db = cloud.Open())
        {
            await db.Set<ImageStore>().Where(s => s.Id == new Id<ImageStore>(Guid.Parse(brim)))
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.CapacityBytes, 1L << 30).SetProperty(s => s.UsedBytes, 1L << 30));
        }
        var refused = await cloud.RegisterAsync("refused", "http://images/refused.qcow2");
        await SettledAsync(refused, "No image store of the zone has room: in use is brim to 100 %, and new images are taken below 90 % (secondary.storage.capacity.threshold)");
        (await cloud.CallAsync("getUploadParamsForTemplate", ("zoneid", cloud.Zone), ("name", "upload"), ("format", "QCOW2"), ("hypervisor", "Simulator"), ("displaytext", "upload")))
            .ShouldBe(533).ErrorText!.ShouldContain("migrateSecondaryStorageData");
        var other = await AddAsync("other");
        var template = await RegisterAsync("taken", "http://images/taken.qcow2");
        ImagesIn("other").ShouldBe(1);
        foreach (var gone in new[] { refused, template }) await cloud.JobAsync("deleteTemplate", ("id", gone));
        foreach (var store in new[] { brim, other }) (await cloud.CallAsync("deleteImageStore", ("id", store))).ShouldBe(200);
        await cloud.ShouldBeCleanAsync();
    }

    private async Task<string> AddAsync(string name, long capacity = 1L << 40)
    {
        StoreOf(name).CapacityBytes = capacity;
        return (await cloud.ShapeAsync("imagestore", "addImageStore", ("zoneid", cloud.Zone), ("name", name), ("provider", "NFS"), ("url", $"nfs://192.0.2.1/stores/{name}")))["id"]!.GetValue<string>();
    }

    private async Task<string> RegisterAsync(string name, string url, string checksum = "")
    {
        if (checksum.Length > 0) cloud.Simulator.Disks.Sources[url] = new FakeSource(Checksum: checksum);
        var template = await cloud.RegisterAsync(name, url);
        await SettledAsync(template, "Download Complete");
        return template;
    }

    private async Task EndAsync(string template, string store)
    {
        await cloud.JobAsync("deleteTemplate", ("id", template));
        (await cloud.CallAsync("deleteImageStore", ("id", store))).ShouldBe(200);
        await cloud.ShouldBeCleanAsync();
    }

    private async Task RefusedAsync(string why, params (string Name, string Value)[] parameters) =>
        (await cloud.CallAsync("migrateSecondaryStorageData", parameters)).ShouldBe(431).ErrorText!.ShouldContain(why);

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
}
