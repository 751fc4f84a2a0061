using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Stratiform.Agent.Storage;
using Stratiform.Management.Images;
using Stratiform.Management.Tests.Api;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.Images;

/// <summary>Templates and ISOs are copied to other zones by the zones' workers, whatever has become of where they came from.</summary>
public sealed class ImageCopyTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private string _there = "";

    [Fact]
    public async Task Images_are_copied_from_zone_to_zone()
    {
        await AddAsync("here", cloud.Zone);
        _there = await cloud.AddZoneAsync("there");
        var (owner, friend) = (await cloud.TenantAsync("copier"), await cloud.TenantAsync("looker"));
        var template = await RegisterAsync(owner, "Template", "travels", ("passwordenabled", "true"), ("isdynamicallyscalable", "true"));
        var iso = await RegisterAsync(owner, "Iso", "travelling-iso");

        // Nothing there takes it yet.
        (await CopyAsync(owner, "copyTemplate", template)).ShouldBe(431).ErrorText!.ShouldContain("The zone there has no image store that takes new images; add one (addImageStore).");
        var store = await AddAsync("there", _there);
        foreach (var url in new[] { "http://images/travels.qcow2", "http://images/travelling-iso.iso" }) cloud.Simulator.Disks.Sources[url] = new FakeSource(IsMissing: true);

        (await CopyAsync(friend, "copyTemplate", template)).ShouldBe(431).ErrorText!.ShouldContain(template);
        (await cloud.AsAsync(owner.Keys, "updateTemplatePermissions", ("id", template), ("ispublic", "true"))).ShouldBe(200);
        (await CopyAsync(friend, "copyTemplate", template)).ShouldBe(531).ErrorText!.ShouldContain("Only its owner and administrators");
        var direct = await DirectAsync();
        (await cloud.CallAsync("copyTemplate", ("id", direct), ("destzoneid", _there))).ShouldBe(431).ErrorText!.ShouldContain("is downloaded directly");
        (await CopyAsync(owner, "copyIso", template)).ShouldBe(431).ErrorText!.ShouldContain(template);
        (await CopyAsync(owner, "copyTemplate", iso)).ShouldBe(431).ErrorText!.ShouldContain(iso);

        var copy = await CopiedAsync(owner, "copyTemplate", "template", template, ("sourcezoneid", cloud.Zone), ("destzoneid", _there));
        copy["id"]!.GetValue<string>().ShouldNotBe(template);
        foreach (var field in new[] { "name", "displaytext", "account", "domainid", "format", "passwordenabled", "isdynamicallyscalable", "ispublic", "size", "physicalsize", "ostypename" })
            copy[field]!.ToJsonString().ShouldBe((await ShownAsync(template))[field]!.ToJsonString(), field);
        (copy["zonename"]!.GetValue<string>(), copy["isready"]!.GetValue<bool>()).ShouldBe(("there", true));
        var disc = await CopiedAsync(owner, "copyIso", "iso", iso, ("destzoneids", _there));
        disc["zoneid"]!.GetValue<string>().ShouldBe(_there);
        ImagesIn("there").ShouldBe(2);
        await using (var db = cloud.Open())
            (await db.Set<StoreImage>().Where(i => i.StoreId == new Id<ImageStore>(Guid.Parse(store))).Select(i => i.Checksum).ToListAsync()).ShouldAllBe(c => c.StartsWith("{SHA-256}"));

        await RefusedAsync(owner, "is in the zone there already, as " + copy["id"], template, ("destzoneid", _there));
        await RefusedAsync(owner, "is in the zone zone already, as " + template, copy["id"]!.GetValue<string>(), ("destzoneid", cloud.Zone));
        await RefusedAsync(owner, "it is copied from there", template, ("destzoneid", cloud.Zone));
        await RefusedAsync(owner, "is not in that zone", template, ("sourcezoneid", _there), ("destzoneid", _there));
        await RefusedAsync(owner, "missing parameter destzoneid", template);
        await cloud.ShouldBeCleanAsync();

        // What failed leaves nothing, and can be asked for again.
        await cloud.JobAsAsync(owner.Keys, "deleteTemplate", ("id", copy["id"]!.GetValue<string>()));
        StoreOf("there").IsFull = true;
        var counted = await CountAsync(owner);
        var job = await cloud.JobAsAsync(owner.Keys, "copyTemplate", ("id", template), ("destzoneid", _there));
        job["jobresult"]!["errortext"]!.GetValue<string>().ShouldContain("does not fit");
        StoreOf("there").IsFull = false;
        (await CountAsync(owner)).ShouldBe(counted);
        (await cloud.AsAsync(owner.Keys, "listTemplates", ("templatefilter", "self"), ("zoneid", _there))).ShouldBe(200).Body.Count.ShouldBe(0);

        // A worker that serves it may go in the middle.
        StoreOf("there").IsSlow = true;
        var slow = cloud.JobAsAsync(owner.Keys, "copyTemplate", ("id", template), ("destzoneid", _there));
        for (var i = 0; i < 4000 && PartsIn("there") == 0; i++) await Task.Delay(25);
        var serving = await cloud.ShapeAsync("systemvm", "listSystemVms", ("zoneid", cloud.Zone));
        await cloud.JobAsync("rebootSystemVm", ("id", serving["id"]!.GetValue<string>()));
        StoreOf("there").IsSlow = false;
        (await slow)["jobstatus"]!.GetValue<int>().ShouldBe(1, (await slow).ToJsonString());
        await cloud.ShouldBeCleanAsync();

        // What is deleted on its way comes no further; what is deleted where it came from goes on.
        await cloud.JobAsAsync(owner.Keys, "deleteTemplate", ("id", (await slow)["jobresult"]!["template"]!["id"]!.GetValue<string>()));
        StoreOf("there").IsSlow = true;
        var deleted = cloud.JobAsAsync(owner.Keys, "copyTemplate", ("id", template), ("destzoneid", _there));
        for (var i = 0; i < 4000 && PartsIn("there") == 0; i++) await Task.Delay(25);
        var coming = await cloud.AsAsync(owner.Keys, "listTemplates", ("templatefilter", "self"), ("zoneid", _there));
        await cloud.JobAsAsync(owner.Keys, "deleteTemplate", ("id", coming.Body["template"]![0]!["id"]!.GetValue<string>()));
        (await deleted)["jobresult"]!["errortext"]!.GetValue<string>().ShouldBe("The template travels was deleted before it had come.");
        PartsIn("there").ShouldBe(0);
        var going = cloud.JobAsAsync(owner.Keys, "copyTemplate", ("id", template), ("destzoneid", _there));
        for (var i = 0; i < 4000 && PartsIn("there") == 0; i++) await Task.Delay(25);
        await cloud.JobAsAsync(owner.Keys, "deleteTemplate", ("id", template));
        await Task.Delay(1000);
        going.IsCompleted.ShouldBeFalse();
        StoreOf("there").IsSlow = false;
        (await going)["jobstatus"]!.GetValue<int>().ShouldBe(1, (await going).ToJsonString());
        await cloud.ShouldBeCleanAsync();

        (await cloud.CallAsync("updateResourceLimit", ("resourcetype", "4"), ("max", "2"), ("account", "copier"), ("domainid", owner.Domain.Id.ToString()))).ShouldBe(200);
        await cloud.JobAsAsync(owner.Keys, "deleteIso", ("id", disc["id"]!.GetValue<string>()));
        (await CopyAsync(owner, "copyIso", iso)).ShouldBe(535);
    }

    private async Task<string> DirectAsync() => (await cloud.ShapeAsync("template", "registerTemplate", ("zoneid", cloud.Zone), ("name", "direct"), ("format", "QCOW2"),
        ("hypervisor", "Simulator"), ("url", "http://images/direct.qcow2"), ("directdownload", "true")))["id"]!.GetValue<string>();

    private async Task<string> AddAsync(string name, string zone) => (await cloud.ShapeAsync(
        "imagestore", "addImageStore", ("zoneid", zone), ("name", name), ("provider", "NFS"), ("url", $"nfs://192.0.2.1/stores/{name}")))["id"]!.GetValue<string>();

    private async Task<string> RegisterAsync(Tenant owner, string kind, string name, params (string, string)[] more)
    {
        var url = $"http://images/{name}.{(kind == "Iso" ? "iso" : "qcow2")}";
        cloud.Simulator.Disks.Sources[url] = new FakeSource(
            Checksum: "{SHA-256}" + new string('c', 64), Format: kind == "Iso" ? ImageFormat.Iso : ImageFormat.Qcow2);
        (string, string)[] format = kind == "Iso" ? [] : [("format", "QCOW2"), ("hypervisor", "Simulator")];
        var body = (await cloud.AsAsync(owner.Keys, $"register{kind}", [("zoneid", cloud.Zone), ("name", name), ("displaytext", name + "!"), ("url", url), .. format, .. more])).ShouldBe(200).Body;
        var id = body[kind.ToLowerInvariant()]![0]!["id"]!.GetValue<string>();
        for (var i = 0; i < 4000 && !(await ShownAsync(id))["isready"]!.GetValue<bool>(); i++) await Task.Delay(25);
        return id;
    }

    private async Task<JsonObject> ShownAsync(string id)
    {
        var found = (await cloud.CallAsync("listTemplates", ("templatefilter", "all"), ("id", id))).ShouldBe(200).Body;
        return found["template"] is JsonArray { Count: 1 } one ? one[0]!.AsObject() : await cloud.ShapeAsync("iso", "listIsos", ("isofilter", "all"), ("id", id));
    }

    private Task<Reply> CopyAsync(Tenant caller, string command, string id) => cloud.AsAsync(caller.Keys, command, ("id", id), ("destzoneid", _there));

    private async Task<JsonObject> CopiedAsync(Tenant owner, string command, string shape, string id, params (string, string)[] parameters)
    {
        var job = await cloud.JobAsAsync(owner.Keys, command, [("id", id), .. parameters]);
        job["jobstatus"]!.GetValue<int>().ShouldBe(1, job.ToJsonString());
        return job["jobresult"]![shape]!.AsObject();
    }

    private async Task RefusedAsync(Tenant caller, string why, string id, params (string, string)[] parameters) =>
        (await cloud.AsAsync(caller.Keys, "copyTemplate", [("id", id), .. parameters])).ShouldBe(431).ErrorText!.ShouldContain(why);

    private async Task<long> CountAsync(Tenant owner)
    {
        await using var db = cloud.Open();
        return await db.Set<Stratiform.Management.Accounts.ResourceCount>().Where(c => c.AccountId == owner.Account.Id && c.Kind == Stratiform.Management.Accounts.ResourceKind.Template)
            .Select(c => c.Used).SingleAsync();
    }

    private FakeStore StoreOf(string name) => cloud.Simulator.Disks.Store($"nfs://192.0.2.1/stores/{name}");

    private int ImagesIn(string name)
    {
        var store = StoreOf(name);
        lock (store) return store.Images.Count;
    }

    private int PartsIn(string name)
    {
        var store = StoreOf(name);
        lock (store) return store.Parts.Count;
    }
}
