using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Stratiform.Protocol;

namespace Stratiform.Agent.Reporting;

/// <summary>
/// Tells watchers what the host is like: all of it when they come, what differs after that. It compares what it saw last with
/// what is there, so a nudge carries nothing and a missed one costs until the next look. Without watchers it does nothing.
/// If the host cannot be read the streams break: whoever watches must not take silence for an unchanged host.
/// </summary>
public sealed class Observer(AgentHost host)
{
    private const int Backlog = 1024;
    private const int BeatsPerLook = 10;
    private readonly Lock _lock = new();
    private readonly List<Channel<WatchEvent>> _watchers = [];
    private Sight _last = Sight.Nothing;
    private long _sequence;
    private int _nudged;
    private int _beats;

    private SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>Something may have changed.</summary>
    public void Nudge()
    {
        lock (_lock)
        {
            if (_watchers.Count == 0) return;
        }
        if (Interlocked.Exchange(ref _nudged, 1) == 0) _ = LookAgainAsync();
    }

    /// <summary>A few seconds have passed.</summary>
    public void Beat()
    {
        Publish(new WatchEvent { Kind = WatchKind.Heartbeat, BootId = host.Drivers.Machine.BootId, Sequence = 0 });
        if (Interlocked.Increment(ref _beats) % BeatsPerLook == 0) Nudge();
    }

    /// <summary>Breaks all streams, as a host that loses its power does.</summary>
    public void Break() => Break(new IOException("The host is gone."));

    /// <summary>The events from now on, a full snapshot first.</summary>
    public async IAsyncEnumerable<WatchEvent> WatchAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var watcher = Channel.CreateBounded<WatchEvent>(Backlog);
        await JoinAsync(watcher, ct);
        try
        {
            await foreach (var seen in watcher.Reader.ReadAllAsync(ct)) yield return seen;
        }
        finally
        {
            lock (_lock) _watchers.Remove(watcher);
        }
    }

    private async Task JoinAsync(Channel<WatchEvent> watcher, CancellationToken ct)
    {
        await Turn.WaitAsync(ct);
        try
        {
            // Twice: owners and fences are looked up for domains known beforehand.
            var known = await Sight.TakeAsync(host, _last, ct);
            Show(await Sight.TakeAsync(host, known, ct));
            lock (_lock)
            {
                _watchers.Add(watcher);
                watcher.Writer.TryWrite(Numbered(new WatchEvent
                {
                    Kind = WatchKind.Snapshot,
                    BootId = _last.BootId,
                    Sequence = 0,
                    Domains = [.. _last.Domains.Values.OrderBy(domain => domain.Id)],
                    Pools = [.. _last.Pools.Values.OrderBy(pool => pool.PoolId)],
                    Images = _last.Images,
                }));
            }
        }
        finally
        {
            Turn.Release();
        }
    }

    private async Task LookAgainAsync()
    {
        // Off the nudger's path, and late enough for a burst of nudges to become one look.
        await Task.Yield();
        await Turn.WaitAsync();
        try
        {
            Volatile.Write(ref _nudged, 0);
            Show(await Sight.TakeAsync(host, _last, CancellationToken.None));
        }
        catch (Exception error)
        {
            Break(error);
        }
        finally
        {
            Turn.Release();
        }
    }

    private void Show(Sight now)
    {
        var (domains, pools) = now.Since(_last);
        var images = now.ImagesSince(_last);
        if (now.Strangers.Count > 0) Nudge();
        _last = now;
        if (domains.Count + pools.Count > 0 || images is not null)
        {
            Publish(new WatchEvent
            {
                Kind = WatchKind.Change,
                BootId = now.BootId,
                Sequence = 0,
                Domains = domains,
                Pools = pools,
                Images = images,
            });
        }
    }

    private void Publish(WatchEvent seen)
    {
        lock (_lock)
        {
            if (_watchers.Count == 0) return;
            var numbered = Numbered(seen);
            _watchers.RemoveAll(watcher => !watcher.Writer.TryWrite(numbered) && TooSlow(watcher));
        }
    }

    private static bool TooSlow(Channel<WatchEvent> watcher)
    {
        watcher.Writer.TryComplete(new IOException($"The watcher is {Backlog} events behind."));
        return true;
    }

    private WatchEvent Numbered(WatchEvent seen) => seen with { Sequence = ++_sequence };

    private void Break(Exception error)
    {
        lock (_lock)
        {
            foreach (var watcher in _watchers) watcher.Writer.TryComplete(error);
            _watchers.Clear();
        }
    }
}
