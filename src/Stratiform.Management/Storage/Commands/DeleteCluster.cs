using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Storage.Commands;

/// <summary>Forgets a cluster that has neither hosts nor pools. It lies in this slice since pools do.</summary>
[Command("Deletes a cluster")]
internal sealed record DeleteCluster : ICommand<Success>
{
    [Description("The cluster")]
    public required Id<Cluster> Id { get; init; }
}

internal sealed class DeleteClusterHandler(CloudDb db, TimeProvider clock) : IHandle<DeleteCluster, Success>
{
    public async Task<Success> HandleAsync(DeleteCluster command, Caller caller, CancellationToken ct)
    {
        var cluster = await db.FindAsync(caller, command.Id, ct);
        var hosts = await db.Set<Host>().CountAsync(h => h.ClusterId == cluster.Id, ct);
        if (hosts > 0) throw Refusal.InUse($"The cluster {cluster.Name} has {hosts} hosts; delete them first (deleteHost).");
        var pools = await db.Set<StoragePool>().CountAsync(p => p.ClusterId == cluster.Id, ct);
        if (pools > 0) throw Refusal.InUse($"The cluster {cluster.Name} has {pools} storage pools; delete them first (deleteStoragePool).");
        cluster.Remove(clock.GetUtcNow());
        return new();
    }
}
