using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Events;
using Stratiform.Management.Images;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Tests.Images;

/// <summary>Image stores in object storage: workers get their keys, and nobody else does.</summary>
public sealed class ObjectStoreTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private const string Access = "AKIAEXAMPLE";
    private const string Secret = "a-secret+key/that=shows";
    private static readonly (string, string)[] Keys =
        [("details[0].key", "accesskey"), ("details[0].value", Access), ("details[1].key", "secretkey"), ("details[1].value", Secret)];

    [Fact]
    public async Task A_template_lies_in_a_bucket_whose_keys_only_workers_are_told()
    {
        const string url = "https://s3.example:7480/kept";
        var store = (await cloud.ShapeAsync("imagestore", "addImageStore", [("zoneid", cloud.Zone), ("name", "kept"), ("provider", "S3"), ("url", url), .. Keys]))["id"]!.GetValue<string>();
        var template = await cloud.RegisterAsync("kept", "http://images/kept.qcow2");
        await ReadyAsync(template);
        var content = cloud.Simulator.Disks.Store(url);
        lock (content) content.Images.Count.ShouldBe(1);

        await using (var db = cloud.Open())
        {
            var row = await db.Set<ImageStore>().SingleAsync(s => s.Id == new Id<ImageStore>(Guid.Parse(store)));
            Convert.ToHexString(row.WrappedSecretKey!).ShouldNotContain(Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(Secret)));
            var told = row.AddressOf(cloud.Service<Secrets>());
            (told.Url, told.AccessKey, told.SecretKey).ShouldBe((url, Access, Secret));
            (await db.Set<WorkflowRow>().Select(w => w.State).ToListAsync()).ShouldNotContain(s => s.Contains(Secret));
            (await db.Set<Event>().Select(e => e.Description).ToListAsync()).ShouldNotContain(d => d.Contains(Secret));
        }
        var shown = (await cloud.CallAsync("listImageStores", ("id", store))).ShouldBe(200).Body.ToJsonString();
        shown.ShouldContain(url);
        shown.ShouldNotContain(Secret);
        shown.ShouldNotContain(Access);
        (await cloud.JobAsync("deleteTemplate", ("id", template)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("deleteImageStore", ("id", store))).ShouldBe(200);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_bucket_is_added_as_CloudStacks_clients_do_and_listed_by_its_kind()
    {
        var store = (await cloud.ShapeAsync("imagestore", "addImageStore",
        [
            ("provider", "S3"), ("name", "named"), .. Keys, ("details[2].key", "bucket"), ("details[2].value", "named"),
            ("details[3].key", "endpoint"), ("details[3].value", "192.0.2.9:7480"), ("details[4].key", "usehttps"), ("details[4].value", "false"),
        ]))["id"]!.GetValue<string>();
        foreach (var filter in new[] { ("provider", "S3"), ("protocol", "s3") })
        {
            var shown = await cloud.ShapeAsync("imagestore", "listImageStores", filter, ("name", "named"));
            (shown["url"]!.GetValue<string>(), shown["protocol"]!.GetValue<string>(), shown["providername"]!.GetValue<string>(), shown["zoneid"]!.GetValue<string>())
                .ShouldBe(("http://192.0.2.9:7480/named", "s3", "S3", cloud.Zone));
        }
        (await cloud.CallAsync("listImageStores", ("provider", "NFS"), ("name", "named"))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.CallAsync("deleteImageStore", ("id", store))).ShouldBe(200);
    }

    [Fact]
    public async Task What_must_be_converted_goes_to_a_share_that_has_room_and_the_rest_to_the_bucket()
    {
        const string url = "https://s3.example/chosen";
        var bucket = await cloud.ShapeAsync("imagestore", "addImageStore", [("zoneid", cloud.Zone), ("name", "bucket"), ("provider", "S3"), ("url", url), .. Keys]);
        var share = await cloud.ShapeAsync("imagestore", "addImageStore", ("zoneid", cloud.Zone), ("name", "share"), ("provider", "NFS"), ("url", "nfs://192.0.2.1/chosen"));
        var plain = await cloud.RegisterAsync("plain", "http://images/chosen.qcow2");
        var packed = await cloud.RegisterAsync("packed", "http://images/chosen.qcow2.xz");
        foreach (var template in new[] { plain, packed }) await ReadyAsync(template);
        var late = "";
        await using (var db = cloud.Open())
        {
            (await StoreOfAsync(db, plain)).ShouldBe(bucket["id"]!.GetValue<string>());
            (await StoreOfAsync(db, packed)).ShouldBe(share["id"]!.GetValue<string>());
            await db.Set<ImageStore>().Where(s => s.Id == new Id<ImageStore>(Guid.Parse(share["id"]!.GetValue<string>())))
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.CapacityBytes, 1L << 30).SetProperty(s => s.UsedBytes, 1L << 30));
            late = await cloud.RegisterAsync("late", "http://images/late.qcow2.xz");
            await ReadyAsync(late);
            (await StoreOfAsync(db, late)).ShouldBe(bucket["id"]!.GetValue<string>());
        }
        foreach (var template in new[] { plain, packed, late }) await cloud.JobAsync("deleteTemplate", ("id", template));
        foreach (var store in new[] { bucket, share }) (await cloud.CallAsync("deleteImageStore", ("id", store["id"]!.GetValue<string>()))).ShouldBe(200);
    }

    [Fact]
    public async Task What_is_no_bucket_or_has_no_keys_is_refused_without_repeating_secrets()
    {
        await RefusedAsync("names no bucket", [("url", "https://s3.example"), .. Keys]);
        await RefusedAsync("names no bucket", [("url", "https://s3.example/a/b"), .. Keys]);
        await RefusedAsync("names no bucket", [("url", $"https://u:{Uri.EscapeDataString(Secret)}@s3.example/abc"), .. Keys]);
        await RefusedAsync("missing parameter url", Keys);
        await RefusedAsync("missing parameter details[0].secretkey", [("url", "https://s3.example/abc"), .. Keys[..2]]);
    }

    private async Task RefusedAsync(string why, (string Name, string Value)[] parameters)
    {
        var text = (await cloud.CallAsync("addImageStore", [("zoneid", cloud.Zone), ("provider", "S3"), .. parameters])).ShouldBe(431).ErrorText!;
        text.ShouldContain(why);
        text.ShouldNotContain(Secret);
    }

    private static async Task<string> StoreOfAsync(CloudDb db, string template) =>
        (await db.Set<StoreImage>().SingleAsync(i => i.TemplateId == new Id<Template>(Guid.Parse(template)))).StoreId.ToString();

    private async Task ReadyAsync(string template)
    {
        var shown = "";
        for (var i = 0; i < 4000 && shown != "Download Complete"; i++)
        {
            shown = (await cloud.ShapeAsync("template", "listTemplates", ("templatefilter", "all"), ("id", template)))["status"]!.GetValue<string>();
            await Task.Delay(25);
        }
        shown.ShouldBe("Download Complete");
    }
}
