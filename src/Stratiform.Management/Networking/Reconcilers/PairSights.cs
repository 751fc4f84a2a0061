using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Events;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Reconcilers;

/// <summary>Notes which router of each pair serves, and records when that changes, and when it is not one of two.</summary>
internal sealed class PairSights(CloudDb db, RouterQuestions questions, LiveSettings settings, TimeProvider clock) : IReconciler
{
    public TimeSpan Interval => TimeSpan.FromSeconds(settings.Get(NetworkSettings.RouterStateInterval));

    public async Task ReconcileAsync(CancellationToken ct)
    {
        var routers = await db.Set<Router>().AsNoTracking().Where(r => db.Set<RouterScope>().Any(s => s.Id == r.ScopeId && s.IsRedundant)).OrderBy(r => r.Rank).ToListAsync(ct);
        if (routers.Count == 0) return;
        var up = (await db.Set<HostSight>().Where(s => s.State == HostState.Up).Select(s => s.HostId).ToListAsync(ct)).ToHashSet();
        var asked = routers.Where(r => r is { State: VmState.Running, HostId: { } host } && up.Contains(host)).ToList();
        var answers = await questions.AskAsync(asked, router => new ReadRouter(router.ServingId), ct);
        foreach (var pair in routers.GroupBy(r => r.ScopeId)) await NoteAsync([.. pair], asked, answers, ct);
    }

    private async Task NoteAsync(List<Router> pair, List<Router> asked, IReadOnlyDictionary<Id<Router>, RouterReport> answers, CancellationToken ct)
    {
        var said = pair.ToDictionary(r => r.Id, r => answers.GetValueOrDefault(r.Id) is { Answers: true, Pair: not PairState.Alone } answer ? answer.Pair : (PairState?)null);
        var isServed = said.ContainsValue(PairState.Primary);
        // One that runs where nobody answers may serve as before, until the other one does.
        PairState? Now(Router router) => asked.Contains(router) || router.State != VmState.Running || isServed ? said[router.Id] : router.Turn;

        // Told before it is noted: a server that dies in between tells it twice rather than never.
        if (PairSight.Of(pair, Now).Tell(PairSight.Of(pair, r => r.Turn)) is { } news) await RecordAsync(pair[0], news.Text, news.Level, ct);
        foreach (var router in pair.Where(r => Now(r) != r.Turn))
        {
            var turn = Now(router);
            await db.Set<Router>().Where(r => r.Id == router.Id).ExecuteUpdateAsync(set => set.SetProperty(r => r.Turn, turn), ct);
        }
    }

    private async Task RecordAsync(Router router, string text, EventLevel level, CancellationToken ct)
    {
        db.Add(new Event(NetworkEvents.PairChanged, text, default, router.AccountId, router.DomainId, clock.GetUtcNow())
        {
            Level = level,
            ResourceKind = nameof(Router),
            ResourceId = router.Id.Value,
            ResourceName = router.Name,
        });
        await db.SaveChangesAsync(ct);
    }
}
