using Microsoft.Extensions.Hosting;
using Stratiform.Linux;

namespace Stratiform.Management.Telemetry;

/// <summary>
/// Gives memory back to the machine when a busy time is over. The collector by itself keeps what it once needed, for the next
/// busy time; but the neighbours of a server are its database and, often, guests.
/// </summary>
internal sealed class IdleMemory(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(20);

    /// <summary>Who allocates this many bytes between two glances is busy.</summary>
    internal const long Busy = 100L << 20;

    private long _before;
    // A start is a busy time.
    private bool _isBusy = true;

    /// <summary>Whether a busy time ended since the last glance.</summary>
    /// <param name="allocated">Bytes allocated since the process began.</param>
    internal bool IsOver(long allocated)
    {
        var was = _isBusy;
        (_isBusy, _before) = (allocated - _before >= Busy, allocated);
        return was && !_isBusy;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _before = GC.GetTotalAllocatedBytes();
        using var timer = new PeriodicTimer(Glance, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!IsOver(GC.GetTotalAllocatedBytes())) continue;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            // What finalizers and pools freed stays with the C library otherwise.
            NativeHeap.Trim();
        }
    }
}
