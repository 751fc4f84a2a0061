using System.ComponentModel;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure;

/// <summary>A cluster as clients see it.</summary>
[WireName("cluster")]
public sealed record ClusterWire
{
    [Description("The cluster's id")]
    public required Guid Id { get; init; }

    [Description("The cluster's name")]
    public required string Name { get; init; }

    [Description("Its pod's id")]
    public required Guid PodId { get; init; }

    [Description("Its pod's name")]
    public required string PodName { get; init; }

    [Description("Its zone's id")]
    public required Guid ZoneId { get; init; }

    [Description("Its zone's name")]
    public required string ZoneName { get; init; }

    [Description("What runs guests on its hosts")]
    public required string HypervisorType { get; init; }

    [Description("CloudManaged: the cloud manages its hosts")]
    public string ClusterType { get; init; } = "CloudManaged";

    [Description("Whether things may be placed here")]
    public required AllocationState AllocationState { get; init; }

    [Description("Whether the cloud manages it")]
    public string ManagedState { get; init; } = "Managed";

    [Description("Promised CPU for each MHz that is there")]
    public required string CpuOvercommitRatio { get; init; }

    [Description("Promised memory for each byte that is there")]
    public required string MemoryOvercommitRatio { get; init; }
}

internal sealed class ClusterWireReader(CloudDb db) : IReadWire<ClusterWire>
{
    public async Task<IReadOnlyList<ClusterWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<Cluster>(id)).ToList();
        var rows = await (
            from cluster in db.Set<Cluster>().AsNoTracking()
            where keys.Contains(cluster.Id)
            join pod in db.Set<Pod>() on cluster.PodId equals pod.Id
            join zone in db.Set<Zone>() on cluster.ZoneId equals zone.Id
            select new { Cluster = cluster, Pod = pod.Name, Zone = zone.Name }).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.Cluster.Id.Value).Select(r => new ClusterWire
        {
            Id = r.Cluster.Id.Value,
            Name = r.Cluster.Name,
            PodId = r.Cluster.PodId.Value,
            PodName = r.Pod,
            ZoneId = r.Cluster.ZoneId.Value,
            ZoneName = r.Zone,
            HypervisorType = r.Cluster.Hypervisor.ToString(),
            AllocationState = r.Cluster.AllocationState,
            CpuOvercommitRatio = r.Cluster.CpuOvercommitRatio.ToString("0.0#", CultureInfo.InvariantCulture),
            MemoryOvercommitRatio = r.Cluster.MemoryOvercommitRatio.ToString("0.0#", CultureInfo.InvariantCulture),
        })];
    }
}
