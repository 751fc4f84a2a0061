using System.Globalization;

namespace Stratiform.Simulator;

/// <summary>Everything that exists on a simulated cloud, as text.</summary>
internal static class Footprint
{
    public static async Task<IReadOnlyList<string>> ReadAsync(SimulatedCloud cloud, CancellationToken ct)
    {
        var lines = new List<string>();
        foreach (var host in cloud.Hosts) await AddHostAsync(lines, host, ct);
        foreach (var (pool, content) in cloud.Disks.Contents)
        {
            lock (content)
            {
                lines.AddRange(content.Images.Keys.Select(image => $"pool {pool} image {image}"));
                lines.AddRange(content.Volumes.Select(volume => $"pool {pool} volume {volume.Key} {volume.Value.SizeBytes}"));
                lines.AddRange(content.Copies.Keys.Select(image => $"pool {pool} job image {image}"));
            }
        }
        foreach (var (url, store) in cloud.Disks.Stores)
        {
            lock (store)
            {
                lines.AddRange(store.Images.Keys.Select(image => $"store {url} image {image}"));
                lines.AddRange(store.Parts.Keys.Select(image => $"store {url} part {image}"));
            }
        }
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private static async Task AddHostAsync(List<string> lines, SimulatedHost host, CancellationToken ct)
    {
        var prefix = string.Create(CultureInfo.InvariantCulture, $"host {host.Number}");
        var domains = await host.Hypervisor.ReadAllAsync(ct);
        lines.AddRange(domains.Select(domain => $"{prefix} domain {domain.Report.Id} {domain.Report.Power}"));
        lines.AddRange((await host.Fabric.ReadAllAsync(ct)).Select(network => $"{prefix} network {network}"));
        lines.AddRange((await host.Routers.ReadAllAsync(ct)).Select(router => $"{prefix} router {router.Router} {router.Generation}"));
        foreach (var worker in await host.Workers.ReadAllAsync(ct))
        {
            lines.Add($"{prefix} worker {worker.WorkerId}");
            lines.AddRange(worker.Jobs.Select(job => $"{prefix} worker {worker.WorkerId} job {job}"));
        }
        lines.AddRange(host.Pools.Pools.Select(pool => $"{prefix} pool {pool.Id}"));
    }
}
