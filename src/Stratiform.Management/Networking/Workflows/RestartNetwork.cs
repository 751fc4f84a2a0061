using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>
/// Sees to it that the routers of a network or VPC, one or a pair, run with the newest configuration, applied anew; they are built anew as well
/// when that was asked for, while one serves if one does. Where nothing is implemented there is none, and nothing changes.
/// </summary>
public sealed class RestartNetwork(CloudDb db, RoutersInStep routers, RouterRoster roster, RouterRoom room) : Workflow<RestartNetwork.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="ScopeId">What the router serves; null on layer 2.</param>
    /// <param name="Cleanup">True builds its routers anew.</param>
    /// <param name="MakeRedundant">True gives it a second one first.</param>
    /// <param name="Generations">The generation that its routers must have applied.</param>
    public sealed record Memory(Id<RouterScope>? ScopeId, bool Cleanup, bool MakeRedundant = false, IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<RestartNetwork> For(Network network, bool cleanup, bool makeRedundant = false) =>
        For(new Memory(network.ScopeId, cleanup, makeRedundant), nameof(Network), network.Id.Value);

    public static Order<RestartNetwork> For(Vpc vpc, bool cleanup, bool makeRedundant = false) =>
        For(new Memory(vpc.ScopeId, cleanup, makeRedundant), nameof(Vpc), vpc.Id.Value);

    public static Order<RestartNetwork> For(Router router, bool cleanup) => For(new Memory(router.ScopeId, cleanup), nameof(Router), router.Id.Value);

    private static Order<RestartNetwork> For(Memory memory, string kind, Guid id) => new()
    {
        State = memory,
        // No subjects: while it waits for its router, others must be able to bring that back. Its children have theirs.
        InstanceKind = kind,
        InstanceId = id,
    };

    protected override void Define(Plan plan) => plan
        .Do(AddSecond)
        .Do(RaiseGeneration)
        .Run(RouterToRebuild)
        .Run(RoutersToBootAnew)
        .Run(RoutersToStart)
        .Until(RoutersAppliedIt, TimeSpan.FromMinutes(5));

    // With a router alone that has no place beside it nothing changes.
    private async Task AddSecond(CancellationToken ct)
    {
        if (!State.MakeRedundant || await db.Set<RouterScope>().SingleAsync(s => s.Id == State.ScopeId, ct) is not { IsRedundant: false } scope) return;
        var there = await RoutersAsync(ct);
        if (there is [var first] && !await room.IsThereBesideAsync(first, ct))
            throw Api.Refusal.Capacity($"No host has room for a second router beside {first.Name}, which is never on the same one; add hosts or free some, and try again. Nothing was changed.");
        scope.MakeRedundant();
        if (there.Count == 0) return;
        foreach (var network in await db.Set<Network>().Where(n => n.ScopeId == scope.Id && n.State == NetworkState.Implemented).OrderBy(n => n.Id).ToListAsync(ct))
            await roster.CompleteAsync(network, InCommit, ct);
    }

    private async Task RaiseGeneration(CancellationToken ct)
    {
        if ((await RoutersAsync(ct)).Count > 0) InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.ScopeId!.Value, token));
    }

    private async Task<IReadOnlyList<Order<RebuildRouter>>> RouterToRebuild(CancellationToken ct) =>
        State.Cleanup && await RoutersAsync(ct) is [{ State: VmState.Running } router]
            ? [RebuildRouter.For(router, await db.ServedByAsync(router.Id, ct))] : [];

    // One that does not serve has no connections to keep, and of a pair the other one has them. Both hold their networks, so they boot one
    // after the other, and first the one that stands aside; one of them that is off may have no host.
    private async Task<IReadOnlyList<Order<StopRouter>>> RoutersToBootAnew(CancellationToken ct)
    {
        var routers = await RoutersAsync(ct);
        var orders = new List<Order<StopRouter>>();
        if (!State.Cleanup) return orders;
        foreach (var router in routers.Where(r => r.State != (routers.Count > 1 ? VmState.Stopped : VmState.Running)).OrderBy(r => r.Turn == PairState.Primary).ThenByDescending(r => r.Rank))
            orders.Add(StopRouter.For(router, await db.ServedByAsync(router.Id, ct), hold: false));
        return orders;
    }

    // Of a pair one is enough; RouterSync starts the other one when a host has room for it.
    private async Task<IReadOnlyList<Order<StartRouter>>> RoutersToStart(CancellationToken ct)
    {
        var routers = await RoutersAsync(ct);
        var orders = new List<Order<StartRouter>>();
        foreach (var router in routers.Where(r => r.State is VmState.Stopped or VmState.Stopping))
        {
            if (routers.Exists(r => r.State == VmState.Running) && !await room.IsThereAsync(router, ct)) continue;
            orders.Add(StartRouter.For(router, await db.ServedByAsync(router.Id, ct)));
        }
        return orders;
    }

    private async Task<bool> RoutersAppliedIt(CancellationToken ct)
    {
        if (State.ScopeId is not { } scope) return true;
        State = State with { Generations = State.Generations ?? await routers.WantedAsync(scope, ct) };
        return await routers.HaveAppliedAsync(State.Generations, ct);
    }

    private Task<List<Router>> RoutersAsync(CancellationToken ct) => db.Set<Router>()
        .Where(r => r.ScopeId == State.ScopeId && db.Set<Network>().Any(n => n.ScopeId == r.ScopeId && n.State == NetworkState.Implemented))
        .OrderBy(r => r.Rank).ToListAsync(ct);
}
