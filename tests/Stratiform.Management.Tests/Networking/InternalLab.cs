using System.Text.Json.Nodes;
using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

/// <summary>What tests of load balancers within VPCs do again and again.</summary>
internal static class InternalLab
{
    /// <summary>What offerings of tiers say.</summary>
    public static readonly (string Name, string Value)[] Kind = [("traffictype", "Guest"), ("guestiptype", "Isolated"), ("forvpc", "true"), ("enable", "true")];

    /// <summary>A tier whose offering has internal load balancers, of this gateway's /24.</summary>
    public static async Task<string> InnerTierAsync(this SimulatedCloudServer cloud, string vpc, string name, string gateway)
    {
        var listed = (await cloud.CallAsync("listNetworkOfferings", ("name", "inner-tiers"))).ShouldBe(200).Body["networkoffering"];
        var offering = listed?[0]!["id"]!.GetValue<string>() ?? (await cloud.ShapeAsync("networkoffering", "createNetworkOffering", [.. Kind, ("name", "inner-tiers"),
            ("serviceproviderlist[0].service", "Lb"), ("serviceproviderlist[0].provider", "InternalLbVm"),
            ("servicecapabilitylist[0].service", "Lb"), ("servicecapabilitylist[0].capabilitytype", "SupportedLbIsolation"), ("servicecapabilitylist[0].capabilityvalue", "dedicated"),
            ("servicecapabilitylist[1].service", "Lb"), ("servicecapabilitylist[1].capabilitytype", "lbSchemes"), ("servicecapabilitylist[1].capabilityvalue", "internal")])).IdOf();
        return (await cloud.ShapeAsync("network", "createNetwork", ("name", name), ("zoneid", cloud.Zone), ("networkofferingid", offering),
            ("vpcid", vpc), ("gateway", gateway), ("netmask", "255.255.255.0"))).IdOf();
    }

    /// <summary>A VPC of 10.N.0.0/16 with such a tier, 10.N.1.0/24.</summary>
    public static async Task<(string Vpc, string Tier)> InnerVpcAsync(this SimulatedCloudServer cloud, string name, int number)
    {
        var vpc = await cloud.VpcAsync(name, number);
        return (vpc, await cloud.InnerTierAsync(vpc, name, $"10.{number}.1.1"));
    }

    /// <summary>What createLoadBalancer is told, from port 80 to port 8080 of a tier unless something else is said.</summary>
    public static (string Name, string Value)[] In(string tier, params (string Name, string Value)[] more) =>
    [
        .. new (string Name, string Value)[]
        {
            ("name", "inner"), ("networkid", tier), ("sourceipaddressnetworkid", tier), ("sourceport", "80"), ("instanceport", "8080"),
            ("algorithm", "roundrobin"), ("scheme", "Internal"),
        }.Where(p => !more.Any(m => m.Name == p.Name)),
        .. more,
    ];

    /// <summary>A load balancer in a tier.</summary>
    public static Task<JsonObject> SpreadWithinAsync(this SimulatedCloudServer cloud, string tier, params (string Name, string Value)[] more) =>
        cloud.DoneAsync("loadbalancer", "createLoadBalancer", In(tier, more));

    /// <summary>Asks for a job that succeeds.</summary>
    public static async Task SucceedsAsync(this SimulatedCloudServer cloud, string command, string id, params (string Name, string Value)[] more) =>
        (await cloud.JobAsync(command, [("id", id), .. more]))["jobstatus"]!.GetValue<int>().ShouldBe(1);
}
