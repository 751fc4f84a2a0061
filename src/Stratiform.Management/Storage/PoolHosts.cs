using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Storage;

/// <summary>Finds hosts through which a pool can be worked on.</summary>
public sealed class PoolHosts(CloudDb db)
{
    /// <summary>A host that is up and reaches the pool.</summary>
    /// <exception cref="TransientException">None is up at the moment.</exception>
    public async Task<Id<Host>> AnyReachingAsync(Id<StoragePool> poolId, CancellationToken ct)
    {
        var pool = await db.Set<StoragePool>().SingleAsync(p => p.Id == poolId, ct);
        if (pool.HostId is { } own) return own;
        var up = await (
            from host in db.Set<Host>()
            join sight in db.Set<HostSight>() on host.Id equals sight.HostId
            where host.ZoneId == pool.ZoneId && (pool.ClusterId == null || host.ClusterId == pool.ClusterId) && sight.State == HostState.Up
            orderby host.Id
            select host.Id).Take(1).ToListAsync(ct);
        return up.Count > 0 ? up[0] : throw new TransientException($"no host that reaches the pool {pool.Name} is up");
    }
}
