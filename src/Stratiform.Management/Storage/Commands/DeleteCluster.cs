using System.ComponentModel;
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
        var whole = $"The cluster {cluster.Name}";
        await db.Set<Host>().Where(h => h.ClusterId == cluster.Id).RequireNoneAsync(whole, "host", "deleteHost", ct);
        await db.Set<StoragePool>().Where(p => p.ClusterId == cluster.Id).RequireNoneAsync(whole, "storage pool", "deleteStoragePool", ct);
        cluster.Remove(clock.GetUtcNow());
        return new();
    }
}
