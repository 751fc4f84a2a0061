namespace Stratiform.Workflows;

/// <summary>Wakes a loop that sleeps: pulses add up to one, none is lost.</summary>
public sealed class Signal : IDisposable
{
    private readonly SemaphoreSlim _pulses = new(0, 1);

    /// <summary>Wakes the sleeper, or keeps it from falling asleep.</summary>
    public void Pulse()
    {
        try
        {
            _pulses.Release();
        }
        catch (SemaphoreFullException)
        {
            // A pulse is waiting already.
        }
    }

    /// <summary>Sleeps until a pulse or until the time is over; <see cref="Timeout.InfiniteTimeSpan"/> never is.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken ct) =>
        _pulses.WaitAsync(atMost < TimeSpan.Zero && atMost != Timeout.InfiniteTimeSpan ? TimeSpan.Zero : atMost, ct);

    /// <inheritdoc/>
    public void Dispose() => _pulses.Dispose();
}

/// <summary>Wakes the engine when a commit left work for it.</summary>
public sealed class WorkSignal : IDisposable
{
    internal Signal Workflows { get; } = new();

    internal Signal Reconcilers { get; } = new();

    /// <summary>Orders were committed; to be called after the commit by who saves them in a transaction of his own.</summary>
    public void Announce() => Workflows.Pulse();

    /// <inheritdoc/>
    public void Dispose()
    {
        Workflows.Dispose();
        Reconcilers.Dispose();
    }
}
