using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Stratiform.Workflows;

/// <summary>Runs one claimed workflow: step after step, each with its commit, until it ends, waits, or belongs to someone else.</summary>
internal sealed partial class Runner(
    IServiceScopeFactory scopes, WorkflowCatalog catalog, EngineOptions options, TimeProvider clock, ILogger<Runner> logger,
    IEngineProbe? probe = null)
{
    /// <summary>Runs the workflow as far as it goes now.</summary>
    /// <returns>When it wants to run again, if it waits for a time.</returns>
    public async Task<DateTimeOffset?> RunAsync(WorkflowRow row, CancellationToken ct)
    {
        using var about = Log.About(logger, row.Kind, row.Id);
        var entry = catalog.Find(row.Kind, row.Version)!;
        try
        {
            while (await TurnAsync(row, entry, ct) == Turn.GoOn) ct.ThrowIfCancellationRequested();
            return row.HasEnded || row.Phase == Phase.Stuck ? null : row.Due;
        }
        catch (DbUpdateConcurrencyException lost) when (lost.Entries.Any(e => e.Entity is WorkflowRow))
        {
            Log.LeaseLost(logger, row.Kind, row.Id);
        }
        catch (Exception away) when (IsDatabaseAway(away))
        {
            Log.DatabaseAway(logger, row.Kind, row.Id, away.Message);
        }
        return null;
    }

    private async Task<Turn> TurnAsync(WorkflowRow row, WorkflowCatalog.Entry entry, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var turn = new StepTurn(scope.ServiceProvider, row, entry, options, clock);
        try
        {
            if (probe is not null) await probe.AtAsync(ProbePoint.BeforeStep, row, turn.StepName, ct);
            var outcome = await turn.TakeAsync(ct);
            if (probe is not null) await probe.AtAsync(ProbePoint.BeforeCommit, row, turn.StepName, ct);
            await turn.CommitAsync(ct);
            StepMeter.Taken(row.Kind);
            if (probe is not null) await probe.AtAsync(ProbePoint.AfterCommit, row, turn.StepName, ct);
            if (row.HasEnded) Log.Ended(logger, row.Kind, row.Id, row.Phase, row.ErrorText ?? "");
            return outcome;
        }
        catch (Exception failed) when (IsOurs(failed, ct))
        {
            turn.Forget();
            return await FailAsync(row, entry, turn.StepName, failed, ct);
        }
    }

    private async Task<Turn> FailAsync(
        WorkflowRow row, WorkflowCatalog.Entry entry, string step, Exception failed, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var turn = new StepTurn(scope.ServiceProvider, row, entry, options, clock);
        Turn outcome;
        if (row.Phase == Phase.Undoing)
        {
            Log.UndoFailed(logger, row.Kind, row.Id, step, row.Attempt, failed);
            outcome = turn.UndoFailed(failed.Message);
        }
        else if (failed is TransientException or DbUpdateException || IsLostRace(failed))
        {
            Log.Transient(logger, row.Kind, row.Id, step, row.Attempt, failed.Message);
            outcome = turn.TryAgain(failed.Message);
        }
        else if (failed is CloudException refused)
        {
            Log.Refused(logger, row.Kind, row.Id, step, refused.Message);
            outcome = turn.BeginUndo(refused.Code, refused.Message);
        }
        else
        {
            Log.Bug(logger, row.Kind, row.Id, step, failed);
            outcome = turn.BeginUndo(530, string.Create(CultureInfo.InvariantCulture,
                $"{row.Kind} failed at {step} for a reason nobody foresaw; the server's log has it under workflow {row.Id}."));
        }
        await turn.CommitAsync(ct);
        return outcome;
    }

    private static bool IsOurs(Exception failed, CancellationToken ct) =>
        failed is not RunnerKilledException
        && !(failed is OperationCanceledException && ct.IsCancellationRequested)
        && !(failed is DbUpdateConcurrencyException lost && lost.Entries.Any(e => e.Entity is WorkflowRow))
        && !IsDatabaseAway(failed);

    // In a statement: foreign key violation, unique violation, serialization failure, deadlock, lock not available. Of a query EF Core tells
    // the last three as an exception of its own around the database's.
    private static bool IsLostRace(Exception failed) =>
        failed is DbException { SqlState: "23503" or "23505" or "40001" or "40P01" or "55P03" }
        || failed is InvalidOperationException { InnerException: DbException { IsTransient: true } inner } && IsLostRace(inner);

    private static bool IsDatabaseAway(Exception failed) =>
        failed is DbException { SqlState: null or "57P01" or "57P02" or "57P03" or "08006" or "08003" or "08001" }
        || failed is InvalidOperationException { InnerException: DbException { IsTransient: true, SqlState: null } }
        || failed.InnerException is { } inner && failed is DbUpdateException && IsDatabaseAway(inner);

    private static partial class Log
    {
        public static readonly Func<ILogger, string, Guid, IDisposable?> About =
            LoggerMessage.DefineScope<string, Guid>("workflow {Kind} {WorkflowId}");

        [LoggerMessage(Level = LogLevel.Information, Message = "{Kind} {Id} ended: {Phase} {Error}")]
        public static partial void Ended(ILogger logger, string kind, Guid id, Phase phase, string error);

        [LoggerMessage(Level = LogLevel.Information, Message = "{Kind} {Id} refused at {Step}: {Text}")]
        public static partial void Refused(ILogger logger, string kind, Guid id, string step, string text);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Id} tries {Step} again (attempt {Attempt}): {Text}")]
        public static partial void Transient(ILogger logger, string kind, Guid id, string step, int attempt, string text);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Kind} {Id} failed at {Step}: a bug")]
        public static partial void Bug(ILogger logger, string kind, Guid id, string step, Exception failed);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Id} cannot undo {Step} (attempt {Attempt})")]
        public static partial void UndoFailed(ILogger logger, string kind, Guid id, string step, int attempt, Exception failed);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Id} belongs to another runner now")]
        public static partial void LeaseLost(ILogger logger, string kind, Guid id);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Id} waits for the database: {Text}")]
        public static partial void DatabaseAway(ILogger logger, string kind, Guid id, string text);
    }
}

/// <summary>Whether the runner takes the next step at once.</summary>
internal enum Turn
{
    GoOn,
    Wait,
}
