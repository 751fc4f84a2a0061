using Stratiform.Cli.Wire;

namespace Stratiform.Benchmarks;

/// <summary>Fills an empty cloud through its API: a zone, hosts, a pool, a template, networks that have their routers.</summary>
internal sealed class CloudFill(CloudClient cloud)
{
    private const int AtOnce = 16;

    /// <summary>What deployments name.</summary>
    /// <param name="Zone">The zone.</param>
    /// <param name="Template">A template.</param>
    /// <param name="Offering">A service offering.</param>
    /// <param name="NetworkOffering">A network offering with all services.</param>
    /// <param name="Networks">Implemented networks.</param>
    public sealed record Filled(string Zone, string Template, string Offering, string NetworkOffering, IReadOnlyList<string> Networks);

    /// <summary>Fills it. Each network is implemented by a first guest, which stays.</summary>
    public async Task<Filled> FillAsync(int hosts, int networks, CancellationToken ct)
    {
        var zone = await MakeAsync("createZone", ["name=bench", "networktype=Advanced", "dns1=9.9.9.9", "internaldns1=9.9.9.9"]);
        var wires = await MakeAsync("createPhysicalNetwork", ["zoneid=" + zone, "name=wires"]);
        foreach (var traffic in (string[])["Management", "Storage", "Guest", "Public"])
            await MakeAsync("addTrafficType", ["physicalnetworkid=" + wires, "traffictype=" + traffic]);
        await MakeAsync("updatePhysicalNetwork", ["id=" + wires, "state=Enabled"]);
        await MakeAsync("createVlanIpRange",
            ["zoneid=" + zone, "gateway=172.31.0.1", "netmask=255.255.0.0", "startip=172.31.1.1", "endip=172.31.24.255"]);
        var pod = await MakeAsync("createPod", ["zoneid=" + zone, "name=pod", "gateway=172.28.0.254", "netmask=255.255.255.0",
            "startip=172.28.0.100", "endip=172.28.0.199"]);
        var cluster = await MakeAsync("addCluster",
            ["zoneid=" + zone, "podid=" + pod, "clustername=cluster", "clustertype=CloudManaged", "hypervisor=Simulator"]);
        await Parallel.ForAsync(1, hosts + 1, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (n, _) =>
            await MakeAsync("addHost", ["zoneid=" + zone, "podid=" + pod, "clusterid=" + cluster, "hypervisor=Simulator", $"url=http://sim/{n}"]));
        await MakeAsync("createStoragePool", ["zoneid=" + zone, "clusterid=" + cluster, "name=pool", "url=SharedMountPoint://localhost/pool"]);
        // One simulated pool is small for thousands of disks.
        await cloud.AskAsync("updateConfiguration", ["name=storage.overprovisioning.factor", "value=100"], ct);
        var offering = await MakeAsync("createServiceOffering", ["name=Tiny", "displaytext=Tiny", "cpunumber=1", "cpuspeed=500", "memory=128"]);
        var isolated = await MakeAsync("createNetworkOffering", ["name=Isolated", "displaytext=Isolated", "traffictype=GUEST",
            "guestiptype=Isolated", "enable=true"]);
        var template = await MakeAsync("registerTemplate", ["zoneid=" + zone, "name=tiny", "format=QCOW2", "hypervisor=Simulator",
            "url=file:///tiny.qcow2", "ispublic=true"]);
        await MakeAsync("updateZone", ["id=" + zone, "allocationstate=Enabled"]);
        await TemplateIsReadyAsync(template, ct);
        var made = new List<string>();
        for (var n = 1; n <= networks; n++)
            made.Add(await MakeAsync("createNetwork", ["zoneid=" + zone, "networkofferingid=" + isolated, $"name=net-{n}"]));
        var filled = new Filled(zone, template, offering, isolated, made);
        await Task.WhenAll(made.Select((network, n) => MakeAsync("deployVirtualMachine", Deployment(filled, network, $"first-{n}"))));
        return filled;

        Task<string> MakeAsync(string command, string[] parameters) => cloud.MakeAsync(command, parameters, ct);
    }

    /// <summary>The parameters of deployVirtualMachine.</summary>
    public static string[] Deployment(Filled filled, string network, string name) =>
        ["zoneid=" + filled.Zone, "templateid=" + filled.Template, "serviceofferingid=" + filled.Offering, "networkids=" + network, "name=" + name];

    private async Task TemplateIsReadyAsync(string template, CancellationToken ct)
    {
        for (var i = 0; i < 200; i++, await Task.Delay(100, ct))
        {
            var listed = await cloud.AskAsync("listTemplates", ["templatefilter=all", "id=" + template], ct);
            if (listed.Items is [var only] && only.Flag("isready")) return;
        }
        throw new TimeoutException("The template does not become ready.");
    }
}
