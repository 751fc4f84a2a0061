using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

/// <summary>Sizes of routers: offerings of their own, chosen while a router runs or is off.</summary>
public sealed class RouterOfferingTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task One_that_runs_grows_beside_itself_and_what_comes_later_is_as_large()
    {
        var (network, guest) = await cloud.WithGuestAsync("growing");
        var before = await cloud.RouterAsync(network);
        before["serviceofferingname"]!.GetValue<string>().ShouldBe("System Offering For Software Router");
        (await cloud.SpecAsync(before.IdOf())).ShouldSatisfyAllConditions(s => s.Vcpus.ShouldBe(1), s => s.MemoryMib.ShouldBe(128));
        var few = await cloud.RouterFileAsync(network, "sysctl");
        var big = await OfferingAsync("big-router", 2, 512);

        var after = await cloud.ShapeAsync("router", "changeServiceForRouter", ("id", before.IdOf()), ("serviceofferingid", big));
        (after.IdOf(), after["state"]!.GetValue<string>(), after["serviceofferingid"]!.GetValue<string>(), after["serviceofferingname"]!.GetValue<string>())
            .ShouldBe((before.IdOf(), "Running", big, "big-router"));
        after["name"]!.GetValue<string>().ShouldNotBe(before["name"]!.GetValue<string>(), "another domain serves");
        var spec = await cloud.SpecAsync(after.IdOf());
        (spec.Vcpus, spec.CpuMhz, spec.MemoryMib).ShouldBe((2, 600, 512L));
        (await cloud.RouterFileAsync(network, "sysctl")).ShouldNotBe(few, "it takes what its memory holds");
        await cloud.ShouldBeCleanAsync();
        var again = await cloud.ShapeAsync("router", "changeServiceForRouter", ("id", before.IdOf()), ("serviceofferingid", big));
        again["name"]!.GetValue<string>().ShouldBe(after["name"]!.GetValue<string>(), "it is so already");

        (await cloud.JobAsync("destroyRouter", ("id", before.IdOf())))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        await cloud.DeployAsync(network, "growing-later");
        (await cloud.RouterAsync(network))["serviceofferingid"]!.GetValue<string>().ShouldBe(big);
        (await cloud.SpecAsync((await cloud.RouterAsync(network)).IdOf())).MemoryMib.ShouldBe(512);
        (await cloud.CallAsync("deleteServiceOffering", ("id", big))).ShouldBe(200);
        (await cloud.RouterAsync(network))["serviceofferingname"]!.GetValue<string>().ShouldBe("big-router");
        await cloud.ShouldBeCleanAsync();
    }

    [Theory]
    [InlineData("domainrouter")]
    [InlineData("secondarystoragevm")]
    public async Task Each_kind_has_one_that_came_with_the_cloud(string kind) =>
        (await cloud.CallAsync("listServiceOfferings", ("issystem", "true"), ("systemvmtype", kind))).ShouldBe(200).Body["serviceoffering"]!.AsArray()
            .Where(o => o!["defaultuse"]!.GetValue<bool>()).ShouldHaveSingleItem()!["systemvmtype"]!.GetValue<string>().ShouldBe(kind);

    [Fact]
    public async Task A_stopped_one_boots_in_its_new_size()
    {
        var (network, _) = await cloud.WithGuestAsync("resized");
        var router = (await cloud.RouterAsync(network)).IdOf();
        (await cloud.JobAsync("stopRouter", ("id", router)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        var offering = await OfferingAsync("off-router", 1, 256);
        var shown = await cloud.ShapeAsync("router", "changeServiceForRouter", ("id", router), ("serviceofferingid", offering));
        (shown["state"]!.GetValue<string>(), shown["serviceofferingid"]!.GetValue<string>()).ShouldBe(("Stopped", offering));
        (await cloud.JobAsync("startRouter", ("id", router)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        (await cloud.SpecAsync(router)).MemoryMib.ShouldBe(256);
        var inSystem = await cloud.ShapeAsync("systemvm", "listSystemVms", ("id", router));
        inSystem["serviceofferingid"]!.GetValue<string>().ShouldBe(offering);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task One_that_finds_no_room_stays_as_it_was()
    {
        var (network, _) = await cloud.WithGuestAsync("too-large");
        var before = await cloud.RouterAsync(network);
        var huge = await OfferingAsync("huge-router", 1, 4 << 20);
        (await cloud.RefusedAsync(533, "changeServiceForRouter", ("id", before.IdOf()), ("serviceofferingid", huge))).ShouldContain("serves on as it is");
        var after = await cloud.RouterAsync(network);
        (after["name"]!.GetValue<string>(), after["serviceofferingid"]!.GetValue<string>(), after["state"]!.GetValue<string>())
            .ShouldBe((before["name"]!.GetValue<string>(), before["serviceofferingid"]!.GetValue<string>(), "Running"));
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task What_is_not_for_routers_or_not_ones_own_is_refused()
    {
        var (network, _) = await cloud.WithGuestAsync("unchanged");
        var router = (await cloud.RouterAsync(network)).IdOf();
        (await cloud.RefusedAsync(431, "changeServiceForRouter", ("id", router), ("serviceofferingid", cloud.Small))).ShouldContain("is not for routers");
        var builtIn = await cloud.ShapeAsync("serviceoffering", "listServiceOfferings", ("issystem", "true"), ("systemvmtype", "domainrouter"), ("name", "System Offering For Software Router"));
        (await cloud.RefusedAsync(431, "deleteServiceOffering", ("id", builtIn.IdOf()))).ShouldContain("it stays");
        (await cloud.RefusedAsync(431, "createServiceOffering", Sized("low-router", 1, 96))).ShouldContain("at least 128 MiB");
        var tenant = await cloud.TenantAsync("not-an-operator");
        (await cloud.AsAsync(tenant.Keys, "changeServiceForRouter", ("id", router), ("serviceofferingid", builtIn.IdOf()))).ShouldBe(401);
    }

    private static (string, string)[] Sized(string name, int cpus, int memory) =>
    [
        ("name", name), ("cpunumber", $"{cpus}"), ("cpuspeed", "600"), ("memory", $"{memory}"), ("issystem", "true"), ("systemvmtype", "domainrouter"),
    ];

    private async Task<string> OfferingAsync(string name, int cpus, int memory) =>
        (await cloud.ShapeAsync("serviceoffering", "createServiceOffering", Sized(name, cpus, memory))).IdOf();
}
