using System.ComponentModel;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure;

/// <summary>A host as clients see it.</summary>
[WireName("host")]
public sealed record HostWire
{
    private const long Mib = 1 << 20;

    [Description("The host's id")]
    public required Guid Id { get; init; }

    [Description("The host's name")]
    public required string Name { get; init; }

    [Description("Connecting, Up or Disconnected")]
    public required HostState State { get; init; }

    [Description("Routing: it runs guests")]
    public string Type { get; init; } = "Routing";

    [Description("Enabled when it may be used")]
    public required AllocationState ResourceState { get; init; }

    [Description("Its address on the management network")]
    public required string IpAddress { get; init; }

    [Description("Its zone's id")]
    public required Guid ZoneId { get; init; }

    [Description("Its zone's name")]
    public required string ZoneName { get; init; }

    [Description("Its pod's id")]
    public required Guid PodId { get; init; }

    [Description("Its pod's name")]
    public required string PodName { get; init; }

    [Description("Its cluster's id")]
    public required Guid ClusterId { get; init; }

    [Description("Its cluster's name")]
    public required string ClusterName { get; init; }

    [Description("Kind of its cluster")]
    public string ClusterType { get; init; } = "CloudManaged";

    [Description("What runs its guests")]
    public required string Hypervisor { get; init; }

    [Description("Name and version of what runs its guests")]
    public required string HypervisorVersion { get; init; }

    [Description("How guests' instructions are executed: Kvm, Tcg or None")]
    public required string Accelerator { get; init; }

    [Description("The agent's version")]
    public required string Version { get; init; }

    [Description("Processors")]
    public required int CpuNumber { get; init; }

    [Description("Speed of one processor, MHz")]
    public required int CpuSpeed { get; init; }

    [Description("Promised CPU as a share of what is there")]
    public required string CpuAllocated { get; init; }

    [Description("Promised CPU, MHz")]
    public required long CpuAllocatedValue { get; init; }

    [Description("CPU that may be promised, MHz, overcommit included")]
    public required string CpuWithOverprovisioning { get; init; }

    [Description("Memory of the machine, bytes")]
    public required long MemoryTotal { get; init; }

    [Description("Memory that may be promised, bytes, overcommit included")]
    public required string MemoryWithOverprovisioning { get; init; }

    [Description("Promised memory, bytes")]
    public required long MemoryAllocated { get; init; }

    [Description("What it can do, and the system VM images that it has, comma separated")]
    public required string Capabilities { get; init; }

    [Description("Its tags, comma separated")]
    public string? HostTags { get; init; }

    [Description("Whether its own disks are used")]
    public bool IsLocalStorageActive { get; init; }

    [Description("When it was added")]
    public required DateTimeOffset Created { get; init; }

    internal static HostWire Of(HostRow row) => new()
    {
        Id = row.Host.Id.Value,
        Name = row.Host.Name,
        State = row.State,
        ResourceState = row.Host.AllocationState,
        IpAddress = row.Host.ManagementAddress,
        ZoneId = row.Host.ZoneId.Value,
        ZoneName = row.Zone,
        PodId = row.Host.PodId.Value,
        PodName = row.Pod,
        ClusterId = row.Host.ClusterId.Value,
        ClusterName = row.Cluster,
        Hypervisor = row.Hypervisor.ToString(),
        HypervisorVersion = row.Host.HypervisorVersion,
        Accelerator = row.Host.Accelerator.ToString(),
        Version = row.Host.AgentVersion,
        CpuNumber = row.Host.Cpus,
        CpuSpeed = row.Host.CpuMhz,
        CpuAllocated = Share(row.Capacity.CpuPromisedMhz, row.Capacity.CpuTotalMhz),
        CpuAllocatedValue = row.Capacity.CpuPromisedMhz,
        CpuWithOverprovisioning = row.Capacity.CpuTotalMhz.ToString(CultureInfo.InvariantCulture),
        MemoryTotal = row.Host.MemoryMib * Mib,
        MemoryWithOverprovisioning = (row.Capacity.MemoryTotalMib * Mib).ToString(CultureInfo.InvariantCulture),
        MemoryAllocated = row.Capacity.MemoryPromisedMib * Mib,
        Capabilities = string.Join(',', [.. row.Host.Abilities, .. row.Images]),
        HostTags = row.Host.Tags.Length > 0 ? string.Join(',', row.Host.Tags) : null,
        Created = row.Host.CreatedAt,
    };

    private static string Share(long part, long whole) =>
        string.Create(CultureInfo.InvariantCulture, $"{(whole == 0 ? 0 : 100.0 * part / whole):0.##}%");
}

internal sealed record HostRow(Host Host, string Zone, string Pod, string Cluster, Hypervisor Hypervisor, HostState State, HostCapacity Capacity, IReadOnlyList<string> Images);

internal sealed class HostWireReader(CloudDb db) : IReadWire<HostWire>
{
    public async Task<IReadOnlyList<HostWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<Host>(id)).ToList();
        var rows = await (
            from host in db.Set<Host>().AsNoTracking()
            where keys.Contains(host.Id)
            join zone in db.Set<Zone>() on host.ZoneId equals zone.Id
            join pod in db.Set<Pod>() on host.PodId equals pod.Id
            join cluster in db.Set<Cluster>() on host.ClusterId equals cluster.Id
            join sight in db.Set<HostSight>() on host.Id equals sight.HostId into sights
            from sight in sights.DefaultIfEmpty()
            join capacity in db.Set<HostCapacity>() on host.Id equals capacity.HostId into capacities
            from capacity in capacities.DefaultIfEmpty()
            select new { host, Zone = zone.Name, Pod = pod.Name, Cluster = cluster.Name, cluster.Hypervisor, Sight = sight, Capacity = capacity })
            .ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.host.Id.Value).Select(r => HostWire.Of(new(
            r.host, r.Zone, r.Pod, r.Cluster, r.Hypervisor, r.Sight?.State ?? HostState.Connecting,
            r.Capacity ?? new HostCapacity { HostId = r.host.Id }, r.Sight?.Images ?? [])))];
    }
}
