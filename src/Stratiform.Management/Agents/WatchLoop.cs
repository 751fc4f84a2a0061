using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Agents;

/// <summary>
/// Watches every host: one stream each, opened again when it breaks. A host that is silent for several heartbeats is
/// Disconnected, which says nothing about its guests.
/// </summary>
public sealed partial class WatchLoop(
    IServiceScopeFactory scopes, AgentConnections connections, Enrolments enrolments, HostRoom room, TimeProvider clock,
    ILogger<WatchLoop> logger)
    : Microsoft.Extensions.Hosting.BackgroundService
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenRenewals = TimeSpan.FromHours(1);

    // A thousand hosts have news all the time; duties look at all of it at once.
    private static readonly TimeSpan NewsPause = TimeSpan.FromMilliseconds(250);

    private readonly Signal _news = new();
    private readonly ConcurrentDictionary<Id<Host>, CancellationTokenSource> _watched = new();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _news.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(FollowAsync(stoppingToken), TellDutiesAsync(stoppingToken));

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowHostsAsync(stoppingToken);
            }
            catch (Exception failed) when (!stoppingToken.IsCancellationRequested)
            {
                Log.ListFailed(logger, failed.Message);
            }
            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowHostsAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CloudDb>();
        // Only hosts that were connected once: before that, addHost speaks to them.
        var hosts = await (
            from host in db.Set<Host>()
            join sight in db.Set<HostSight>() on host.Id equals sight.HostId
            select new { host.Id, host.Name, host.Address }).ToListAsync(ct);
        foreach (var host in hosts)
        {
            if (_watched.ContainsKey(host.Id)) continue;
            var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            _watched[host.Id] = stop;
            _ = WatchAsync(host.Id, host.Name, host.Address, stop.Token);
        }
        foreach (var gone in _watched.Keys.Except(hosts.Select(h => h.Id)).ToList())
        {
            if (_watched.TryRemove(gone, out var stop)) await stop.CancelAsync();
        }
    }

    private async Task WatchAsync(Id<Host> host, string name, Uri address, CancellationToken ct)
    {
        var renewal = DateTimeOffset.MinValue;
        string? told = null;
        while (!ct.IsCancellationRequested)
        {
            var broke = "the agent closed it";
            try
            {
                using var silence = CancellationTokenSource.CreateLinkedTokenSource(ct);
                silence.CancelAfter(Silence);
                await foreach (var seen in HostWatch.ReadAsync(connections, address, silence.Token))
                {
                    silence.CancelAfter(Silence);
                    told = null;
                    if (seen.Kind != WatchKind.Heartbeat) await TakeOverAsync(host, seen, ct);
                    if (clock.GetUtcNow() < renewal) continue;
                    await RenewAsync(name, address, silence.Token);
                    renewal = clock.GetUtcNow() + BetweenRenewals;
                }
            }
            catch (Exception broken) when (!ct.IsCancellationRequested)
            {
                broke = broken is OperationCanceledException ? "the host was silent" : broken.Message;
            }
            // A host may be away for days: its diary has a line for each cause, not for each try.
            if (broke != told) Log.Broke(logger, name, broke);
            told = broke;
            await MarkAsync(host, HostState.Disconnected, ct);
            await Task.Delay(Pause, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // A certificate that is not renewed today is tomorrow; the watch goes on.
    private async Task RenewAsync(string name, Uri address, CancellationToken ct)
    {
        try
        {
            if (await enrolments.RenewIfDueAsync(address, ct)) Log.Renewed(logger, name);
        }
        catch (Exception failed) when (failed is CloudException or TransientException)
        {
            Log.NotRenewed(logger, name, failed.Message);
        }
    }

    private async Task TakeOverAsync(Id<Host> host, WatchEvent seen, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var sights = scope.ServiceProvider.GetRequiredService<Sights>();
        var differs = await sights.WriteAsync(host, seen, ct);
        if (seen.Kind == WatchKind.Snapshot)
        {
            await sights.MarkAsync(host, HostState.Up, ct);
            room.Forget();
        }
        if (differs) _news.Pulse();
    }

    private async Task TellDutiesAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await _news.WaitAsync(Timeout.InfiniteTimeSpan, ct);
                await using var scope = scopes.CreateAsyncScope();
                var duties = scope.ServiceProvider.GetRequiredService<Duties>();
                foreach (var duty in scope.ServiceProvider.GetServices<ISightDuty>()) await duty.NudgeAsync(duties, ct);
            }
            catch (Exception failed) when (!ct.IsCancellationRequested)
            {
                Log.DutiesUntold(logger, failed.Message);
            }
            await Task.Delay(NewsPause, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task MarkAsync(Id<Host> host, HostState state, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<Sights>().MarkAsync(host, state, ct);
            room.Forget();
        }
        catch (Exception failed) when (!ct.IsCancellationRequested)
        {
            Log.ListFailed(logger, failed.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The watch of host {Host} broke: {Text}")]
        public static partial void Broke(ILogger logger, string host, string text);

        [LoggerMessage(Level = LogLevel.Information, Message = "The agent of host {Host} has a new certificate")]
        public static partial void Renewed(ILogger logger, string host);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The agent of host {Host} keeps its old certificate: {Text}")]
        public static partial void NotRenewed(ILogger logger, string host, string text);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Duties were not told what was seen: {Text}")]
        public static partial void DutiesUntold(ILogger logger, string text);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Hosts cannot be watched: {Text}")]
        public static partial void ListFailed(ILogger logger, string text);
    }
}

/// <summary>A duty that wants to run when something new is seen on a host: declared here, told by the slices above.</summary>
public interface ISightDuty
{
    /// <summary>Makes the duty due.</summary>
    Task NudgeAsync(Duties duties, CancellationToken ct);
}

/// <summary>Makes a reconciler due when something new is seen.</summary>
public sealed class SightDuty<TReconciler> : ISightDuty where TReconciler : IReconciler
{
    /// <inheritdoc/>
    public Task NudgeAsync(Duties duties, CancellationToken ct) => duties.NudgeAsync<TReconciler>(ct);
}
