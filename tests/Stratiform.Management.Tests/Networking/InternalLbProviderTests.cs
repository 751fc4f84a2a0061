using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

/// <summary>Who gives load balancers within VPCs, and to which networks.</summary>
public sealed class InternalLbProviderTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Theory]
    [InlineData("lbSchemes", "internal", null, "forvpc=true", false)]
    [InlineData("lbSchemes", "sideways", null, "public or internal", true)]
    [InlineData("lbSchemes", "Public", "InternalLbVm", "is not what the provider of Lb gives", true)]
    [InlineData("lbSchemes", "internal", "VpcVirtualRouter", "is not what the provider of Lb gives", true)]
    [InlineData("SupportedLbIsolation", "dedicated", "InternalLbVm", "The provider InternalLbVm is not supported", false)]
    public async Task An_offering_says_one_scheme(string capability, string value, string? provider, string words, bool forVpc)
    {
        (string, string)[] by = provider is null ? [] : [("serviceproviderlist[0].service", "Lb"), ("serviceproviderlist[0].provider", provider)];
        (await cloud.RefusedAsync(431, "createNetworkOffering", [.. InternalLab.Kind.Where(k => k.Item1 != "forvpc"), ("forvpc", forVpc ? "true" : "false"), ("name", "odd-scheme"), .. by,
            ("servicecapabilitylist[0].service", "lb"), ("servicecapabilitylist[0].capabilitytype", capability), ("servicecapabilitylist[0].capabilityvalue", value)])).ShouldContain(words);
    }

    [Fact]
    public async Task An_offering_names_who_gives_its_load_balancers()
    {
        var (_, tier) = await cloud.InnerVpcAsync("provided", 64);
        var lb = (await cloud.ShapeAsync("network", "listNetworks", ("id", tier)))["service"]!.AsArray().Single(s => s!["name"]!.GetValue<string>() == "Lb")!;
        lb["provider"]!.AsArray().ShouldHaveSingleItem()!["name"]!.GetValue<string>().ShouldBe("InternalLbVm");
        var capability = lb["capability"]!.AsArray().ShouldHaveSingleItem()!;
        (capability["name"]!.GetValue<string>(), capability["value"]!.GetValue<string>()).ShouldBe(("LbSchemes", "Internal"));
        await cloud.DoneAsync("vpcoffering", "createVPCOffering", ("name", "with-inner"), ("serviceproviderlist[0].service", "Lb"), ("serviceproviderlist[0].provider", "InternalLbVm"),
            ("serviceproviderlist[1].service", "Lb"), ("serviceproviderlist[1].provider", "VpcVirtualRouter"));
    }

    [Theory]
    [InlineData("updateNetworkServiceProvider", "state", "Disabled", "Enabled")]
    [InlineData("configureInternalLoadBalancerElement", "enabled", "false", "true")]
    public async Task A_provider_that_is_switched_off_gives_no_new_ones(string command, string field, string off, string on)
    {
        var number = field == "state" ? 65 : 66;
        var (_, tier) = await cloud.InnerVpcAsync("switched-" + field, number);
        var wires = (await cloud.ShapeAsync("physicalnetwork", "listPhysicalNetworks", ("zoneid", cloud.Zone))).IdOf();
        var provider = await cloud.ShapeAsync("networkserviceprovider", "listNetworkServiceProviders", ("physicalnetworkid", wires), ("name", "InternalLbVm"));
        provider["servicelist"]!.AsArray().Select(s => s!.GetValue<string>()).ShouldBe(["Lb"]);
        var element = await cloud.ShapeAsync("internalloadbalancerelement", "listInternalLoadBalancerElements", ("nspid", provider.IdOf()), ("enabled", "true"));
        (await cloud.CallAsync("listVirtualRouterElements", ("nspid", provider.IdOf()))).ShouldBe(200).Body.Count.ShouldBe(0);
        await cloud.RefusedAsync(431, "configureVirtualRouterElement", ("id", element.IdOf()), ("enabled", "false"));
        var (shape, id) = field == "state" ? ("networkserviceprovider", provider.IdOf()) : ("internalloadbalancerelement", element.IdOf());
        var old = await cloud.SpreadWithinAsync(tier);
        await cloud.DoneAsync(shape, command, ("id", id), (field, off));
        (await cloud.RefusedAsync(431, "createLoadBalancer", InternalLab.In(tier, ("sourceport", "81")))).ShouldContain(command);
        await cloud.NetworkAsync("not-concerned-" + field);
        await cloud.DoneAsync(shape, command, ("id", id), (field, on));
        await cloud.SpreadWithinAsync(tier, ("sourceport", "81"));
        await cloud.SucceedsAsync("deleteLoadBalancer", old.IdOf());
    }
}
