using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Stratiform.Workflows;

/// <summary>Runs each reconciler when it is due, on one server at a time. A slow one holds up no other.</summary>
public sealed partial class ReconcilerLoop(
    IServiceScopeFactory scopes, ReconcilerCatalog catalog, EngineOptions options, TimeProvider clock, WorkSignal signal,
    ILogger<ReconcilerLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new List<Task>();
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                running.RemoveAll(run => run.IsCompleted);
                if (await StartDueAsync(running, stoppingToken)) continue;
                await signal.Reconcilers.WaitAsync(options.Poll, stoppingToken);
            }
        }
        finally
        {
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> StartDueAsync(List<Task> running, CancellationToken ct)
    {
        try
        {
            var due = await ClaimAsync(ct);
            running.AddRange(due.Select(name => RunInItsTimeAsync(name, ct)));
            return due.Count > 0;
        }
        catch (Exception failed) when (!ct.IsCancellationRequested)
        {
            Log.ClaimFailed(logger, failed.Message);
            return false;
        }
    }

    // Who was nudged meanwhile is due again.
    private async Task RunInItsTimeAsync(string name, CancellationToken ct)
    {
        try
        {
            await RunAsync(name, ct);
        }
        catch (Exception failed) when (!ct.IsCancellationRequested)
        {
            Log.ClaimFailed(logger, failed.Message);
        }
        signal.Reconcilers.Pulse();
    }

    /// <summary>Runs one reconciler now, whatever its time: for tests and for an operator.</summary>
    public async Task RunAsync(string name, CancellationToken ct)
    {
        string? error = null;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await catalog.Create(name, scope.ServiceProvider).ReconcileAsync(ct);
        }
        catch (Exception failed) when (!ct.IsCancellationRequested)
        {
            Log.Failed(logger, name, failed);
            error = failed.Message;
        }
        await using var after = scopes.CreateAsyncScope();
        var now = clock.GetUtcNow();
        await DbOf(after).Set<ReconcilerRow>().Where(r => r.Name == name).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.LeaseUntil, (DateTimeOffset?)null).SetProperty(r => r.Error, error)
                .SetProperty(r => r.EndedAt, r => error == null ? now : r.EndedAt),
            ct);
    }

    private async Task<List<string>> ClaimAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = DbOf(scope);
        var (now, names) = (clock.GetUtcNow(), catalog.Names);
        TimeSpan[] intervals = [.. names.Select(name => catalog.Create(name, scope.ServiceProvider).Interval).Select(own => own < options.LongestInterval ? own : options.LongestInterval)];
        // The next time is set before the run: a nudge during it makes it run again. A time beyond the interval is of an older, longer one.
        return await db.Database.SqlQuery<string>(
            $"""
            INSERT INTO reconciler (name, due, lease_owner, lease_until, fence)
            SELECT name, {now} + pause, {options.Owner}, clock_timestamp() + {Lease}, nextval('workflow_fence')
            FROM unnest({names}, {intervals}) AS duty (name, pause)
            ON CONFLICT (name) DO UPDATE SET due = excluded.due, lease_owner = excluded.lease_owner,
                lease_until = excluded.lease_until, fence = excluded.fence
            WHERE (reconciler.due <= {now} OR reconciler.due > excluded.due) AND (reconciler.lease_until IS NULL OR reconciler.lease_until < clock_timestamp())
            RETURNING name AS "Value"
            """).ToListAsync(ct);
    }

    private static DbContext DbOf(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<DbContext>();

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "No duty can be claimed: {Text}")]
        public static partial void ClaimFailed(ILogger logger, string text);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Name} failed; it runs again at its next time")]
        public static partial void Failed(ILogger logger, string name, Exception failed);
    }
}
