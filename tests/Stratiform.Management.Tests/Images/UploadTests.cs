using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Agent.Storage;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Images.Workflows;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Tests.Images;

/// <summary>Templates that their owners upload.</summary>
public sealed class UploadTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>, IAsyncLifetime
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
    public async Task A_template_waits_for_its_upload_and_is_ready_after_it()
    {
        var asked = await AskAsync("mine");
        var (id, post) = (asked["id"]!.GetValue<string>(), new Uri(asked["postURL"]!.GetValue<string>()));
        post.Host.ShouldStartWith("203.0.113.");
        var (metadata, expires, signature) = (asked["metadata"]!.GetValue<string>(), asked["expires"]!.GetValue<string>(), asked["signature"]!.GetValue<string>());
        var link = UploadLink.Read(post.PathAndQuery, metadata, expires, signature, await KeyAsync())!;
        link.StoreId.ShouldBe(Guid.Parse(_store));
        (link.Expires - TimeProvider.System.GetUtcNow()).TotalMinutes.ShouldBeInRange(58, 60);

        await SettledAsync(id, "Waiting for upload");
        (await ShownAsync(id))["isready"]!.GetValue<bool>().ShouldBeFalse();
        (await cloud.CallAsync("deployVirtualMachine", ("zoneid", cloud.Zone), ("serviceofferingid", cloud.Small), ("templateid", id)))
            .ShouldBe(431).ErrorText!.ShouldContain("has not been uploaded yet");
        Store.Uploaded = new FakeSource();
        await SettledAsync(id, "Download Complete");
        Store.Images.Keys.ShouldBe([link.ImageId]);
        (await cloud.DeployAsync(await cloud.NetworkAsync("uploaded"), "uploaded", ("templateid", id)))["state"]!.GetValue<string>().ShouldBe("Running");
    }

    [Fact]
    public async Task What_is_no_image_fails_the_template_and_leaves_nothing()
    {
        Store.Uploaded = new FakeSource(IsCorrupt: true);
        var id = await IdAsync("broken");
        await SettledAsync(id, "The template broken was not uploaded: The uploaded file is no sound qcow2 image");
        Store.IsSlow = true;
        Store.Uploaded = new FakeSource();
        id = await IdAsync("slow");
        await SettledAsync(id, "% Uploaded");
        Store.Uploaded = new FakeSource(Format: ImageFormat.Vmdk);
        Store.IsSlow = false;
        await SettledAsync(id, "is no Qcow2 image but Vmdk");
        (Store.Images.Count, Store.Parts.Count).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_template_that_nobody_uploads_in_time_fails()
    {
        var id = await ExpiredAsync();
        await SettledAsync(id, "was not uploaded: Nothing was uploaded before the link expired.");
    }

    [Fact]
    public async Task When_the_worker_goes_the_upload_is_lost_and_its_owner_is_told()
    {
        var asked = await AskAsync("lost");
        await SettledAsync(asked["id"]!.GetValue<string>(), "Waiting for upload");
        var address = new Uri(asked["postURL"]!.GetValue<string>()).Host;
        var worker = (await cloud.CallAsync("listSystemVms", ("systemvmtype", "secondarystoragevm"))).Body["systemvm"]!.AsArray()
            .Single(vm => vm!["publicip"]!.GetValue<string>() == address)!["id"]!.GetValue<string>();
        for (var i = 0; i < 4000 && await SessionsAsync(worker) == 0; i++) await Task.Delay(25);
        (await cloud.JobAsync("rebootSystemVm", ("id", worker)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        await SettledAsync(asked["id"]!.GetValue<string>(), "the secondary storage VM that was to take it has gone, and what had come with it; begin anew.");
    }

    [Fact]
    public async Task A_template_that_is_deleted_is_awaited_no_longer()
    {
        var id = await IdAsync("deleted");
        await SettledAsync(id, "Waiting for upload");
        await cloud.JobAsync("deleteTemplate", ("id", id));
        await using var db = cloud.Open();
        for (var i = 0; i < 4000 && await db.Set<WorkflowRow>().AnyAsync(w => w.Kind == nameof(ReceiveTemplate) && w.EndedAt == null); i++) await Task.Delay(25);
        (await db.Set<TransferSession>().CountAsync()).ShouldBe(0);
        (await db.Set<StoreImage>().CountAsync(i => !i.Ready)).ShouldBe(0);
    }

    [Fact]
    public async Task A_tenant_uploads_for_itself_and_others_see_nothing_of_it()
    {
        var (tenant, other) = (await cloud.TenantAsync("uploader"), await cloud.TenantAsync("onlooker"));
        var asked = (await cloud.AsAsync(tenant.Keys, "getUploadParamsForTemplate", Parameters("own"))).ShouldBe(200).Body["getuploadparams"]!;
        var id = asked["id"]!.GetValue<string>();
        (string, string)[] all = [("templatefilter", "executable"), ("id", id)];
        (await cloud.AsAsync(other.Keys, "listTemplates", all)).ShouldBe(200).Body.Count.ShouldBe(0);
        Store.Uploaded = new FakeSource();
        await SettledAsync(id, "Download Complete");
        (await cloud.AsAsync(tenant.Keys, "listTemplates", all)).ShouldBe(200).Body["template"]!.AsArray().ShouldHaveSingleItem();
        (await cloud.AsAsync(other.Keys, "listTemplates", all)).ShouldBe(200).Body.Count.ShouldBe(0);
        (await cloud.AsAsync(other.Keys, "deleteTemplate", ("id", id))).ShouldBe(431);
    }

    [Fact]
    public async Task What_cannot_be_uploaded_is_refused()
    {
        (await cloud.CallAsync("getUploadParamsForTemplate", Parameters("unknown", ("format", "floppy")))).ShouldBe(431).ErrorText!.ShouldContain("is none of QCOW2");
        (await cloud.CallAsync("updateImageStore", ("id", _store), ("readonly", "true"))).ShouldBe(200);
        (await cloud.CallAsync("getUploadParamsForTemplate", Parameters("nowhere"))).ShouldBe(431).ErrorText!.ShouldContain("has no image store that takes new images");
    }

    [Fact]
    public async Task An_ISO_is_uploaded_and_downloaded_as_a_template_is()
    {
        await WorkerAsync();
        (string, string)[] parameters = [("zoneid", cloud.Zone), ("name", "disc")];
        (await cloud.CallAsync("getUploadParamsForIso", [.. parameters, ("format", "QCOW2")])).ShouldBe(431).ErrorText!.ShouldContain("upload a disk as a template");
        (await cloud.CallAsync("getUploadParamsForTemplate", Parameters("disc", ("format", "ISO")))).ShouldBe(431).ErrorText!.ShouldContain("upload it as an ISO");
        var id = (await cloud.ShapeAsync("getuploadparams", "getUploadParamsForIso", [.. parameters, ("format", "ISO")]))["id"]!.GetValue<string>();
        (string, string)[] asked = [("id", id), ("mode", "HTTP_DOWNLOAD")];
        (await cloud.CallAsync("extractIso", asked)).ShouldBe(431).ErrorText!.ShouldContain("The ISO disc has not been uploaded yet");
        Store.Uploaded = new FakeSource(Format: ImageFormat.Iso);
        var shown = "";
        for (var i = 0; i < 4000 && shown != "Download Complete"; i++)
        {
            await Task.Delay(25);
            shown = (await cloud.ShapeAsync("iso", "listIsos", ("isofilter", "all"), ("id", id)))["status"]!.GetValue<string>();
        }
        shown.ShouldBe("Download Complete");
        (await cloud.DoneAsync("iso", "extractIso", asked))["url"]!.GetValue<string>().ShouldContain("/disc.iso?expires=");
        (await cloud.CallAsync("extractTemplate", asked)).ShouldBe(431);
    }

    private FakeStore Store => cloud.Simulator.Disks.Store(_url);

    private (string, string)[] Parameters(string name, params (string, string)[] more) =>
        [("zoneid", cloud.Zone), ("name", name), ("format", "QCOW2"), ("hypervisor", "Simulator"), .. more];

    // The store's first worker may still be booting.
    private async Task<JsonObject> AskAsync(string name)
    {
        await WorkerAsync();
        return await cloud.ShapeAsync("getuploadparams", "getUploadParamsForTemplate", Parameters(name));
    }

    private async Task<string> IdAsync(string name) => (await AskAsync(name))["id"]!.GetValue<string>();

    private async Task<WorkerSeat> WorkerAsync()
    {
        await using var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope();
        for (var i = 0; i < 4000; i++)
        {
            if (await scope.ServiceProvider.GetRequiredService<IWorkers>().LastingAsync(Zone, CancellationToken.None) is { } seat) return seat;
            await Task.Delay(25);
        }
        throw new TimeoutException("No worker works.");
    }

    private async Task<string> ExpiredAsync()
    {
        var by = await WorkerAsync();
        await using var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CloudDb>();
        var like = await db.Set<Template>().SingleAsync(t => t.Id == new Id<Template>(Guid.Parse(cloud.Template)));
        var now = TimeProvider.System.GetUtcNow();
        var template = new Template("late", "upload:", like.AccountId, like.DomainId, Zone, now) { Hypervisor = Hypervisor.Simulator };
        template.AwaitUpload();
        db.Add(template);
        var order = ReceiveTemplate.For(template.Id, new(Guid.Parse(_store)), by, now.AddSeconds(-1));
        scope.ServiceProvider.GetRequiredService<WorkflowQueue>().Enqueue(order, AskedBy.Cloud);
        await db.SaveChangesAsync();
        return template.Id.ToString();
    }

    private Id<Zone> Zone => new(Guid.Parse(cloud.Zone));

    private async Task<int> SessionsAsync(string worker) =>
        (await cloud.ShapeAsync("systemvm", "listSystemVms", ("id", worker)))["activetransfersessions"]!.GetValue<int>();

    private Task<JsonObject> ShownAsync(string template) => cloud.ShapeAsync("template", "listTemplates", ("templatefilter", "all"), ("id", template));

    private async Task SettledAsync(string template, string status)
    {
        var shown = "";
        for (var i = 0; i < 4000 && !shown.Contains(status, StringComparison.Ordinal); i++)
        {
            shown = (await ShownAsync(template))["status"]!.GetValue<string>();
            await Task.Delay(25);
        }
        shown.ShouldContain(status);
    }

    private async Task<byte[]> KeyAsync()
    {
        await using var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<StoreLinks>().KeyAsync(Zone, CancellationToken.None);
    }
}
