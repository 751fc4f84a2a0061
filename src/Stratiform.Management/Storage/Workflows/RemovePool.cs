using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;
using Host = Stratiform.Management.Infrastructure.Host;

namespace Stratiform.Management.Storage.Workflows;

/// <summary>Takes a pool without disks from its hosts, after the copies of templates on it. The directory stays theirs.</summary>
public sealed class RemovePool(CloudDb db, Hosts agents, PoolHosts poolHosts, HostPools pools, TimeProvider clock)
    : Workflow<RemovePool.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="PoolId">The pool.</param>
    /// <param name="HostIds">The hosts that have it.</param>
    /// <param name="From">It came from here: a failure leads back.</param>
    public sealed record Memory(Id<StoragePool> PoolId, IReadOnlyList<Id<Host>> HostIds, PoolState? From = null);

    public static Order<RemovePool> For(StoragePool pool, IReadOnlyList<Host> hosts, IReadOnlyList<PoolImage> images) => new()
    {
        State = new Memory(pool.Id, [.. hosts.Select(h => h.Id)]),
        Subjects = [.. images.Select(i => i.Subject), .. hosts.Select(h => h.Subject)],
        InstanceKind = nameof(StoragePool),
        InstanceId = pool.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(TakeOutOfUse).Undo(PutBack)
        .Do(RemoveImages)
        .Do(EnsureOnNoHost).Undo(ConnectHostsAgain).Within(TimeSpan.FromSeconds(15))
        .Do(MarkRemoved);

    private async Task<StoragePool> PoolAsync(CancellationToken ct) =>
        await db.Set<StoragePool>().SingleOrDefaultAsync(p => p.Id == State.PoolId, ct) ?? throw Refusal.Parameter("The storage pool was deleted.");

    private async Task TakeOutOfUse(CancellationToken ct)
    {
        var pool = await PoolAsync(ct);
        await pools.RequireAnswersAsync($"the storage pool {pool.Name}", State.HostIds, ct);
        State = State with { From = State.From ?? pool.State };
        // A copy that may be gone is verified before it is used again.
        foreach (var image in await ImagesAsync(ct)) image.Ready = false;
        InCommit((commit, token) => CloseAsync(commit, pool, token));
    }

    // Whoever takes a share of the pool looks at the same row: either it is closed, or it has a share.
    private static async Task CloseAsync(DbContext commit, StoragePool pool, CancellationToken ct)
    {
        await LastCopies.HoldZoneAsync(commit, pool.ZoneId, ct);
        await LastCopies.RequireNoneAsync(commit, pool, ct);
        var closed = await commit.Set<StoragePool>().Where(p => p.Id == pool.Id && p.PromisedBytes == 0)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.State, PoolState.Maintenance), ct);
        if (closed > 0) return;
        var volumes = await commit.Set<PoolReservation>().CountAsync(r => r.PoolId == pool.Id, ct);
        throw Refusal.InUse($"The storage pool {pool.Name} has {volumes} disks; expunge their virtual machines first (expungeVirtualMachine).");
    }

    private async Task PutBack(CancellationToken ct)
    {
        if (State.From is { } from) (await PoolAsync(ct)).State = from;
    }

    private async Task RemoveImages(CancellationToken ct)
    {
        foreach (var image in await ImagesAsync(ct))
        {
            if (!Row.Subjects.Contains(image.Subject.ToString()))
                throw Refusal.Conflict("A template has just been copied to the storage pool; delete the pool again.");
            var host = await poolHosts.AnyReachingAsync(State.PoolId, ct);
            await agents.EnsureAsync(host, image.Subject, new EnsureNoImage(State.PoolId.Value, image.Id.Value), ct);
            db.Remove(image);
        }
    }

    private Task EnsureOnNoHost(CancellationToken ct) => pools.EnsureNoneAsync(State.PoolId, State.HostIds, ct);

    private async Task ConnectHostsAgain(CancellationToken ct)
    {
        foreach (var sight in await db.Set<HostSight>().Where(s => State.HostIds.Contains(s.HostId)).ToListAsync(ct)) sight.ConnectAgain();
    }

    private async Task MarkRemoved(CancellationToken ct) => (await PoolAsync(ct)).Remove(clock.GetUtcNow());

    private Task<List<PoolImage>> ImagesAsync(CancellationToken ct) => db.Set<PoolImage>().Where(i => i.PoolId == State.PoolId).ToListAsync(ct);
}
