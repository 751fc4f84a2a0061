using System.ComponentModel;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Settings;
using Stratiform.Protocol;

namespace Stratiform.Management.Storage;

/// <summary>A primary storage pool as clients see it.</summary>
[WireName("storagepool")]
public sealed record StoragePoolWire
{
    [Description("The pool's id")]
    public required Guid Id { get; init; }

    [Description("The pool's name")]
    public required string Name { get; init; }

    [Description("Initialized, Up, Disabled, Maintenance or Removed")]
    public required PoolState State { get; init; }

    [Description("CLUSTER when hosts share it, HOST when it is one's own")]
    public required string Scope { get; init; }

    [Description("SharedMountPoint or Filesystem")]
    public required string Type { get; init; }

    [Description("Its directory on the hosts")]
    public required string Path { get; init; }

    [Description("Where it is: the hosts' own file system")]
    public string IpAddress { get; init; } = "localhost";

    [Description("Its zone's id")]
    public required Guid ZoneId { get; init; }

    [Description("Its zone's name")]
    public required string ZoneName { get; init; }

    [Description("Its cluster's id")]
    public Guid? ClusterId { get; init; }

    [Description("Its cluster's name")]
    public string? ClusterName { get; init; }

    [Description("Its size, bytes")]
    public required long DiskSizeTotal { get; init; }

    [Description("Virtual bytes promised to volumes")]
    public required long DiskSizeAllocated { get; init; }

    [Description("Bytes in use on its file system")]
    public required long DiskSizeUsed { get; init; }

    [Description("Virtual bytes promised for each byte that is there, at most")]
    public required string OverprovisionFactor { get; init; }

    [Description("Its tags, comma separated")]
    public string? Tags { get; init; }

    [Description("When it was added")]
    public required DateTimeOffset Created { get; init; }
}

internal sealed class StoragePoolWireReader(CloudDb db, LiveSettings settings) : IReadWire<StoragePoolWire>
{
    public async Task<IReadOnlyList<StoragePoolWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<StoragePool>(id)).ToList();
        var rows = await (
            from pool in db.Set<StoragePool>().AsNoTracking()
            where keys.Contains(pool.Id)
            join zone in db.Set<Zone>() on pool.ZoneId equals zone.Id
            join cluster in db.Set<Cluster>() on pool.ClusterId equals cluster.Id into clusters
            from cluster in clusters.DefaultIfEmpty()
            select new { Pool = pool, Zone = zone.Name, Cluster = cluster.Name }).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.Pool.Id.Value).Select(r => new StoragePoolWire
        {
            Id = r.Pool.Id.Value,
            Name = r.Pool.Name,
            State = r.Pool.State,
            Scope = r.Pool.HostId is null ? "CLUSTER" : "HOST",
            Type = r.Pool.HostId is null ? "SharedMountPoint" : "Filesystem",
            Path = r.Pool.Path,
            ZoneId = r.Pool.ZoneId.Value,
            ZoneName = r.Zone,
            ClusterId = r.Pool.ClusterId?.Value,
            ClusterName = r.Cluster,
            DiskSizeTotal = r.Pool.CapacityBytes,
            DiskSizeAllocated = r.Pool.PromisedBytes,
            DiskSizeUsed = r.Pool.UsedBytes,
            OverprovisionFactor = settings.Get(StorageSettings.OverprovisioningFactor).ToString("0.0#", CultureInfo.InvariantCulture),
            Tags = r.Pool.Tags.Length > 0 ? string.Join(',', r.Pool.Tags) : null,
            Created = r.Pool.CreatedAt,
        })];
    }
}
