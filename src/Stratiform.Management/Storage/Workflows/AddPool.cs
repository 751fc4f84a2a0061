using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Storage.Workflows;

/// <summary>Makes a pool usable on the hosts that share it.</summary>
public sealed class AddPool(CloudDb db, HostPools pools, TimeProvider clock) : Workflow<AddPool.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="PoolId">The pool.</param>
    /// <param name="HostIds">The hosts.</param>
    public sealed record Memory(Id<StoragePool> PoolId, IReadOnlyList<Id<Host>> HostIds);

    public static Order<AddPool> For(StoragePool pool, IReadOnlyList<Host> hosts) => new()
    {
        State = new Memory(pool.Id, [.. hosts.Select(h => h.Id)]),
        Subjects = [.. hosts.Select(h => h.Subject)],
        InstanceKind = nameof(StoragePool),
        InstanceId = pool.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(ReserveName).Undo(RemovePool)
        .Do(EnsureOnHosts).Undo(EnsureOnNoHost).Within(TimeSpan.FromSeconds(15))
        .Do(MarkUp);

    private Task<StoragePool> PoolAsync(CancellationToken ct) => db.Set<StoragePool>().SingleAsync(p => p.Id == State.PoolId, ct);

    private Task ReserveName(CancellationToken ct) => PoolAsync(ct);

    private async Task RemovePool(CancellationToken ct) => (await PoolAsync(ct)).Remove(clock.GetUtcNow());

    private async Task EnsureOnHosts(CancellationToken ct) => await pools.EnsureAsync(await PoolAsync(ct), State.HostIds, ct);

    private Task EnsureOnNoHost(CancellationToken ct) => pools.EnsureNoneAsync(State.PoolId, State.HostIds, ct);

    // Without hosts yet, the first one that connects brings it up.
    private async Task MarkUp(CancellationToken ct)
    {
        var pool = await PoolAsync(ct);
        if (State.HostIds.Count > 0) pool.State = PoolState.Up;
    }
}
