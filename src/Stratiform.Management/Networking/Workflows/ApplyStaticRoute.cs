using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Brings a route into force that the order's commit added: it ends when the VPC's router leads there, or the route is gone.</summary>
public sealed class ApplyStaticRoute(CloudDb db, RoutersInStep routers) : Workflow<ApplyStaticRoute.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="RouteId">The route.</param>
    /// <param name="ScopeId">What its router serves.</param>
    /// <param name="Generations">The generation that the router must have applied.</param>
    public sealed record Memory(Id<StaticRoute> RouteId, Id<RouterScope> ScopeId, IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<ApplyStaticRoute> For(StaticRoute route) => new()
    {
        State = new Memory(route.Id, route.ScopeId),
        Subjects = [route.Subject],
        InstanceKind = nameof(StaticRoute),
        InstanceId = route.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(NoteGeneration).Undo(TakeBack)
        .Until(RouterLeadsThere, TimeSpan.FromMinutes(5))
        .Do(MarkActive);

    // The order's commit raised it.
    private async Task NoteGeneration(CancellationToken ct) => State = State with { Generations = await routers.WantedAsync(State.ScopeId, ct) };

    private Task TakeBack(CancellationToken ct)
    {
        InCommit((commit, token) => commit.Set<StaticRoute>().Where(r => r.Id == State.RouteId).ExecuteDeleteAsync(token));
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.ScopeId, token));
        return Task.CompletedTask;
    }

    private Task<bool> RouterLeadsThere(CancellationToken ct) => routers.HaveAppliedAsync(State.Generations!, ct);

    private async Task MarkActive(CancellationToken ct) =>
        (await db.Set<StaticRoute>().SingleOrDefaultAsync(r => r.Id == State.RouteId, ct))?.MarkActive();
}
