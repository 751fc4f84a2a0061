using System.Text.Json.Nodes;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Management.Networking;
using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

/// <summary>Routers of 64 and of 32 bits: chosen by an offering, or preferred by a setting.</summary>
public sealed class RouterArchitectureTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private const string Setting = "system.vm.preferred.architecture";

    [Fact]
    public async Task One_that_runs_changes_its_architecture_beside_itself()
    {
        var (network, _) = await cloud.WithGuestAsync("narrowing");
        var before = await cloud.RouterAsync(network);
        Arch(before).ShouldBe("x86_64");
        (await cloud.SpecAsync(before.IdOf())).Kernel!.Image.ShouldBe("system-vm");
        var narrow = await OfferingAsync("narrow-router", 128, "i386");

        var after = await cloud.ShapeAsync("router", "changeServiceForRouter", ("id", before.IdOf()), ("serviceofferingid", narrow));
        (Arch(after), after["state"]!.GetValue<string>()).ShouldBe(("i386", "Running"));
        after["name"]!.GetValue<string>().ShouldNotBe(before["name"]!.GetValue<string>(), "another domain serves");
        (await cloud.SpecAsync(before.IdOf())).Kernel!.Image.ShouldBe("system-vm-i386");
        Arch(await cloud.ShapeAsync("systemvm", "listSystemVms", ("id", before.IdOf()))).ShouldBe("i386");
        var limits = RouterSize.Bits32.Limits(128, tls: false);
        (await cloud.RouterFileAsync(network, "sysctl")).ShouldStartWith($"net.netfilter.nf_conntrack_max = {limits.Tracked}\n");

        var wide = await OfferingAsync("wide-router", 128, "x86_64");
        Arch(await cloud.ShapeAsync("router", "changeServiceForRouter", ("id", before.IdOf()), ("serviceofferingid", wide))).ShouldBe("x86_64");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_setting_prefers_one_where_offerings_leave_it_open()
    {
        var (network, _) = await cloud.WithGuestAsync("preferring");
        var router = (await cloud.RouterAsync(network)).IdOf();
        var (open, fixedly, large) = (await OfferingAsync("open-router", 128), await OfferingAsync("fixed-router", 128, "x86_64"), await OfferingAsync("large-open-router", 8192));
        (await cloud.RefusedAsync(431, "updateConfiguration", ("name", Setting), ("value", "aarch64"))).ShouldContain("x86_64, i386");
        await PreferAsync("i386");
        try
        {
            Arch(await cloud.RouterAsync(network)).ShouldBe("x86_64", "it runs");
            foreach (var (offering, arch) in new[] { (open, "i386"), (fixedly, "x86_64"), (large, "x86_64"), (open, "i386") })
            {
                var changed = await cloud.ShapeAsync("router", "changeServiceForRouter", ("id", router), ("serviceofferingid", offering));
                Arch(changed).ShouldBe(arch);
                (await cloud.SpecAsync(router)).Kernel!.Image.ShouldBe(arch == "i386" ? "system-vm-i386" : "system-vm");
            }
            (await cloud.JobAsync("stopRouter", ("id", router)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
            Arch(await cloud.RouterAsync(network)).ShouldBeNull("it is open until it boots");
        }
        finally
        {
            await PreferAsync("x86_64");
        }
        (await cloud.JobAsync("startRouter", ("id", router)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        Arch(await cloud.RouterAsync(network)).ShouldBe("x86_64");
        (await cloud.SpecAsync(router)).Kernel!.Image.ShouldBe("system-vm");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Where_no_host_has_the_image_the_answer_says_what_to_install()
    {
        var (network, _) = await cloud.WithGuestAsync("lacking");
        var before = await cloud.RouterAsync(network);
        var narrow = await OfferingAsync("lacking-router", 128, "i386");
        await InstallAsync("system-vm");
        try
        {
            (await cloud.RefusedAsync(533, "changeServiceForRouter", ("id", before.IdOf()), ("serviceofferingid", narrow)))
                .ShouldSatisfyAllConditions(t => t.ShouldContain("serves on as it is"), t => t.ShouldContain("image system-vm-i386"));
            (Arch(await cloud.RouterAsync(network)), (await cloud.RouterAsync(network))["name"]!.GetValue<string>()).ShouldBe(("x86_64", before["name"]!.GetValue<string>()));
            (await cloud.JobAsync("stopRouter", ("id", before.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
            await cloud.ShapeAsync("router", "changeServiceForRouter", ("id", before.IdOf()), ("serviceofferingid", narrow));
            var job = await cloud.JobAsync("startRouter", ("id", before.IdOf()));
            job["jobstatus"]!.GetValue<int>().ShouldBe(2);
            job["jobresult"]!["errortext"]!.GetValue<string>().ShouldContain("lack the system VM image system-vm-i386 (docs/guides/router-size.md");
        }
        finally
        {
            await InstallAsync("system-vm", "system-vm-i386");
        }
        (await cloud.JobAsync("startRouter", ("id", before.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        Arch(await cloud.RouterAsync(network)).ShouldBe("i386");
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task Offerings_show_their_architecture_and_refuse_what_none_has()
    {
        var asFields = await cloud.ShapeAsync("serviceoffering", "createServiceOffering", [.. Sized("fields-router", 64), ("serviceofferingdetails[0].arch", "i386")]);
        asFields["serviceofferingdetails"]!["arch"]!.GetValue<string>().ShouldBe("i386");
        (await cloud.ShapeAsync("serviceoffering", "listServiceOfferings", ("issystem", "true"), ("id", asFields.IdOf())))["serviceofferingdetails"]!["arch"]!.GetValue<string>().ShouldBe("i386");
        (await cloud.ShapeAsync("serviceoffering", "createServiceOffering", Sized("plain-router", 128)))["serviceofferingdetails"].ShouldBeNull();

        (await RefusalAsync(Sized("r", 128), "arch", "sparc")).ShouldContain("x86_64 or i386, not sparc");
        (await RefusalAsync(Sized("r", 128), "bits", "32")).ShouldContain("detail bits is not supported");
        (await RefusalAsync(Sized("r", 48), "arch", "i386")).ShouldContain($"at least {RouterSize.Bits32.LeastMib} MiB");
        (await RefusalAsync(Sized("r", 96), "arch", "x86_64")).ShouldContain("at least 128 MiB");
        (await RefusalAsync(Sized("r", RouterSize.Bits32.MostMib + 32), "arch", "i386")).ShouldSatisfyAllConditions(
            t => t.ShouldContain($"at most {RouterSize.Bits32.MostMib} MiB"), t => t.ShouldContain("arch=x86_64"));
        (await RefusalAsync(Sized("r", 512, "secondarystoragevm"), "arch", "i386")).ShouldContain("routers alone can be of i386");
        (await RefusalAsync([("name", "g"), ("cpunumber", "1"), ("cpuspeed", "500"), ("memory", "128")], "arch", "i386")).ShouldContain("is of routers");
    }

    private static string? Arch(JsonObject vm) => vm["arch"]?.GetValue<string>();

    private static (string Name, string Value)[] Sized(string name, int memory, string type = "domainrouter") =>
    [
        ("name", name), ("cpunumber", "1"), ("cpuspeed", "500"), ("memory", $"{memory}"), ("issystem", "true"), ("systemvmtype", type),
    ];

    private static (string Name, string Value)[] Detail(string key, string value) =>
        [("serviceofferingdetails[0].key", key), ("serviceofferingdetails[0].value", value)];

    private Task<string> RefusalAsync((string Name, string Value)[] offering, string key, string value) =>
        cloud.RefusedAsync(431, "createServiceOffering", [.. offering, .. Detail(key, value)]);

    private async Task<string> OfferingAsync(string name, int memory, string? arch = null) =>
        (await cloud.ShapeAsync("serviceoffering", "createServiceOffering", [.. Sized(name, memory), .. arch is null ? [] : Detail("arch", arch)])).IdOf();

    private async Task PreferAsync(string arch) => (await cloud.CallAsync("updateConfiguration", ("name", Setting), ("value", arch))).ShouldBe(200);

    // As an operator does on every host; the cloud learns it from what they report.
    private async Task InstallAsync(params string[] images)
    {
        foreach (var host in cloud.Simulator.Hosts) host.Hypervisor.Images = images;
        var last = $",workers,{string.Join(',', images)}";
        for (var look = 0; !await AllTellAsync(last); look++)
        {
            look.ShouldBeLessThan(1000, "hosts do not tell of their images");
            await Task.Delay(50);
        }
        cloud.Service<HostRoom>().Forget();
    }

    private async Task<bool> AllTellAsync(string last) => (await cloud.CallAsync("listHosts")).Body["host"]!.AsArray()
        .All(h => h!["capabilities"]!.GetValue<string>().EndsWith(last, StringComparison.Ordinal));
}
