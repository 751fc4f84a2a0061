using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.SystemVms.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.SystemVms.Reconcilers;

/// <summary>Asks running workers how they are: one whose program began anew is told what it forgot, one that falls silent is booted again.</summary>
public sealed class WorkerSights(CloudDb db, HostQuestions questions, WorkflowQueue queue, TimeProvider clock) : IReconciler
{
    // Longer than a store that is away holds a worker up.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public TimeSpan Interval => TimeSpan.FromSeconds(10);

    public async Task ReconcileAsync(CancellationToken ct)
    {
        var workers = await db.Set<SystemVm>()
            .Where(v => v.State == VmState.Running && db.Set<HostSight>().Any(s => s.HostId == v.HostId && s.State == HostState.Up)).ToListAsync(ct);
        if (workers.Count == 0) return;
        var answers = await questions.AskAsync(workers, worker => worker.HostId!.Value, worker => new ReadWorker(worker.Id.Value), ct);
        await NoteAsync(workers, answers, ct);
    }

    private async Task NoteAsync(List<SystemVm> workers, IReadOnlyDictionary<SystemVm, WorkerReport> answers, CancellationToken ct)
    {
        var (now, ids) = (clock.GetUtcNow(), workers.ConvertAll(v => v.Id));
        var known = await db.Set<WorkerSight>().Where(s => ids.Contains(s.WorkerId)).ToDictionaryAsync(s => s.WorkerId, ct);
        foreach (var worker in workers)
        {
            if (!known.TryGetValue(worker.Id, out var sight)) db.Add(sight = new WorkerSight { WorkerId = worker.Id, AnsweredAt = now });
            if (!answers.TryGetValue(worker, out var report)) continue;
            if (report.Answers) sight.Saw(report, now);
            if (report is { Answers: true, IsSetUp: false }) await queue.EnqueueUnlessPendingAsync(SetUpSystemVm.For(worker), ct);
            if (!report.Answers && now - sight.AnsweredAt > Patience)
                await queue.EnqueueUnlessPendingAsync(StopSystemVm.For(worker, AfterStop.Restart), ct);
        }
        await db.SaveChangesAsync(ct);
    }
}
