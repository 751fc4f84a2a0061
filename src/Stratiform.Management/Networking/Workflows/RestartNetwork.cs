using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>
/// Sees to it that a network's router runs with the newest configuration, applied anew; its router is built anew as well when that was
/// asked for. A network that is not implemented has none, and nothing changes.
/// </summary>
public sealed class RestartNetwork(CloudDb db, RoutersInStep routers) : Workflow<RestartNetwork.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="NetworkId">The network.</param>
    /// <param name="Cleanup">True builds its router anew.</param>
    /// <param name="Generations">The generation that its router must have applied.</param>
    public sealed record Memory(Id<Network> NetworkId, bool Cleanup, IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<RestartNetwork> For(Network network, bool cleanup) => new()
    {
        State = new Memory(network.Id, cleanup),
        // No subjects: while it waits for its router, others must be able to bring that back. Its children have theirs.
        InstanceKind = nameof(Network),
        InstanceId = network.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(RaiseGeneration)
        .Run(RouterToRebuild)
        .Run(RouterToStart)
        .Until(RouterAppliedIt, TimeSpan.FromMinutes(5));

    private async Task RaiseGeneration(CancellationToken ct)
    {
        if (await RouterAsync(ct) is not null) InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.NetworkId, token));
    }

    private async Task<IReadOnlyList<Order<StopRouter>>> RouterToRebuild(CancellationToken ct) =>
        State.Cleanup && await RouterAsync(ct) is { } router ? [StopRouter.For(router, hold: false)] : [];

    private async Task<IReadOnlyList<Order<StartRouter>>> RouterToStart(CancellationToken ct) =>
        await RouterAsync(ct) is { State: VmState.Stopped or VmState.Stopping } router ? [StartRouter.For(router)] : [];

    private async Task<bool> RouterAppliedIt(CancellationToken ct)
    {
        State = State with { Generations = State.Generations ?? await routers.WantedAsync([State.NetworkId], ct) };
        return await routers.HaveAppliedAsync(State.Generations, ct);
    }

    private Task<Router?> RouterAsync(CancellationToken ct) => db.Set<Router>().SingleOrDefaultAsync(
        r => r.NetworkId == State.NetworkId && db.Set<Network>().Any(n => n.Id == r.NetworkId && n.State == NetworkState.Implemented), ct);
}
