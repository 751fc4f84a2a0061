using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Agent.Storage;
using Stratiform.Management.Images;
using Stratiform.Management.Images.Reconcilers;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Tests.Images;

/// <summary>Volumes that come into image stores, from URLs or from their owners.</summary>
public sealed class UploadedVolumeTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>, IAsyncLifetime
{
    private readonly string _url = $"nfs://192.0.2.1/{Id.New<ImageStore>()}";
    private string _store = "";

    public async Task InitializeAsync()
    {
        _store = Text(await cloud.ShapeAsync("imagestore", "addImageStore", ("zoneid", cloud.Zone), ("provider", "NFS"), ("url", _url)), "id");
        await using var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope();
        var workers = scope.ServiceProvider.GetRequiredService<IWorkers>();
        for (var i = 0; i < 8000 && await workers.LastingAsync(new(Guid.Parse(cloud.Zone)), CancellationToken.None) is null; i++) await Task.Delay(25);
    }

    // Other tests have stores of their own.
    public async Task DisposeAsync()
    {
        await cloud.ShouldBeCleanAsync();
        (await cloud.CallAsync("updateImageStore", ("id", _store), ("readonly", "true"))).ShouldBe(200);
    }

    [Fact]
    public async Task A_volume_comes_from_a_url_is_downloaded_again_and_goes()
    {
        var made = await cloud.DoneAsync("volume", "uploadVolume", Upload("disk"));
        var id = Text(made, "id");
        (Text(made, "name"), Text(made, "type"), Text(made, "state"), Text(made, "status")).ShouldBe(("disk", "DATADISK", "Uploaded", "Download Complete"));
        made["size"]!.GetValue<long>().ShouldBe(2L << 30);
        (await cloud.CallAsync("listTemplates", ("templatefilter", "all"), ("name", "disk"))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.CallAsync("listVolumes", ("state", "Uploaded"), ("id", id))).ShouldBe(200).Body["volume"]!.AsArray().ShouldHaveSingleItem();
        Text(await cloud.DoneAsync("volume", "extractVolume", ("id", id), ("zoneid", cloud.Zone), ("mode", "HTTP_DOWNLOAD")), "url").ShouldContain("/disk.qcow2?expires=");
        (await cloud.CallAsync("deleteImageStore", ("id", _store))).ShouldBe(536).ErrorText!.ShouldContain("volume");
        (await cloud.CallAsync("deleteVolume", ("id", id))).ShouldBe(200).Body["success"]!.GetValue<bool>().ShouldBeTrue();
        (await cloud.CallAsync("listVolumes", ("id", id))).ShouldBe(200).Body.Count.ShouldBe(0);
        await EmptyAsync();
        foreach (var type in new[] { "VOLUME.UPLOAD", "VOLUME.DELETE" })
            (await cloud.CallAsync("listEvents", ("type", type))).ShouldBe(200).Body.Count.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task What_is_no_disk_fails_with_the_cause_and_is_deleted()
    {
        cloud.Simulator.Disks.Sources["http://images/broken.qcow2"] = new FakeSource(IsCorrupt: true);
        cloud.Simulator.Disks.Sources["http://images/huge.qcow2"] = new FakeSource(VirtualSizeBytes: 501L << 30);
        cloud.Simulator.Disks.Sources["http://images/large.qcow2"] = new FakeSource(VirtualSizeBytes: 100L << 30);
        foreach (var (name, cause) in new[] { ("broken", "is no sound qcow2 image"), ("huge", "the limit is") })
        {
            var failed = await cloud.JobAsync("uploadVolume", Upload(name));
            Text(failed["jobresult"]!, "errortext").ShouldContain(cause);
            var shown = await cloud.ShapeAsync("volume", "listVolumes", ("name", name));
            Text(shown, "state").ShouldBe("UploadError");
            Text(shown, "status").ShouldContain(cause);
            (await cloud.CallAsync("deleteVolume", ("id", Text(shown, "id")))).ShouldBe(200);
        }
        // More than a template may have.
        var large = await cloud.DoneAsync("volume", "uploadVolume", Upload("large"));
        (await cloud.CallAsync("deleteVolume", ("id", Text(large, "id")))).ShouldBe(200);
        await EmptyAsync();
    }

    [Fact]
    public async Task A_volume_waits_for_its_owner_to_upload_it()
    {
        var asked = await cloud.ShapeAsync("getuploadparams", "getUploadParamsForVolume", ("zoneid", cloud.Zone), ("name", "mine"), ("format", "QCOW2"));
        var id = Text(asked, "id");
        Text(asked, "postURL").ShouldStartWith("http://203.0.113.");
        await SettledAsync(id, "NotUploaded", "Waiting for upload");
        Store.Uploaded = new FakeSource();
        await SettledAsync(id, "Uploaded", "Download Complete");
        (await cloud.CallAsync("deleteVolume", ("id", id))).ShouldBe(200);
        await EmptyAsync();
    }

    [Fact]
    public async Task A_volume_that_is_deleted_is_awaited_no_longer()
    {
        var id = Text(await cloud.ShapeAsync("getuploadparams", "getUploadParamsForVolume", ("zoneid", cloud.Zone), ("name", "unwanted"), ("format", "QCOW2")), "id");
        await SettledAsync(id, "NotUploaded", "Waiting for upload");
        (await cloud.CallAsync("deleteVolume", ("id", id))).ShouldBe(200);
        (await cloud.CallAsync("listVolumes", ("id", id))).ShouldBe(200).Body.Count.ShouldBe(0);
        await using var db = cloud.Open();
        (await db.Set<TransferSession>().CountAsync()).ShouldBe(0);
        (await db.Set<StoreImage>().CountAsync(i => !i.Ready)).ShouldBe(0);
    }

    [Fact]
    public async Task A_volume_that_is_attached_is_not_deleted()
    {
        var vm = await cloud.DeployAsync(await cloud.NetworkAsync("holder"), "holder");
        var root = Text(await cloud.ShapeAsync("volume", "listVolumes", ("virtualmachineid", Text(vm, "id"))), "id");
        (await cloud.CallAsync("deleteVolume", ("id", root))).ShouldBe(431).ErrorText!.ShouldContain("is attached to a virtual machine");
    }

    [Fact]
    public async Task What_cannot_be_taken_is_refused()
    {
        (await cloud.CallAsync("uploadVolume", Upload("x", ("format", "ISO")))).ShouldBe(431).ErrorText!.ShouldContain("is none of QCOW2");
        (await cloud.CallAsync("uploadVolume", Upload("x", ("url", "file:///etc/passwd")))).ShouldBe(431).ErrorText!.ShouldContain("come from http or https");
        (await cloud.CallAsync("updateImageStore", ("id", _store), ("readonly", "true"))).ShouldBe(200);
        (await cloud.CallAsync("uploadVolume", Upload("x"))).ShouldBe(431).ErrorText!.ShouldContain("add one (addImageStore)");
        (await cloud.CallAsync("getUploadParamsForVolume", ("zoneid", cloud.Zone), ("name", "x"), ("format", "QCOW2"))).ShouldBe(431).ErrorText!.ShouldContain("add one (addImageStore)");
    }

    [Fact]
    public async Task A_tenants_volumes_count_and_are_its_own()
    {
        var (tenant, other) = (await cloud.TenantAsync("diskowner"), await cloud.TenantAsync("bystander"));
        (await cloud.CallAsync("updateResourceLimit", ("account", "diskowner"), ("domainid", tenant.Domain.Id.ToString()), ("resourcetype", "2"), ("max", "1"))).ShouldBe(200);
        var made = await cloud.JobAsAsync(tenant.Keys, "uploadVolume", Upload("own"));
        var id = Text(made["jobresult"]!["volume"]!, "id");
        (await cloud.AsAsync(tenant.Keys, "uploadVolume", Upload("second"))).ShouldBe(535);
        foreach (var (command, more) in new[] { ("deleteVolume", Array.Empty<(string, string)>()), ("extractVolume", [("zoneid", cloud.Zone), ("mode", "HTTP_DOWNLOAD")]) })
            (await cloud.AsAsync(other.Keys, command, [("id", id), .. more])).ShouldBe(431).ErrorText!.ShouldContain("entity does not exist");
        (await cloud.AsAsync(other.Keys, "listVolumes", ("id", id))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.AsAsync(tenant.Keys, "deleteVolume", ("id", id))).ShouldBe(200);
        await EmptyAsync();
    }

    private FakeStore Store => cloud.Simulator.Disks.Store(_url);

    private (string, string)[] Upload(string name, params (string Name, string Value)[] other)
    {
        var order = new Dictionary<string, string> { ["name"] = name, ["zoneid"] = cloud.Zone, ["format"] = "QCOW2", ["url"] = $"http://images/{name}.qcow2" };
        foreach (var (parameter, value) in other) order[parameter] = value;
        return [.. order.Select(p => (p.Key, p.Value))];
    }

    private async Task SettledAsync(string volume, string state, string status)
    {
        JsonObject shown = [];
        for (var i = 0; i < 8000 && (shown["state"]?.GetValue<string>(), shown["status"]?.GetValue<string>()) != (state, status); i++)
        {
            await Task.Delay(25);
            shown = await cloud.ShapeAsync("volume", "listVolumes", ("id", volume));
        }
        (Text(shown, "state"), Text(shown, "status")).ShouldBe((state, status));
    }

    private async Task EmptyAsync()
    {
        for (var i = 0; i < 4000 && Store.Images.Count > 0; i++)
        {
            await using var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<Duties>().NudgeAsync<ImageGc>(CancellationToken.None);
            await Task.Delay(50);
        }
        (Store.Images.Count, Store.Parts.Count).ShouldBe((0, 0));
    }

    private static string Text(JsonNode node, string field) => node[field]!.GetValue<string>();
}
