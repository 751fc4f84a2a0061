using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>
/// Cuts a router off, to stay off or to boot again: it keeps nothing that would have to be saved. Nothing is undone: one that is half
/// off stays Stopping, where RouterSync finds it and goes on.
/// </summary>
public sealed class StopRouter(CloudDb db, Hosts hosts) : Workflow<StopRouter.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="RouterId">The router.</param>
    /// <param name="Networks">Those that it serves.</param>
    /// <param name="Hold">True leaves it off until somebody needs or starts it; false boots it again at once.</param>
    /// <param name="IsRest">Nobody asked for it: it ends a stop that was given up, unless somebody else did meanwhile.</param>
    /// <param name="Made">What it boots of next; what it is of unless said.</param>
    public sealed record Memory(Id<Router> RouterId, IReadOnlyList<Id<Network>> Networks, bool Hold, bool IsRest = false, RouterMake? Made = null);

    public static Order<StopRouter> For(Router router, IReadOnlyList<Id<Network>> networks, bool hold, bool overtakes = false) =>
        For(router, new Memory(router.Id, networks, hold), overtakes);

    /// <summary>It boots again at once, of this.</summary>
    public static Order<StopRouter> ToMake(Router router, IReadOnlyList<Id<Network>> networks, RouterMake made) =>
        For(router, new Memory(router.Id, networks, Hold: false, Made: made), overtakes: false);

    /// <summary>The cloud's own order: the rest of a stop that was given up.</summary>
    public static Order<StopRouter> RestFor(Router router, IReadOnlyList<Id<Network>> networks) =>
        For(router, new Memory(router.Id, networks, router.IsHeld, IsRest: true), overtakes: false);

    private static Order<StopRouter> For(Router router, Memory memory, bool overtakes) => new()
    {
        State = memory,
        Subjects = Routers.Subjects(router, memory.Networks),
        InstanceKind = nameof(Router),
        InstanceId = router.Id.Value,
        Overtakes = overtakes,
    };

    protected override void Define(Plan plan) => plan
        .Do(MarkStopping)
        .Do(LetOtherServe)
        .Do(DestroyDomain)
        .Do(MarkOff)
        .Run(Restart);

    // Null when it went with its networks meanwhile: then it is off as well.
    private Task<Router?> RouterAsync(CancellationToken ct) => db.Set<Router>().SingleOrDefaultAsync(r => r.Id == State.RouterId, ct);

    private async Task MarkStopping(CancellationToken ct)
    {
        var router = await RouterAsync(ct);
        if (State.IsRest && router?.State != VmState.Stopping) throw Api.Refusal.Conflict("The router is not half off any more.");
        if (State.IsRest) State = State with { Hold = router!.IsHeld };
        router?.MarkStopping(State.Hold);
    }

    // Told beforehand, the other one of a pair serves at once.
    private async Task LetOtherServe(CancellationToken ct)
    {
        if (await RouterAsync(ct) is not { HostId: { } host } router) return;
        if (await db.Set<Router>().AnyAsync(r => r.ScopeId == router.ScopeId && r.Id != router.Id && r.State == VmState.Running, ct))
            await hosts.EnsureAsync(host, router.Subject, new EnsureRouterAside(router.ServingId), ct);
    }

    private async Task DestroyDomain(CancellationToken ct)
    {
        if (await RouterAsync(ct) is { HostId: { } host } router)
            await hosts.EnsureAsync(host, router.Subject, new EnsureNoDomain(router.ServingId), ct);
    }

    private async Task MarkOff(CancellationToken ct)
    {
        if (await RouterAsync(ct) is not { } router) return;
        InCommit((commit, token) => Reservations.ReleaseAsync(commit, router.ServingId, token));
        router.MarkStopped();
        if (State.Made is not { } made) return;
        router.MakeOf(made);
        (await db.Set<RouterScope>().SingleAsync(s => s.Id == router.ScopeId, ct)).MakeRoutersOf(made);
    }

    private async Task<IReadOnlyList<Order<StartRouter>>> Restart(CancellationToken ct)
    {
        if (State.Hold || await RouterAsync(ct) is not { } router) return [];
        var isUsed = await db.Set<Network>().AnyAsync(n => n.ScopeId == router.ScopeId && n.State == NetworkState.Implemented, ct);
        return isUsed ? [StartRouter.For(router, State.Networks)] : [];
    }
}
