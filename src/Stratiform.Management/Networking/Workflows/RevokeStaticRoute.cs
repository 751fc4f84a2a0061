using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Takes a static route out of force and removes it; if the router keeps it, it is as it was.</summary>
public sealed class RevokeStaticRoute(CloudDb db, RoutersInStep routers) : Workflow<RevokeStaticRoute.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="RouteId">The route.</param>
    /// <param name="ScopeId">What its router serves.</param>
    /// <param name="Generations">The generation that the router must have applied.</param>
    public sealed record Memory(Id<StaticRoute> RouteId, Id<RouterScope> ScopeId, IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<RevokeStaticRoute> For(StaticRoute route) => new()
    {
        State = new Memory(route.Id, route.ScopeId),
        Subjects = [route.Subject],
        InstanceKind = nameof(StaticRoute),
        InstanceId = route.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(MarkRevoked).Undo(MarkActive)
        .Until(RouterLeadsThereNoMore, TimeSpan.FromMinutes(5))
        .Do(Remove);

    private Task<StaticRoute?> RouteAsync(CancellationToken ct) => db.Set<StaticRoute>().SingleOrDefaultAsync(r => r.Id == State.RouteId, ct);

    private async Task MarkRevoked(CancellationToken ct)
    {
        (await RouteAsync(ct))?.MarkRevoked();
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.ScopeId, token));
    }

    private async Task MarkActive(CancellationToken ct)
    {
        (await RouteAsync(ct))?.MarkActive();
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.ScopeId, token));
    }

    private async Task<bool> RouterLeadsThereNoMore(CancellationToken ct)
    {
        State = State with { Generations = State.Generations ?? await routers.WantedAsync(State.ScopeId, ct) };
        return await routers.HaveAppliedAsync(State.Generations, ct);
    }

    private Task Remove(CancellationToken ct)
    {
        InCommit((commit, token) => commit.Set<StaticRoute>().Where(r => r.Id == State.RouteId).ExecuteDeleteAsync(token));
        return Task.CompletedTask;
    }
}
