using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Events;
using Stratiform.Workflows;

namespace Stratiform.Management.Jobs;

/// <summary>What an operator can do about a workflow whose undo keeps failing. No runner touches a stuck row, so it may be changed here.</summary>
internal sealed class StuckWorkflows(
    CloudDb db, WorkflowCatalog catalog, EventLog events, IEnumerable<IWorkflowJournal> journals, TimeProvider clock)
{
    /// <summary>The stuck workflow of a parameter.</summary>
    /// <exception cref="CloudException">There is none of that id, or it is not stuck (431).</exception>
    public async Task<WorkflowRow> FindAsync(Guid id, Caller caller, CancellationToken ct)
    {
        var row = await db.Set<WorkflowRow>().SingleOrDefaultAsync(w => w.Id == id, ct) ?? throw Visibility.Unknown(caller, "id", id);
        return row.Phase == Phase.Stuck
            ? row
            : throw Refusal.Parameter($"The workflow {row.Kind} {row.Id} is {row.Phase}; only a stuck one waits for an operator.");
    }

    /// <summary>The undo is tried again from where it stands, as often as the first time.</summary>
    public void Retry(WorkflowRow row, Caller caller)
    {
        UndoFrom(row, row.Step);
        Record(row, caller, WorkflowEvents.Retried, $"{row.Kind} tries to undo {row.Step} again");
    }

    /// <summary>The undo of this step is left out; the one before goes on, or the workflow has failed when there is none.</summary>
    public async Task SkipAsync(WorkflowRow row, Caller caller, CancellationToken ct)
    {
        var steps = catalog.Find(row.Kind, row.Version)?.Steps
            ?? throw Refusal.Parameter($"This server does not know {row.Kind} version {row.Version}; ask one that does, or give it up.");
        var skipped = row.Step;
        var before = steps.TakeWhile(s => s.Name != row.Step).LastOrDefault(s => s.Undo is not null || s.Child is not null);
        if (before is null) await FailAsync(row, ct);
        else UndoFrom(row, before.Name);
        Record(row, caller, WorkflowEvents.StepSkipped, $"{row.Kind} leaves out the undo of {skipped}");
    }

    /// <summary>Nothing more is undone: it has failed, and what it held is free.</summary>
    public async Task GiveUpAsync(WorkflowRow row, Caller caller, CancellationToken ct)
    {
        await FailAsync(row, ct);
        Record(row, caller, WorkflowEvents.GivenUp, $"{row.Kind} is given up at the undo of {row.Step}");
    }

    private void UndoFrom(WorkflowRow row, string step) =>
        (row.Step, row.Phase, row.Attempt, row.StepSince, row.Due) = (step, Phase.Undoing, 0, null, clock.GetUtcNow());

    private async Task FailAsync(WorkflowRow row, CancellationToken ct)
    {
        (row.Phase, row.EndedAt, row.LeaseOwner, row.LeaseUntil) = (Phase.Failed, clock.GetUtcNow(), null, null);
        db.RemoveRange(await db.Set<WorkflowSubject>().Where(s => s.WorkflowId == row.Id).ToListAsync(ct));
        foreach (var journal in journals) journal.Write(db, row, Moment.Failed);
    }

    private void Record(WorkflowRow row, Caller caller, EventType type, string text) =>
        events.Add(caller, type, text, row.InstanceKind, row.InstanceId);
}
