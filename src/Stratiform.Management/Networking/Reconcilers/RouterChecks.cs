using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Reconcilers;

/// <summary>
/// Asks running routers how they find themselves. They bring back their daemons and mend what has drifted by themselves; one that stays
/// unwell in what an operator has named is built anew.
/// </summary>
public sealed class RouterChecks(
    CloudDb db, RouterQuestions questions, WorkflowQueue queue, RouterRoom room, LiveSettings settings, TimeProvider clock) : IReconciler
{
    public TimeSpan Interval => TimeSpan.FromMinutes(settings.Get(NetworkSettings.RouterCheckInterval));

    public async Task ReconcileAsync(CancellationToken ct)
    {
        if (!settings.Get(NetworkSettings.RouterChecksEnabled)) return;
        var routers = await db.Set<Router>()
            .Where(r => r.State == VmState.Running && db.Set<HostSight>().Any(s => s.HostId == r.HostId && s.State == HostState.Up)).ToListAsync(ct);
        if (routers.Count == 0) return;
        var answers = await questions.AskAsync(routers, router => new ReadRouterHealth(router.ServingId), ct);
        await NoteAsync(routers, answers, ct);
    }

    private async Task NoteAsync(List<Router> routers, IReadOnlyDictionary<Id<Router>, RouterHealth> answers, CancellationToken ct)
    {
        var ids = routers.ConvertAll(r => r.Id);
        var known = await db.Set<RouterSight>().Where(s => ids.Contains(s.RouterId)).ToDictionaryAsync(s => s.RouterId, ct);
        var fatal = NetworkSettings.ChecksIn(settings.Get(NetworkSettings.ChecksToRecreate));
        foreach (var router in routers)
        {
            if (!answers.TryGetValue(router.Id, out var health)) continue;
            var before = known.GetValueOrDefault(router.Id)?.Ills ?? [];
            if (!known.TryGetValue(router.Id, out var sight)) db.Add(sight = new RouterSight { RouterId = router.Id });
            sight.Saw(health, clock.GetUtcNow());
            // What it has had time to mend, and has not.
            if (before.Intersect(sight.Ills).Intersect(fatal).Any()) await RebuildAsync(router, ct);
        }
        await db.SaveChangesAsync(ct);
    }

    // Where there is no room beside it, a moment without a router is better than an unwell one. Of a pair the other one serves meanwhile.
    private async Task RebuildAsync(Router router, CancellationToken ct)
    {
        if (!await db.IsOfPairAsync(router, ct) && await room.IsThereAsync(router, ct))
            await queue.EnqueueUnlessPendingAsync(RestartNetwork.For(router, cleanup: true), ct);
        else
            await queue.EnqueueUnlessPendingAsync(StopRouter.For(router, await db.ServedByAsync(router.Id, ct), hold: false), ct);
    }
}
