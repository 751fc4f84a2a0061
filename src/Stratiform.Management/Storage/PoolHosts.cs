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
        var hosts = db.Set<Host>().Where(h => h.ZoneId == pool.ZoneId && (pool.ClusterId == null || h.ClusterId == pool.ClusterId));
        return await FirstUpAsync(hosts, ct) ?? throw new TransientException($"no host that reaches the pool {pool.Name} is up");
    }

    /// <summary>Each of the pools that a host reaches which is up, with the first such host: one statement however many they are.</summary>
    public async Task<IReadOnlyList<(Id<StoragePool> Pool, Id<Host> Host)>> ReachedAsync(IQueryable<StoragePool> pools, CancellationToken ct)
    {
        var reached = await pools.OrderBy(p => p.Id).Select(pool => new
        {
            Pool = pool.Id,
            Host = db.Set<Host>()
                .Where(h => h.ZoneId == pool.ZoneId && (pool.HostId == h.Id || pool.HostId == null && (pool.ClusterId == null || pool.ClusterId == h.ClusterId)))
                .Where(h => db.Set<HostSight>().Any(s => s.HostId == h.Id && s.State == HostState.Up))
                .OrderBy(h => h.Id).Select(h => (Id<Host>?)h.Id).FirstOrDefault(),
        }).ToListAsync(ct);
        return [.. reached.Where(r => r.Host is not null).Select(r => (r.Pool, r.Host!.Value))];
    }

    private async Task<Id<Host>?> FirstUpAsync(IQueryable<Host> hosts, CancellationToken ct)
    {
        var up = await (
            from host in hosts
            join sight in db.Set<HostSight>() on host.Id equals sight.HostId
            where sight.State == HostState.Up
            orderby host.Id
            select host.Id).Take(1).ToListAsync(ct);
        return up.Count > 0 ? up[0] : null;
    }
}
