using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>
/// Sees to it that the router of a network or VPC runs with the newest configuration, applied anew; it is built anew as well when that
/// was asked for, while it serves if it does. Where nothing is implemented there is none, and nothing changes.
/// </summary>
public sealed class RestartNetwork(CloudDb db, RoutersInStep routers) : Workflow<RestartNetwork.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="ScopeId">What the router serves; null on layer 2.</param>
    /// <param name="Cleanup">True builds its router anew.</param>
    /// <param name="Generations">The generation that its router must have applied.</param>
    public sealed record Memory(Id<RouterScope>? ScopeId, bool Cleanup, IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<RestartNetwork> For(Network network, bool cleanup) => For(network.ScopeId, cleanup, nameof(Network), network.Id.Value);

    public static Order<RestartNetwork> For(Vpc vpc, bool cleanup) => For(vpc.ScopeId, cleanup, nameof(Vpc), vpc.Id.Value);

    public static Order<RestartNetwork> For(Router router, bool cleanup) => For(router.ScopeId, cleanup, nameof(Router), router.Id.Value);

    private static Order<RestartNetwork> For(Id<RouterScope>? scope, bool cleanup, string kind, Guid id) => new()
    {
        State = new Memory(scope, cleanup),
        // No subjects: while it waits for its router, others must be able to bring that back. Its children have theirs.
        InstanceKind = kind,
        InstanceId = id,
    };

    protected override void Define(Plan plan) => plan
        .Do(RaiseGeneration)
        .Run(RouterToRebuild)
        .Run(RouterToBootAnew)
        .Run(RouterToStart)
        .Until(RouterAppliedIt, TimeSpan.FromMinutes(5));

    private async Task RaiseGeneration(CancellationToken ct)
    {
        if (await RouterAsync(ct) is { } router) InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, router.ScopeId, token));
    }

    private async Task<IReadOnlyList<Order<RebuildRouter>>> RouterToRebuild(CancellationToken ct) =>
        State.Cleanup && await RouterAsync(ct) is { State: VmState.Running } router
            ? [RebuildRouter.For(router, await db.ServedByAsync(router.Id, ct))] : [];

    // One that does not serve has no connections to keep.
    private async Task<IReadOnlyList<Order<StopRouter>>> RouterToBootAnew(CancellationToken ct) =>
        State.Cleanup && await RouterAsync(ct) is { State: not VmState.Running } router
            ? [StopRouter.For(router, await db.ServedByAsync(router.Id, ct), hold: false)] : [];

    private async Task<IReadOnlyList<Order<StartRouter>>> RouterToStart(CancellationToken ct) =>
        await RouterAsync(ct) is { State: VmState.Stopped or VmState.Stopping } router ? [StartRouter.For(router, await db.ServedByAsync(router.Id, ct))] : [];

    private async Task<bool> RouterAppliedIt(CancellationToken ct)
    {
        if (State.ScopeId is not { } scope) return true;
        State = State with { Generations = State.Generations ?? await routers.WantedAsync(scope, ct) };
        return await routers.HaveAppliedAsync(State.Generations, ct);
    }

    private Task<Router?> RouterAsync(CancellationToken ct) => db.Set<Router>().SingleOrDefaultAsync(
        r => r.ScopeId == State.ScopeId && db.Set<Network>().Any(n => n.ScopeId == r.ScopeId && n.State == NetworkState.Implemented), ct);
}
