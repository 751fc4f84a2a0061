using Microsoft.EntityFrameworkCore;
using Stratiform.Agent.Storage;
using Stratiform.Management.Tests.Api;
using Stratiform.Management.Tests.Simulated;


namespace Stratiform.Management.Tests.Images;

/// <summary>ISOs from registration to deletion.</summary>
public sealed class IsoTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task An_iso_is_registered_changed_listed_and_deleted()
    {
        var owner = await cloud.TenantAsync("disc");
        var iso = await RegisterAsync(owner, "installer");
        await ReadyAsync(iso);
        var shown = (await ListAsync(owner, ("id", iso))).ShouldBe(200).Body["iso"]![0]!.AsObject();
        (shown["format"]!.GetValue<string>(), shown["status"]!.GetValue<string>(), shown["isready"]!.GetValue<bool>()).ShouldBe(("ISO", "Download Complete", true));
        shown.ContainsKey("hypervisor").ShouldBeFalse();
        shown["bootable"]!.GetValue<bool>().ShouldBeTrue();

        shown = (await cloud.AsAsync(owner.Keys, "updateIso", ("id", iso), ("name", "drivers"), ("displaytext", "text"), ("bootable", "false"), ("sortkey", "3"), ("passwordenabled", "true")))
            .ShouldBe(200).Body["iso"]!.AsObject();
        (shown["name"]!.GetValue<string>(), shown["displaytext"]!.GetValue<string>(), shown["bootable"]!.GetValue<bool>()).ShouldBe(("drivers", "text", false));
        (await ListAsync(owner, ("bootable", "true"))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await ListAsync(owner, ("name", "drivers"), ("ispublic", "false"), ("zoneid", cloud.Zone))).ShouldBe(200).Body["count"]!.GetValue<int>().ShouldBe(1);
        (await TemplatesOfAsync(owner)).ShouldBe(1, "it counts as a template");

        var job = await cloud.JobAsAsync(owner.Keys, "deleteIso", ("id", iso));
        job["jobstatus"]!.GetValue<int>().ShouldBe(1, job.ToJsonString());
        (await ListAsync(owner, ("id", iso))).ShouldBe(200).Body.Count.ShouldBe(0);
        (await TemplatesOfAsync(owner)).ShouldBe(0);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task What_is_no_iso_is_found_out()
    {
        cloud.Simulator.Disks.Sources["http://images/mistaken.iso"] = new FakeSource();
        var iso = await RegisterAsync(await cloud.TenantAsync("mistaken"), "mistaken");
        for (var i = 0; i < 4000; i++)
        {
            if ((await StatusAsync(iso)).Contains("is no Iso image but Qcow2", StringComparison.Ordinal)) return;
            await Task.Delay(25);
        }
        (await StatusAsync(iso)).ShouldContain("is no Iso image but Qcow2");
    }

    [Fact]
    public async Task Templates_and_isos_do_not_know_each_others_commands()
    {
        var owner = await cloud.TenantAsync("both");
        var iso = await RegisterAsync(owner, "only-iso");
        var template = (await cloud.AsAsync(owner.Keys, "registerTemplate", ("zoneid", cloud.Zone), ("name", "only-template"), ("format", "QCOW2"), ("hypervisor", "Simulator"),
            ("url", "http://images/only.qcow2"))).ShouldBe(200).Body["template"]![0]!["id"]!.GetValue<string>();
        foreach (var command in new[] { "updateTemplate", "deleteTemplate", "updateTemplatePermissions", "listTemplatePermissions" })
            (await cloud.AsAsync(owner.Keys, command, ("id", iso))).ShouldBe(431).ErrorText!.ShouldContain(iso);
        foreach (var command in new[] { "updateIso", "deleteIso", "updateIsoPermissions", "listIsoPermissions" })
            (await cloud.AsAsync(owner.Keys, command, ("id", template))).ShouldBe(431).ErrorText!.ShouldContain(template);
        (await cloud.CallAsync("prepareTemplate", ("templateid", iso), ("zoneid", cloud.Zone))).ShouldBe(431);
        (await cloud.AsAsync(owner.Keys, "listTemplates", ("templatefilter", "self"))).ShouldBe(200).Body["count"]!.GetValue<int>().ShouldBe(1);
        (await ListAsync(owner, ("isofilter", "self"))).ShouldBe(200).Body["count"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task An_iso_is_its_owners_until_it_is_shared()
    {
        var (owner, other) = (await cloud.TenantAsync("disc-owner"), await cloud.TenantAsync("disc-other"));
        var iso = await RegisterAsync(owner, "private");
        await ReadyAsync(iso);
        foreach (var command in new[] { "updateIso", "deleteIso", "updateIsoPermissions", "listIsoPermissions" })
            (await cloud.AsAsync(other.Keys, command, ("id", iso))).ShouldBe(431).ErrorText!.ShouldContain(iso);
        (await ListAsync(other, ("id", iso))).ShouldBe(200).Body.Count.ShouldBe(0);

        (await cloud.AsAsync(owner.Keys, "updateIsoPermissions", ("id", iso), ("op", "add"), ("accounts", "disc-owner"))).ShouldBe(200);
        (await cloud.AsAsync(owner.Keys, "updateIsoPermissions", ("id", iso), ("ispublic", "true"), ("isextractable", "true"))).ShouldBe(200);
        (await ListAsync(other, ("id", iso))).ShouldBe(200).Body["iso"]![0]!["isextractable"]!.GetValue<bool>().ShouldBeTrue();
        (await ListAsync(other, ("isofilter", "community"), ("name", "private"))).ShouldBe(200).Body["count"]!.GetValue<int>().ShouldBe(1);
        (await cloud.AsAsync(other.Keys, "listIsoPermissions", ("id", iso))).ShouldBe(200).Body["templatepermission"]!["ispublic"]!.GetValue<bool>().ShouldBeTrue();
        (await cloud.AsAsync(other.Keys, "updateIso", ("id", iso), ("name", "mine"))).ShouldBe(431);
    }

    private async Task<string> RegisterAsync(Tenant owner, string name) =>
        (await cloud.AsAsync(owner.Keys, "registerIso", ("zoneid", cloud.Zone), ("name", name), ("url", $"http://images/{name}.iso")))
            .ShouldBe(200).Body["iso"]![0]!["id"]!.GetValue<string>();

    private Task<Reply> ListAsync(Tenant who, params (string, string)[] parameters) => cloud.AsAsync(who.Keys, "listIsos", parameters);

    private async Task<string> StatusAsync(string iso) => (await cloud.ShapeAsync("iso", "listIsos", ("id", iso)))["status"]!.GetValue<string>();

    private async Task ReadyAsync(string iso)
    {
        for (var i = 0; i < 4000 && await StatusAsync(iso) != "Download Complete"; i++) await Task.Delay(25);
        (await StatusAsync(iso)).ShouldBe("Download Complete");
    }

    private async Task<long> TemplatesOfAsync(Tenant owner)
    {
        await using var db = cloud.Open();
        return await db.Set<Management.Accounts.ResourceCount>().Where(c => c.AccountId == owner.Account.Id && c.Kind == Management.Accounts.ResourceKind.Template).Select(c => c.Used).SingleAsync();
    }
}
