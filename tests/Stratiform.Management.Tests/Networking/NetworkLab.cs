using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Networking;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.Networking;

/// <summary>What tests of networks do again and again: a network with a guest and an address of its own, and a look into its router.</summary>
internal static class NetworkLab
{
    public static string IdOf(this JsonObject shape) => shape["id"]!.GetValue<string>();

    /// <summary>A network in which a guest runs.</summary>
    public static async Task<(string Network, string Guest)> WithGuestAsync(this SimulatedCloudServer cloud, string name)
    {
        var network = await cloud.NetworkAsync(name);
        return (network, (await cloud.DeployAsync(network, name + "-guest")).IdOf());
    }

    /// <summary>One more public address of a network.</summary>
    public static Task<JsonObject> AcquireAsync(this SimulatedCloudServer cloud, string network, params (string Name, string Value)[] more) =>
        cloud.DoneAsync("ipaddress", "associateIpAddress", [("networkid", network), .. more]);

    /// <summary>A VPC of 10.N.0.0/16.</summary>
    public static async Task<string> VpcAsync(this SimulatedCloudServer cloud, string name, int number, params (string Name, string Value)[] more)
    {
        var listed = (await cloud.CallAsync("listVPCOfferings", ("name", "vpcs"))).ShouldBe(200).Body["vpcoffering"];
        var offering = listed?[0]!["id"]!.GetValue<string>()
            ?? (await cloud.DoneAsync("vpcoffering", "createVPCOffering", ("name", "vpcs"), ("enable", "true"))).IdOf();
        return (await cloud.DoneAsync("vpc", "createVPC", [("name", name), ("zoneid", cloud.Zone), ("vpcofferingid", offering),
            ("cidr", string.Create(CultureInfo.InvariantCulture, $"10.{number}.0.0/16")), .. more])).IdOf();
    }

    /// <summary>An offering for tiers of VPCs.</summary>
    public static async Task<string> TierOfferingAsync(this SimulatedCloudServer cloud)
    {
        var listed = (await cloud.CallAsync("listNetworkOfferings", ("name", "tiers"))).ShouldBe(200).Body["networkoffering"];
        return listed?[0]!["id"]!.GetValue<string>() ?? (await cloud.ShapeAsync("networkoffering", "createNetworkOffering",
            ("name", "tiers"), ("traffictype", "Guest"), ("guestiptype", "Isolated"), ("forvpc", "true"), ("enable", "true"))).IdOf();
    }

    /// <summary>A tier of a VPC, of this gateway's /24.</summary>
    public static async Task<string> TierAsync(
        this SimulatedCloudServer cloud, string vpc, string name, string gateway, params (string Name, string Value)[] more) =>
        (await cloud.ShapeAsync("network", "createNetwork", [("name", name), ("zoneid", cloud.Zone), ("networkofferingid", await cloud.TierOfferingAsync()),
            ("vpcid", vpc), ("gateway", gateway), ("netmask", "255.255.255.0"), .. more])).IdOf();

    /// <summary>The router of a network, and a file of the configuration that it runs.</summary>
    public static async Task<string> RouterFileAsync(this SimulatedCloudServer cloud, string network, string path)
    {
        var router = await cloud.RouterIdAsync(network);
        var host = cloud.Simulator[(await cloud.BootOfAsync(router)).ShouldNotBeNull().Host];
        return host.Routers.FileOf(await cloud.ServingAsync(router), path)!;
    }

    public static Task<JsonObject> RouterAsync(this SimulatedCloudServer cloud, string network) =>
        cloud.ShapeAsync("router", "listRouters", ("networkid", network), ("listall", "true"));

    public static async Task<Guid> RouterIdAsync(this SimulatedCloudServer cloud, string network) => Guid.Parse((await cloud.RouterAsync(network)).IdOf());

    /// <summary>What became of a job while a router refused every configuration, in the given part and with these words.</summary>
    public static async Task<JsonObject> WhileRefusingAsync(this SimulatedCloudServer cloud, Guid router, string part, string text, Func<Task<JsonObject>> job)
    {
        foreach (var host in cloud.Simulator.Hosts) host.Routers.Fail(router, part, text);
        try
        {
            return await job();
        }
        finally
        {
            foreach (var host in cloud.Simulator.Hosts) host.Routers.Heal(router);
        }
    }

    /// <summary>What the domain of a virtual machine or a router is made of now.</summary>
    public static async Task<DomainSpec> SpecAsync(this SimulatedCloudServer cloud, string id)
    {
        var domain = await cloud.ServingAsync(Guid.Parse(id));
        foreach (var host in cloud.Simulator.Hosts)
        {
            if ((await host.Hypervisor.ReadAllAsync(CancellationToken.None)).FirstOrDefault(d => d.Report.Id == domain) is { } found) return found.Spec;
        }
        throw new InvalidOperationException($"No host has {id}.");
    }

    /// <summary>The domain that serves as a router; a virtual machine's is the virtual machine itself.</summary>
    public static async Task<Guid> ServingAsync(this SimulatedCloudServer cloud, Guid id)
    {
        await using var db = cloud.Open();
        return await db.Set<Router>().Where(r => r.Id == new Id<Router>(id)).Select(r => (Guid?)r.ServingId).SingleOrDefaultAsync(CancellationToken.None) ?? id;
    }

    /// <summary>Which boot of a domain runs, and where; null when none does.</summary>
    public static async Task<(int Host, int Process)?> BootOfAsync(this SimulatedCloudServer cloud, Guid id)
    {
        var domain = await cloud.ServingAsync(id);
        foreach (var host in cloud.Simulator.Hosts)
        {
            if (await host.Hypervisor.ReadAsync(domain, CancellationToken.None) is { Power: PowerState.Running } report) return (host.Number, report.ProcessId);
        }
        return null;
    }

    /// <summary>Waits for what nobody's job waits for.</summary>
    public static async Task EventuallyAsync(this SimulatedCloudServer cloud, Func<Task<bool>> holds)
    {
        for (var i = 0; i < 1200; i++)
        {
            if (await holds()) return;
            await Task.Delay(25, CancellationToken.None);
        }
        throw new TimeoutException($"It never comes to that: {(await cloud.CallAsync("listWorkflows")).Text}");
    }

    /// <summary>Asks for a job that must be refused with this code; its text.</summary>
    public static async Task<string> RefusedAsync(this SimulatedCloudServer cloud, int code, string command, params (string Name, string Value)[] parameters)
    {
        var reply = await cloud.CallAsync(command, parameters);
        reply.Status.ShouldBe(code, reply.Text);
        return reply.Text;
    }
}
