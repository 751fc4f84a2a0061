using System.Text.Json.Nodes;
using Stratiform.Agent.Compute;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.Compute;

/// <summary>ISOs in the drives of virtual machines.</summary>
public sealed class DriveTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task An_iso_goes_into_the_drive_of_a_running_virtual_machine_and_out_again()
    {
        var iso = await RegisterAsync("drivers");
        var vm = Text(await cloud.DeployAsync(await cloud.NetworkAsync("drive"), "drive"), "id");
        (await DiscAsync(vm)).ShouldBeNull();
        var shown = await AttachAsync(vm, iso);
        (Text(shown, "isoid"), Text(shown, "isoname"), Text(shown, "isodisplaytext")).ShouldBe((iso, "drivers", "drivers"));
        (await DiscAsync(vm)).ShouldNotBeNull();
        (await cloud.ShapeAsync("virtualmachine", "listVirtualMachines", ("isoid", iso)))["id"]!.GetValue<string>().ShouldBe(vm);

        var other = await RegisterAsync("others");
        (await cloud.CallAsync("attachIso", ("id", other), ("virtualmachineid", vm))).ShouldBe(431).ErrorText!.ShouldContain("detachIso");
        var before = await DiscAsync(vm);
        Text(await AttachAsync(vm, other, ("forced", "true")), "isoname").ShouldBe("others");
        (await DiscAsync(vm)).ShouldNotBe(before);
        (await cloud.CallAsync("deleteIso", ("id", other))).ShouldBe(536).ErrorText!.ShouldContain("in the drive");
        Done(await cloud.JobAsync("deleteIso", ("id", iso)));

        (await cloud.DoneAsync("virtualmachine", "rebootVirtualMachine", ("id", vm)))["isoname"]!.GetValue<string>().ShouldBe("others");
        (await SpecAsync(vm)).BootsFromCdrom.ShouldBeTrue();
        (await cloud.DoneAsync("virtualmachine", "detachIso", ("virtualmachineid", vm))).ContainsKey("isoid").ShouldBeFalse();
        (await DiscAsync(vm)).ShouldBeNull();
        (await cloud.CallAsync("detachIso", ("virtualmachineid", vm))).ShouldBe(431).ErrorText!.ShouldContain("has no ISO");
        Done(await cloud.JobAsync("deleteIso", ("id", other)));
        await cloud.DoneAsync("virtualmachine", "destroyVirtualMachine", ("id", vm));
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_stopped_virtual_machine_starts_with_its_iso_in_the_drive()
    {
        var iso = await RegisterAsync("rescue");
        (await cloud.CallAsync("updateIso", ("id", iso), ("bootable", "false"))).ShouldBe(200);
        var vm = Text(await cloud.DeployAsync(await cloud.NetworkAsync("stopped"), "stopped"), "id");
        await cloud.DoneAsync("virtualmachine", "stopVirtualMachine", ("id", vm));
        Text(await AttachAsync(vm, iso), "isoid").ShouldBe(iso);
        await cloud.DoneAsync("virtualmachine", "startVirtualMachine", ("id", vm));
        (await SpecAsync(vm)).Cdrom.ShouldNotBeNull();
        (await SpecAsync(vm)).BootsFromCdrom.ShouldBeFalse("it is not bootable");
        await cloud.DoneAsync("virtualmachine", "stopVirtualMachine", ("id", vm));
        await cloud.DoneAsync("virtualmachine", "detachIso", ("virtualmachineid", vm));
        await cloud.DoneAsync("virtualmachine", "startVirtualMachine", ("id", vm));
        (await DiscAsync(vm)).ShouldBeNull();
        await cloud.DoneAsync("virtualmachine", "destroyVirtualMachine", ("id", vm));
    }

    [Fact]
    public async Task A_drive_that_the_guest_keeps_shut_is_opened_by_force_alone()
    {
        var iso = await RegisterAsync("mounted");
        var vm = Text(await cloud.DeployAsync(await cloud.NetworkAsync("shut"), "shut"), "id");
        await AttachAsync(vm, iso);
        foreach (var machine in Hypervisors) machine.DrivesAreShut = true;
        try
        {
            var job = await cloud.JobAsync("detachIso", ("virtualmachineid", vm));
            (job["jobstatus"]!.GetValue<int>(), job.ToJsonString().Contains("keeps its drive shut", StringComparison.Ordinal)).ShouldBe((2, true));
            Text(await cloud.ShapeAsync("virtualmachine", "listVirtualMachines", ("id", vm)), "isoid").ShouldBe(iso);
            (await DiscAsync(vm)).ShouldNotBeNull();
            await cloud.DoneAsync("virtualmachine", "detachIso", ("virtualmachineid", vm), ("forced", "true"));
        }
        finally
        {
            foreach (var machine in Hypervisors) machine.DrivesAreShut = false;
        }
        (await DiscAsync(vm)).ShouldBeNull();
        await cloud.DoneAsync("virtualmachine", "destroyVirtualMachine", ("id", vm));
    }

    [Fact]
    public async Task A_virtual_machine_is_installed_from_an_iso()
    {
        var iso = await RegisterAsync("installer");
        var network = await cloud.NetworkAsync("install");
        var disk = Text(await cloud.ShapeAsync("diskoffering", "createDiskOffering", ("name", "three"), ("displaytext", "three"), ("disksize", "3")), "id");
        var open = Text(await cloud.ShapeAsync("diskoffering", "createDiskOffering", ("name", "open"), ("displaytext", "open"), ("customized", "true")), "id");
        (string, string)[] asked = [("zoneid", cloud.Zone), ("templateid", iso), ("serviceofferingid", cloud.Small), ("networkids", network), ("name", "installed")];
        await RefusedAsync("needs diskofferingid", asked);
        await RefusedAsync("needs hypervisor", [.. asked, ("diskofferingid", disk)]);
        await RefusedAsync("leaves the size open", [.. asked, ("diskofferingid", open), ("hypervisor", "Simulator")]);
        await RefusedAsync("goes with an ISO", [.. asked.Where(p => p.Item1 != "templateid"), ("templateid", cloud.Template), ("diskofferingid", disk)]);

        var vm = await cloud.DoneAsync("virtualmachine", "deployVirtualMachine", [.. asked, ("diskofferingid", disk), ("hypervisor", "Simulator")]);
        (Text(vm, "isoid"), Text(vm, "templateid"), Text(vm, "templateformat"), Text(vm, "hypervisor")).ShouldBe((iso, iso, "ISO", "Simulator"));
        var spec = await SpecAsync(Text(vm, "id"));
        (spec.BootsFromCdrom, spec.Disks.Count).ShouldBe((true, 1));
        var root = await cloud.ShapeAsync("volume", "listVolumes", ("virtualmachineid", Text(vm, "id")));
        (root["size"]!.GetValue<long>(), Text(root, "diskofferingid")).ShouldBe((3L << 30, disk));
        var second = await cloud.DoneAsync("virtualmachine", "deployVirtualMachine",
            [.. asked.Where(p => p.Item1 != "name"), ("diskofferingid", open), ("size", "5"), ("hypervisor", "simulator"), ("name", "second")]);
        (await cloud.ShapeAsync("volume", "listVolumes", ("virtualmachineid", Text(second, "id"))))["size"]!.GetValue<long>().ShouldBe(5L << 30);

        foreach (var id in new[] { Text(vm, "id"), Text(second, "id") })
        {
            await cloud.DoneAsync("virtualmachine", "detachIso", ("virtualmachineid", id));
            Done(await cloud.JobAsync("rebootVirtualMachine", ("id", id)));
            (await SpecAsync(id)).BootsFromCdrom.ShouldBeFalse("it is installed");
        }
        Done(await cloud.JobAsync("deleteIso", ("id", iso)));
        foreach (var id in new[] { Text(vm, "id"), Text(second, "id") }) Done(await cloud.JobAsync("destroyVirtualMachine", ("id", id), ("expunge", "true")));
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Drives_and_isos_of_others_do_not_exist()
    {
        var (iso, stranger) = (await RegisterAsync("mine"), await cloud.TenantAsync("drive-stranger"));
        var vm = Text(await cloud.DeployAsync(await cloud.NetworkAsync("own"), "own"), "id");
        (await cloud.AsAsync(stranger.Keys, "attachIso", ("id", iso), ("virtualmachineid", vm))).ShouldBe(431).ErrorText!.ShouldContain(vm);
        (await cloud.AsAsync(stranger.Keys, "detachIso", ("virtualmachineid", vm))).ShouldBe(431).ErrorText!.ShouldContain(vm);
        (await cloud.CallAsync("attachIso", ("id", cloud.Template), ("virtualmachineid", vm))).ShouldBe(431).ErrorText!.ShouldContain(cloud.Template);
        (await cloud.AsAsync(stranger.Keys, "deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", iso), ("serviceofferingid", cloud.Small))).ShouldBe(431);
        await cloud.DoneAsync("virtualmachine", "destroyVirtualMachine", ("id", vm));
        (await cloud.CallAsync("attachIso", ("id", iso), ("virtualmachineid", vm))).ShouldBe(431).ErrorText!.ShouldContain("is Destroyed");
    }

    private IEnumerable<FakeHypervisor> Hypervisors => cloud.Simulator.Hosts.Select(host => host.Hypervisor);

    private static string Text(JsonNode node, string field) => node[field]!.GetValue<string>();

    private static void Done(JsonObject job) => job["jobstatus"]!.GetValue<int>().ShouldBe(1, job.ToJsonString());

    private async Task RefusedAsync(string why, (string, string)[] parameters) =>
        (await cloud.CallAsync("deployVirtualMachine", parameters)).ShouldBe(431).ErrorText!.ShouldContain(why);

    private Task<JsonObject> AttachAsync(string vm, string iso, params (string, string)[] more) =>
        cloud.DoneAsync("virtualmachine", "attachIso", [("id", iso), ("virtualmachineid", vm), .. more]);

    private async Task<string> RegisterAsync(string name)
    {
        var id = Text(await cloud.ShapeAsync("iso", "registerIso", ("zoneid", cloud.Zone), ("name", name), ("url", $"http://images/{name}.iso")), "id");
        for (var i = 0; i < 4000; i++)
        {
            if ((await cloud.ShapeAsync("iso", "listIsos", ("id", id)))["isready"]!.GetValue<bool>()) return id;
            await Task.Delay(25);
        }
        throw new TimeoutException($"The ISO {name} does not become ready.");
    }

    private async Task<ImageOnPool?> DiscAsync(string vm) => (await SpecAsync(vm)).Cdrom;

    private async Task<DomainSpec> SpecAsync(string vm)
    {
        foreach (var machine in Hypervisors)
        {
            if ((await machine.ReadAllAsync(CancellationToken.None)).FirstOrDefault(domain => domain.Report.Id == Guid.Parse(vm)) is { } found) return found.Spec;
        }
        throw new InvalidOperationException($"No host has {vm}.");
    }
}
