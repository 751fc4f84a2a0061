using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Protocol;

namespace Stratiform.Workflows;

/// <summary>One step of one workflow in its own scope: takes it (or its undo), moves the row on, commits both together.</summary>
internal sealed class StepTurn
{
    private static readonly ConcurrentDictionary<Type, ObjectFactory> Factories = new();

    private readonly IServiceProvider _services;
    private readonly WorkflowRow _row;
    private readonly WorkflowCatalog.Entry _entry;
    private readonly EngineOptions _options;
    private readonly TimeProvider _clock;
    private readonly DbContext _db;
    private readonly Workflow _workflow;
    private readonly Plan _plan;

    public StepTurn(
        IServiceProvider services, WorkflowRow row, WorkflowCatalog.Entry entry, EngineOptions options, TimeProvider clock)
    {
        (_services, _row, _entry, _options, _clock) = (services, row, entry, options, clock);
        _db = services.GetRequiredService<DbContext>();
        _db.Attach(row);
        // A step is saved as a whole or not at all.
        _db.Database.AutoSavepointsEnabled = false;
        services.GetRequiredService<CurrentWorkflow>().Row = row;
        var factory = Factories.GetOrAdd(entry.Type, static type => ActivatorUtilities.CreateFactory(type, []));
        _workflow = (Workflow)factory(services, []);
        _workflow.Row = row;
        _workflow.ReadState(row.State);
        _plan = _workflow.Plan;
        StepName = row.Step;
    }

    /// <summary>The step as it was when the turn began.</summary>
    public string StepName { get; }

    private DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>Takes the step, its undo, or the decision that someone asked for.</summary>
    public async Task<Turn> TakeAsync(CancellationToken ct)
    {
        if (!_row.Admitted || _row.Phase == Phase.Stuck) return End(Phase.Failed, _row.ErrorCode ?? 530, _row.CancelReason);
        if (_row is { Phase: Phase.Forward, CancelReason: { } reason }) return BeginUndo(530, reason);
        Begin();
        var step = _plan.Steps[_plan.IndexOf(_row.Step)];
        if (_row.Phase == Phase.Undoing) return await UndoAsync(step, ct);
        switch (step)
        {
            case DoStep(_, var action):
                await action(ct);
                return MoveOn();
            case UntilStep(_, var condition) when await condition(ct):
                return MoveOn();
            case UntilStep:
                _row.State = _workflow.WriteState();
                return TryAgain("it did not come true");
            case RunStep run:
                return await RunChildrenAsync(run, ct);
            default:
                throw new InvalidOperationException($"No way to take a {step.GetType().Name}.");
        }
    }

    /// <summary>Everything the step changed, the state and the position: one commit, which fails if the lease is someone else's.</summary>
    public async Task CommitAsync(CancellationToken ct)
    {
        if (_workflow.Statements.Count == 0)
        {
            await _db.SaveChangesAsync(ct);
            return;
        }
#pragma warning disable RS0030 // The one place that opens a transaction: set-based statements belong to the step's commit.
        await using var transaction = await _db.Database.BeginTransactionAsync(ct);
#pragma warning restore RS0030
        await _db.SaveChangesAsync(ct);
        // Last, since many wait for the rows that they change.
        foreach (var statement in _workflow.Statements) await statement(_db, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Puts the row back as the database has it: what the step changed is not to be saved.</summary>
    public void Forget()
    {
        var entry = _db.Entry(_row);
        entry.CurrentValues.SetValues(entry.OriginalValues);
        _db.ChangeTracker.Clear();
    }

    /// <summary>The same step again after a pause; past its deadline the workflow undoes.</summary>
    public Turn TryAgain(string why)
    {
        var step = _plan.Steps[_plan.IndexOf(_row.Step)];
        _row.StepSince ??= Now;
        if (Now - _row.StepSince >= step.Deadline)
        {
            return BeginUndo(530, string.Create(CultureInfo.InvariantCulture,
                $"{step.Name} was given up after {step.Deadline.TotalSeconds:0} s: {why}."));
        }
        return step is UntilStep ? Pause(_options.PauseAfter(_row.Attempt, Now - _row.StepSince.Value)) : Pause();
    }

    /// <summary>Turns back at this step: it is the first to be undone, since a failure does not prove that nothing happened.</summary>
    public Turn BeginUndo(int code, string text)
    {
        (_row.Phase, _row.ErrorCode, _row.ErrorText) = (Phase.Undoing, code, text);
        (_row.Attempt, _row.StepSince, _row.Due) = (0, null, Now);
        return Turn.GoOn;
    }

    /// <summary>The undo again after a pause; after too many tries an operator decides.</summary>
    public Turn UndoFailed(string why)
    {
        if (_row.Attempt + 1 < _options.UndoTries) return Pause();
        _row.Phase = Phase.Stuck;
        _row.ErrorText += $" Undoing {_row.Step} failed: {why}";
        Release();
        Write(Moment.Stuck);
        return Turn.Wait;
    }

    private void Begin()
    {
        if (_row.StartedAt is not null) return;
        _row.StartedAt = Now;
        Write(Moment.Started);
    }

    private Turn MoveOn()
    {
        _row.State = _workflow.WriteState();
        var next = _plan.IndexOf(_row.Step) + 1;
        if (next == _plan.Steps.Count) return End(Phase.Succeeded, null, null);
        // It is due already, or it would not run.
        (_row.Step, _row.Attempt, _row.StepSince) = (_plan.Steps[next].Name, 0, null);
        return Turn.GoOn;
    }

    private async Task<Turn> UndoAsync(PlanStep step, CancellationToken ct)
    {
        if (step is RunStep && await AskChildrenToUndoAsync(ct)) return Pause();
        if (step.UndoStep is { } undo)
        {
            await undo(ct);
            _row.State = _workflow.WriteState();
        }
        // Steps without an undo need no commit of their own.
        var before = _plan.IndexOf(step.Name) - 1;
        while (before >= 0 && _plan.Steps[before] is { UndoStep: null } and not RunStep) before--;
        if (before < 0) return End(Phase.Failed, _row.ErrorCode, _row.ErrorText);
        (_row.Step, _row.Attempt, _row.StepSince, _row.Due) = (_plan.Steps[before].Name, 0, null, Now);
        return Turn.GoOn;
    }

    private async Task<Turn> RunChildrenAsync(RunStep run, CancellationToken ct)
    {
        var children = await Rows.Where(w => w.ParentId == _row.Id && w.ParentStep == run.Name)
            .Select(w => new { w.Phase, w.ErrorCode, w.ErrorText }).ToListAsync(ct);
        if (children.Count == 0) return await OrderChildrenAsync(run, ct);
        if (children.FirstOrDefault(c => c.Phase is Phase.Failed or Phase.Stuck) is { } failed)
            throw new CloudException(failed.ErrorCode ?? 530, failed.ErrorText ?? "");
        return children.All(c => c.Phase == Phase.Succeeded) ? MoveOn() : WaitForChildren();
    }

    private async Task<Turn> OrderChildrenAsync(RunStep run, CancellationToken ct)
    {
        var orders = await run.Orders(ct);
        if (orders.Count == 0) return MoveOn();
        var queue = _services.GetRequiredService<WorkflowQueue>();
        var by = new AskedBy(_row.Command, _row.UserId, _row.AccountId, _row.DomainId);
        foreach (var order in orders) queue.Add(order, by, Id.Derive(_row.Id, run.Name, order.ItemKey), _row, run.Name);
        _row.State = _workflow.WriteState();
        return WaitForChildren();
    }

    /// <returns>True while any of them is unfinished.</returns>
    private async Task<bool> AskChildrenToUndoAsync(CancellationToken ct)
    {
        var unfinished = Rows.Where(w => w.ParentId == _row.Id && w.ParentStep == _row.Step && w.EndedAt == null);
        var now = Now;
        var reason = "its parent undoes: " + _row.ErrorText;
        await unfinished.Where(w => w.CancelReason == null)
            .ExecuteUpdateAsync(set => set.SetProperty(w => w.CancelReason, reason).SetProperty(w => w.Due, now), ct);
        return await unfinished.AnyAsync(ct);
    }

    private Turn WaitForChildren()
    {
        // A child wakes its parent when it ends; the time is for a wake-up that crossed this commit.
        _row.Due = Now + TimeSpan.FromSeconds(2);
        Release();
        return Turn.Wait;
    }

    private Turn Pause() => Pause(_options.PauseAfter(_row.Attempt));

    private Turn Pause(TimeSpan length)
    {
        _row.StepSince ??= Now;
        _row.Due = Now + length;
        _row.Attempt++;
        Release();
        return Turn.Wait;
    }

    private void Release() => (_row.LeaseOwner, _row.LeaseUntil) = (null, null);

    private Turn End(Phase phase, int? code, string? text)
    {
        (_row.Phase, _row.ErrorCode, _row.ErrorText, _row.EndedAt) = (phase, code, text, Now);
        Release();
        foreach (var subject in _row.Subjects) _db.Remove(new WorkflowSubject { WorkflowId = _row.Id, Subject = subject });
        if (_row.ParentId is { } parent)
        {
            var now = Now;
            _workflow.InEndingCommit((db, ct) => db.Set<WorkflowRow>().Where(w => w.Id == parent)
                .ExecuteUpdateAsync(set => set.SetProperty(w => w.Due, now), ct));
        }
        Write(phase == Phase.Succeeded ? Moment.Succeeded : Moment.Failed);
        return Turn.Wait;
    }

    private IQueryable<WorkflowRow> Rows => _db.Set<WorkflowRow>().AsNoTracking();

    private void Write(Moment moment)
    {
        foreach (var journal in _services.GetServices<IWorkflowJournal>()) journal.Write(_db, _row, moment);
    }
}
