using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Management.Images;
using Stratiform.Management.Images.Reconcilers;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.Images;

/// <summary>Links by which users download templates.</summary>
public sealed class DownloadTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>, IAsyncLifetime
{
    private string _template = "";

    public async Task InitializeAsync()
    {
        await cloud.ShapeAsync("imagestore", "addImageStore", ("zoneid", cloud.Zone), ("provider", "NFS"), ("url", $"nfs://192.0.2.1/{Id.New<ImageStore>()}"));
        _template = await RegisterAsync("Tiny & new/1", "http://images/tiny.qcow2");
        (await StatusAsync(_template)).ShouldBe("Download Complete");
    }

    public async Task DisposeAsync()
    {
        await cloud.JobAsync("deleteTemplate", ("id", _template));
        foreach (var store in (await cloud.CallAsync("listImageStores")).ShouldBe(200).Body["imagestore"]!.AsArray())
            (await cloud.CallAsync("updateImageStore", ("id", store!["id"]!.GetValue<string>()), ("readonly", "true"))).ShouldBe(200);
    }

    [Fact]
    public async Task A_link_leads_to_the_image_until_it_expires()
    {
        (await cloud.CallAsync("updateConfiguration", ("name", "extract.url.expiration.interval"), ("value", "600"))).ShouldBe(200);
        var shown = await ExtractAsync();
        (shown["id"]!.GetValue<string>(), shown["state"]!.GetValue<string>(), shown["extractMode"]!.GetValue<string>(), shown["zonename"]!.GetValue<string>())
            .ShouldBe((_template, "DOWNLOAD_URL_CREATED", "HTTP_DOWNLOAD", "zone"));
        var url = shown["url"]!.GetValue<string>();
        var worker = (await cloud.CallAsync("listSystemVms", ("systemvmtype", "secondarystoragevm"))).Body["systemvm"]!.AsArray()
            .MinBy(vm => vm!["id"]!.GetValue<string>())!["publicip"]!.GetValue<string>();
        new Uri(url).Authority.ShouldBe(worker);
        var link = StoreLink.Read(new Uri(url).PathAndQuery, await KeyAsync())!;
        link.Name.ShouldBe("Tiny---new-1.qcow2");
        (link.Expires - TimeProvider.System.GetUtcNow()).TotalSeconds.ShouldBeInRange(500, 600);
        (await StatusAsync(await RegisterAsync("good", url))).ShouldBe("Download Complete");
        (await StatusAsync(await RegisterAsync("tampered", url.Replace("expires=", "expires=1", StringComparison.Ordinal)))).ShouldContain("403");
        (await cloud.CallAsync("resetConfiguration", ("name", "extract.url.expiration.interval"))).ShouldBe(200);
        (await cloud.CallAsync("listEvents", ("type", "TEMPLATE.EXTRACT"))).ShouldBe(200).Body.Count.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_link_leaves_its_job_when_it_has_expired_and_not_before()
    {
        var job = (await cloud.CallAsync("extractTemplate", ("id", _template), ("mode", "HTTP_DOWNLOAD"))).ShouldBe(200).Body["jobid"]!.GetValue<string>();
        var validity = TimeSpan.FromSeconds(14_400);
        await LookAsync(validity - TimeSpan.FromMinutes(1));
        (await ShownAsync()).ShouldContain("expires=");
        await LookAsync(validity + TimeSpan.FromMinutes(1));
        (await ShownAsync()).ShouldNotContain("expires=");

        async Task<string> ShownAsync()
        {
            var shown = (await cloud.CallAsync("queryAsyncJobResult", ("jobid", job))).ShouldBe(200).Body;
            shown["jobstatus"]!.GetValue<int>().ShouldBe(1);
            return shown.ToJsonString();
        }

        async Task LookAsync(TimeSpan later)
        {
            await using var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope();
            await ActivatorUtilities.CreateInstance<ExpiredLinks>(scope.ServiceProvider, new Later(later)).ReconcileAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Others_download_what_its_owner_lets_them()
    {
        var tenant = await cloud.TenantAsync("downloader");
        (string, string)[] asked = [("id", _template), ("mode", "HTTP_DOWNLOAD")];
        (await cloud.AsAsync(tenant.Keys, "extractTemplate", asked)).ShouldBe(531).ErrorText!.ShouldContain("has not made it extractable");
        var open = await RegisterAsync("open", "http://images/open.qcow2", ("isextractable", "true"));
        (await StatusAsync(open)).ShouldBe("Download Complete");
        (await cloud.JobAsAsync(tenant.Keys, "extractTemplate", ("id", open), ("mode", "HTTP_DOWNLOAD")))["jobresult"]!["template"]!["url"]!
            .GetValue<string>().ShouldContain("/open.qcow2?expires=");
        await using (var db = cloud.Open())
            await db.Set<Template>().Where(t => t.Id == new Id<Template>(Guid.Parse(_template))).ExecuteUpdateAsync(set => set.SetProperty(t => t.IsPublic, false));
        (await cloud.AsAsync(tenant.Keys, "extractTemplate", asked)).ShouldBe(431);
    }

    [Fact]
    public async Task What_cannot_be_downloaded_says_why()
    {
        (await cloud.CallAsync("extractTemplate", ("id", _template), ("mode", "FTP_UPLOAD"))).ShouldBe(431).ErrorText!.ShouldContain("use HTTP_DOWNLOAD");
        (await cloud.CallAsync("extractTemplate", ("id", _template), ("mode", "HTTP_DOWNLOAD"), ("zoneid", _template))).ShouldBe(431);
        (await cloud.CallAsync("extractIso", ("id", _template), ("mode", "HTTP_DOWNLOAD"))).ShouldBe(431);
        (await cloud.CallAsync("extractTemplate", ("id", cloud.Template), ("mode", "HTTP_DOWNLOAD"))).ShouldBe(431).ErrorText!.ShouldContain("lies in no image store");
        (await cloud.CallAsync("updateConfiguration", ("name", "disable.extraction"), ("value", "true"))).ShouldBe(200);
        (await cloud.CallAsync("extractTemplate", ("id", _template), ("mode", "HTTP_DOWNLOAD"))).ShouldBe(531).ErrorText!.ShouldContain("switched off");
        (await cloud.CallAsync("resetConfiguration", ("name", "disable.extraction"))).ShouldBe(200);
    }

    [Fact]
    public void Names_of_files_are_made_safe()
    {
        StoreLinks.SafeName("Debian 13 (64-bit).qcow2").ShouldBe("Debian-13--64-bit-.qcow2");
        StoreLinks.SafeName("../../etc").ShouldBe("etc");
        StoreLinks.SafeName("öä").ShouldBe("image");
    }

    private async Task<JsonObject> ExtractAsync() =>
        await cloud.DoneAsync("template", "extractTemplate", ("id", _template), ("mode", "HTTP_DOWNLOAD"), ("zoneid", cloud.Zone));

    private async Task<string> RegisterAsync(string name, string url, params (string, string)[] more) => (await cloud.ShapeAsync(
        "template", "registerTemplate",
        [("zoneid", cloud.Zone), ("name", name), ("format", "QCOW2"), ("hypervisor", "Simulator"), ("url", url), ("ispublic", "true"), .. more]))["id"]!.GetValue<string>();

    private async Task<string> StatusAsync(string template)
    {
        var status = "Checking";
        for (var i = 0; i < 4000 && (status == "Checking" || status.EndsWith("% Downloaded", StringComparison.Ordinal)); i++)
        {
            await Task.Delay(25);
            status = (await cloud.ShapeAsync("template", "listTemplates", ("templatefilter", "all"), ("id", template)))["status"]!.GetValue<string>();
        }
        return status;
    }

    private async Task<byte[]> KeyAsync()
    {
        await using var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<StoreLinks>().KeyAsync(new(Guid.Parse(cloud.Zone)), CancellationToken.None);
    }

    /// <summary>A clock that is ahead.</summary>
    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
