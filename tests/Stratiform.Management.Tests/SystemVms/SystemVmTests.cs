using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.SystemVms;

public sealed class SystemVmTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task Operators_see_the_routers_among_the_system_vms_and_tenants_see_none()
    {
        var network = await cloud.NetworkAsync("served");
        await cloud.DeployAsync(network, "guest");
        var router = await cloud.ShapeAsync("router", "listRouters", ("networkid", network), ("listall", "true"));

        var vm = await cloud.ShapeAsync("systemvm", "listSystemVms", ("id", router["id"]!.GetValue<string>()));
        vm["name"]!.GetValue<string>().ShouldBe(router["name"]!.GetValue<string>());
        vm["systemvmtype"]!.GetValue<string>().ShouldBe("domainrouter");
        vm["state"]!.GetValue<string>().ShouldBe("Running");
        vm["hostid"]!.GetValue<string>().ShouldBe(router["hostid"]!.GetValue<string>());
        vm["publicip"]!.GetValue<string>().ShouldBe(router["publicip"]!.GetValue<string>());
        vm["podname"]!.GetValue<string>().ShouldNotBeEmpty();
        vm["hypervisor"]!.GetValue<string>().ShouldBe("Simulator");

        (await cloud.ShapeAsync("systemvm", "listSystemVms", ("hostid", vm["hostid"]!.GetValue<string>()), ("systemvmtype", "DomainRouter"), ("state", "Running")))
            ["id"]!.GetValue<string>().ShouldBe(vm["id"]!.GetValue<string>());
        (await cloud.CallAsync("listSystemVms", ("systemvmtype", "consoleproxy"))).ShouldBe(200).Body.Count.ShouldBe(0);
        var tenant = await cloud.TenantAsync("curious");
        (await cloud.AsAsync(tenant.Keys, "listSystemVms")).ShouldBe(401);
    }
}
