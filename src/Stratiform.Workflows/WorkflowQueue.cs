using Microsoft.EntityFrameworkCore;
using Stratiform.Protocol;

namespace Stratiform.Workflows;

/// <summary>Takes orders for workflows. They are saved by whoever saves the context: an order is part of the commit that needs it.</summary>
public sealed class WorkflowQueue
{
    private readonly DbContext _db;
    private readonly WorkflowCatalog _catalog;
    private readonly TimeProvider _clock;
    private readonly IEnumerable<IWorkflowJournal> _journals;
    private readonly WorkSignal _signal;
    private bool _ordered;

    /// <summary>A queue over one context.</summary>
    public WorkflowQueue(
        DbContext db, WorkflowCatalog catalog, TimeProvider clock, IEnumerable<IWorkflowJournal> journals, WorkSignal signal)
    {
        (_db, _catalog, _clock, _journals, _signal) = (db, catalog, clock, journals, signal);
        db.SavedChanges += (_, _) =>
        {
            if (_ordered) signal.Announce();
            _ordered = false;
        };
    }

    /// <summary>Adds a workflow to the context; it starts after the commit.</summary>
    /// <returns>The row, whose id is the job's.</returns>
    public WorkflowRow Enqueue<TWorkflow>(Order<TWorkflow> order, AskedBy by) where TWorkflow : Workflow =>
        Add(order, by, Id.New<WorkflowRow>().Value, parent: null, parentStep: "");

    /// <summary>
    /// Adds and commits a workflow unless one is unfinished that shares a subject: what reconcilers do, in one statement. Whatever
    /// is pending may change what the reconciler saw; it looks again at its next time.
    /// </summary>
    /// <returns>True when it was added.</returns>
    public Task<bool> EnqueueUnlessPendingAsync<TWorkflow>(Order<TWorkflow> order, CancellationToken ct) where TWorkflow : Workflow =>
        EnqueueUnlessPendingAsync(order, TimeSpan.Zero, ct);

    /// <summary>As above, but what has failed for the same instance is left alone for a while.</summary>
    public async Task<bool> EnqueueUnlessPendingAsync<TWorkflow>(Order<TWorkflow> order, TimeSpan pause, CancellationToken ct)
        where TWorkflow : Workflow
    {
        var entry = _catalog.Of(order.Workflow);
        var (id, now, nil) = (Id.New<WorkflowRow>().Value, _clock.GetUtcNow(), Guid.Empty);
        var since = now - pause;
        var subjects = order.Subjects.Select(s => s.ToString()).ToArray();
        var added = await _db.Database.ExecuteSqlAsync(
            $"""
            WITH added AS (
                INSERT INTO workflow (id, kind, version, parent_step, subjects, inherited, state, step, phase, overtakes, admitted, attempt,
                    due, fence, command, user_id, account_id, domain_id, instance_kind, instance_id, created_at)
                SELECT {id}, {entry.Kind}, {entry.Version}, '', {subjects}, ARRAY[]::text[], {order.StateJsonText}::jsonb,
                    {entry.Steps[0].Name}, 'Forward', {order.Overtakes}, false, 0, {now}, 0, '', {nil}, {nil}, {nil},
                    {order.InstanceKind}, {order.InstanceId}, {now}
                WHERE NOT EXISTS (SELECT 1 FROM workflow_subject WHERE subject = ANY ({subjects}))
                  AND NOT EXISTS (SELECT 1 FROM workflow
                      WHERE instance_id = {order.InstanceId} AND kind = {entry.Kind} AND phase = 'Failed' AND ended_at > {since})
                RETURNING id)
            INSERT INTO workflow_subject (workflow_id, subject, arrived_at, overtakes, held)
            SELECT added.id, subject, {now}, {order.Overtakes}, false FROM added, unnest({subjects}) AS subject
            """,
            ct);
        // Nobody need save anything after it: outside a transaction it is committed.
        if (added > 0 && _db.Database.CurrentTransaction is null) _signal.Announce();
        else _ordered |= added > 0;
        return added > 0;
    }

    /// <summary>Adds a job that is done with the caller's own commit: for asynchronous commands that need no host.</summary>
    public WorkflowRow RecordDone(AskedBy by, string instanceKind, Guid instanceId)
    {
        var now = _clock.GetUtcNow();
        var row = new WorkflowRow
        {
            Id = Id.New<WorkflowRow>().Value,
            Kind = by.Command,
            State = "{}",
            Step = "",
            Phase = Phase.Succeeded,
            Admitted = true,
            Due = now,
            Command = by.Command,
            UserId = by.UserId,
            AccountId = by.AccountId,
            DomainId = by.DomainId,
            InstanceKind = instanceKind,
            InstanceId = instanceId,
            CreatedAt = now,
            StartedAt = now,
            EndedAt = now,
        };
        _db.Add(row);
        foreach (var journal in _journals) journal.Write(_db, row, Moment.Succeeded);
        return row;
    }

    internal WorkflowRow Add(Order order, AskedBy by, Guid id, WorkflowRow? parent, string parentStep)
    {
        var entry = _catalog.Of(order.Workflow);
        var now = _clock.GetUtcNow();
        string[] inherited = parent is null ? [] : [.. parent.Subjects, .. parent.Inherited];
        var row = new WorkflowRow
        {
            Id = id,
            Kind = entry.Kind,
            Version = entry.Version,
            ParentId = parent?.Id,
            ParentStep = parentStep,
            Subjects = [.. order.Subjects.Select(s => s.ToString()).Distinct().Except(inherited)],
            Inherited = inherited,
            State = order.StateJsonText,
            Step = entry.Steps[0].Name,
            Overtakes = order.Overtakes,
            Due = now,
            Command = by.Command,
            UserId = by.UserId,
            AccountId = by.AccountId,
            DomainId = by.DomainId,
            InstanceKind = order.InstanceKind,
            InstanceId = order.InstanceId,
            CreatedAt = now,
        };
        _db.Add(row);
        foreach (var subject in row.Subjects)
        {
            _db.Add(new WorkflowSubject
            {
                WorkflowId = id,
                Subject = subject,
                ArrivedAt = now,
                Overtakes = order.Overtakes,
            });
        }
        foreach (var journal in _journals) journal.Write(_db, row, Moment.Enqueued);
        _ordered = true;
        return row;
    }
}
