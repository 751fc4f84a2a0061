using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Storage.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Storage.Commands;

/// <summary>Adds primary storage: a directory that the hosts of a cluster share.</summary>
[Command("Creates a primary storage pool")]
internal sealed record CreateStoragePool : ICommand<ShownAfter<StoragePoolWire>>
{
    [Description("The pool's name")]
    public required string Name { get; init; }

    [Description("SharedMountPoint://localhost/path: a directory that every host of the cluster sees")]
    public required string Url { get; init; }

    [Description("Its zone")]
    public required Id<Zone> ZoneId { get; init; }

    [Description("The cluster's pod")]
    public Id<Pod>? PodId { get; init; }

    [Description("The cluster whose hosts share it")]
    public Id<Cluster>? ClusterId { get; init; }

    [Description("cluster is the one there is")]
    public string? Scope { get; init; }

    [Description("Tags, comma separated: offerings may ask for them")]
    public string? Tags { get; init; }
}

internal sealed class CreateStoragePoolHandler(CloudDb db, WorkflowQueue queue, TimeProvider clock)
    : IHandle<CreateStoragePool, ShownAfter<StoragePoolWire>>
{
    public async Task<ShownAfter<StoragePoolWire>> HandleAsync(CreateStoragePool command, Caller caller, CancellationToken ct)
    {
        var zone = await db.FindAsync(caller, command.ZoneId, ct);
        if (command.ClusterId is not { } clusterId) throw Refusal.Missing(caller.Command, "clusterid");
        var cluster = await db.FindAsync(caller, clusterId, ct, nameof(command.ClusterId));
        if (cluster.ZoneId != zone.Id) throw Refusal.Parameter($"The cluster {cluster.Name} is not in the zone {zone.Name}.");
        if (command.Scope is { } scope && !scope.Equals("cluster", StringComparison.OrdinalIgnoreCase))
            throw Refusal.Parameter($"scope {scope} is not supported; use cluster.");
        var pool = new StoragePool(command.Name, HostPools.PathOf(command.Url), zone.Id, cluster.Id, host: null, clock.GetUtcNow())
        {
            Tags = command.Tags?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
        };
        if (await db.Set<StoragePool>().AnyAsync(p => p.ClusterId == cluster.Id && p.Path == pool.Path, ct))
            throw Refusal.Parameter($"The cluster {cluster.Name} has a pool at {pool.Path} already.");
        db.Add(pool);
        var hosts = await db.Set<Host>().Where(h => h.ClusterId == cluster.Id).ToListAsync(ct);
        return new(queue.Enqueue(AddPool.For(pool, hosts), caller.Asks).Id, pool.Id.Value);
    }
}
