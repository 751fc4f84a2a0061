using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Storage.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Storage.Commands;

/// <summary>Takes a pool without disks from its hosts. Copies of templates on it are removed, but for the last ones; its directory stays.</summary>
[Command("Deletes a primary storage pool")]
internal sealed record DeleteStoragePool : ICommand<SuccessAfter>
{
    [Description("The pool")]
    public required Id<StoragePool> Id { get; init; }
}

internal sealed class DeleteStoragePoolHandler(CloudDb db, WorkflowQueue queue) : IHandle<DeleteStoragePool, SuccessAfter>
{
    public async Task<SuccessAfter> HandleAsync(DeleteStoragePool command, Caller caller, CancellationToken ct)
    {
        var pool = await db.FindAsync(caller, command.Id, ct);
        await db.Set<Volume>().Where(v => v.PoolId == pool.Id)
            .RequireNoneAsync(v => v.Name, $"The storage pool {pool.Name}", "disk", "expungeVirtualMachine", ct);
        await LastCopies.RequireNoneAsync(db, pool, ct);
        var hosts = await db.Set<Host>()
            .Where(h => h.ZoneId == pool.ZoneId && (pool.HostId == h.Id || pool.HostId == null && (pool.ClusterId == null || pool.ClusterId == h.ClusterId)))
            .ToListAsync(ct);
        var images = await db.Set<PoolImage>().Where(i => i.PoolId == pool.Id).ToListAsync(ct);
        return new(queue.Enqueue(RemovePool.For(pool, hosts, images), caller.Asks).Id);
    }
}
