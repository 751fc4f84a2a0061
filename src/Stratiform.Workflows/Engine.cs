using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Stratiform.Workflows;

/// <summary>
/// Runs workflows on this server: claims what is due, runs each in a slot, keeps the leases of what runs.
/// Nothing it holds in memory matters: another engine goes on from the rows.
/// </summary>
public sealed partial class Engine : BackgroundService
{
    private readonly IServiceScopeFactory _scopes;
    private readonly EngineOptions _options;
    private readonly TimeProvider _clock;
    private readonly Signal _signal;
    private readonly ILogger<Engine> _logger;
    private readonly string[] _known;
    private readonly Runner _runner;
    // By fence: a workflow may be claimed here again while a runner that lost it has not noticed yet.
    private readonly ConcurrentDictionary<long, Running> _running = new();
    private readonly CancellationTokenSource _killed = new();
    private readonly Lock _wakeLock = new();
    private DateTimeOffset _wake = DateTimeOffset.MaxValue;
    private bool _stopping;

    /// <summary>An engine that starts with its host.</summary>
    public Engine(
        IServiceScopeFactory scopes, WorkflowCatalog catalog, EngineOptions options, TimeProvider clock, WorkSignal signal,
        ILoggerFactory loggers, IEngineProbe? probe = null)
    {
        (_scopes, _options, _clock, _signal) = (scopes, options, clock, signal.Workflows);
        _logger = loggers.CreateLogger<Engine>();
        _known = [.. catalog.All.Select(e => $"{e.Kind}/{e.Version}")];
        _runner = new Runner(scopes, catalog, options, clock, loggers.CreateLogger<Runner>(), probe);
    }

    /// <summary>How many workflows run here at this moment.</summary>
    public int RunningCount => _running.Count;

    /// <summary>Ends this engine as a crash would: nothing more is written, no lease is given back.</summary>
    public async Task KillAsync()
    {
        await _killed.CancelAsync();
        await Task.WhenAll(_running.Values.Select(r => r.Work)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (ExecuteTask is { } loop) await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, _killed.Token);
        var ct = either.Token;
        await Task.WhenAll(ClaimLoopAsync(ct), RenewLoopAsync(ct), LiveAsync(ct)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_killed.IsCancellationRequested) await StopInGoodOrderAsync();
    }

    private async Task ClaimLoopAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (await ClaimAsync(ct) == 0) await _signal.WaitAsync(UntilWake(), ct);
            }
            catch (Exception failed) when (!ct.IsCancellationRequested)
            {
                Log.ClaimFailed(_logger, failed.Message);
                await Task.Delay(_options.Poll, _clock, ct);
            }
        }
    }

    private async Task<int> ClaimAsync(CancellationToken ct)
    {
        var free = _options.Slots - _running.Count;
        if (free <= 0) return 0;
        await using var scope = _scopes.CreateAsyncScope();
        var leases = LeasesOf(scope);
        await leases.AskOvertakenAsync(ct);
        var rows = await leases.ClaimAsync(free, _known, ct);
        foreach (var row in rows) Start(row);
        return rows.Count;
    }

    private void Start(WorkflowRow row)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(_killed.Token);
        var running = new Running(stop);
        var fence = row.Fence;
        _running[fence] = running;
        running.Work = Task.Run(() => RunAsync(row, fence, running), CancellationToken.None);
    }

    private async Task RunAsync(WorkflowRow row, long fence, Running running)
    {
        try
        {
            if (await _runner.RunAsync(row, running.Stop.Token) is { } due) WakeAt(due);
        }
        catch (Exception over) when (over is RunnerKilledException or OperationCanceledException)
        {
            // A dead runner says nothing; a stopped one leaves its row to the next.
        }
        catch (Exception bug)
        {
            Log.RunnerFailed(_logger, row.Kind, row.Id, bug);
        }
        finally
        {
            _running.TryRemove(fence, out _);
            running.Stop.Dispose();
            _signal.Pulse();
        }
    }

    private async Task RenewLoopAsync(CancellationToken ct)
    {
        while (true)
        {
            await Task.Delay(_options.Lease / 3, _clock, ct);
            try
            {
                await using var scope = _scopes.CreateAsyncScope();
                var running = _running.Keys.ToArray();
                var ours = await LeasesOf(scope).RenewAsync(running, ct);
                foreach (var lost in running.Where(fence => !ours.Contains(fence)))
                    if (_running.TryGetValue(lost, out var run)) run.Cancel();
            }
            catch (Exception failed) when (!ct.IsCancellationRequested)
            {
                Log.RenewalFailed(_logger, failed.Message);
            }
        }
    }

    // Holds the lock that says we live, and looks for those whose lock is free.
    private async Task LiveAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await using var scope = _scopes.CreateAsyncScope();
                var db = scope.ServiceProvider.GetRequiredService<DbContext>();
                await db.Database.OpenConnectionAsync(ct);
                await Leases.AnnounceAsync(db, _options.Owner, ct);
                await WatchOthersAsync(db, ct);
            }
            catch (Exception failed) when (!ct.IsCancellationRequested)
            {
                Log.RenewalFailed(_logger, failed.Message);
                await Task.Delay(_options.Poll, _clock, ct);
            }
        }
    }

    private async Task WatchOthersAsync(DbContext db, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                if (await new Leases(db, _options, _clock).EndLeasesOfTheDeadAsync(ct) > 0) _signal.Pulse();
                await Task.Delay(_options.Poll * 3, _clock, ct);
            }
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            await Leases.FallSilentAsync(db, ct);
            throw;
        }
    }

    private async Task StopInGoodOrderAsync()
    {
        _stopping = true;
        foreach (var run in _running.Values) run.Cancel();
        await Task.WhenAll(_running.Values.Select(r => r.Work)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await using var scope = _scopes.CreateAsyncScope();
            await LeasesOf(scope).ReleaseAllAsync(CancellationToken.None);
        }
        catch (Exception failed)
        {
            Log.RenewalFailed(_logger, failed.Message);
        }
    }

    private Leases LeasesOf(AsyncServiceScope scope) => new(scope.ServiceProvider.GetRequiredService<DbContext>(), _options, _clock);

    private void WakeAt(DateTimeOffset due)
    {
        if (_stopping) return;
        lock (_wakeLock) if (due < _wake) _wake = due;
    }

    private TimeSpan UntilWake()
    {
        lock (_wakeLock)
        {
            var now = _clock.GetUtcNow();
            var pause = _wake - now;
            if (pause >= _options.Poll) return _options.Poll;
            _wake = DateTimeOffset.MaxValue;
            return pause;
        }
    }

    private sealed class Running(CancellationTokenSource stop)
    {
        public CancellationTokenSource Stop { get; } = stop;

        public Task Work { get; set; } = Task.CompletedTask;

        public void Cancel()
        {
            try
            {
                Stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It ended in the meantime.
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "No work can be claimed: {Text}")]
        public static partial void ClaimFailed(ILogger logger, string text);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Leases cannot be renewed: {Text}")]
        public static partial void RenewalFailed(ILogger logger, string text);

        [LoggerMessage(Level = LogLevel.Error, Message = "The runner of {Kind} {Id} failed: a bug")]
        public static partial void RunnerFailed(ILogger logger, string kind, Guid id, Exception bug);
    }
}
