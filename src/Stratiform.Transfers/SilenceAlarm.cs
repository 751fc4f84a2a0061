namespace Stratiform.Transfers;

/// <summary>Cancels what waits for a server that is silent for too long.</summary>
internal sealed class SilenceAlarm : IDisposable
{
    private readonly CancellationTokenSource _silence;
    private readonly ITimer _timer;
    private readonly TimeSpan _patience;
    private readonly CancellationToken _outer;

    /// <param name="time">The clock.</param>
    /// <param name="first">How long it may be silent at first.</param>
    /// <param name="patience">How long it may be silent once it was heard.</param>
    /// <param name="ct">Gives up at once.</param>
    public SilenceAlarm(TimeProvider time, TimeSpan first, TimeSpan patience, CancellationToken ct)
    {
        (_patience, _outer) = (patience, ct);
        _silence = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _timer = time.CreateTimer(_ => _silence.Cancel(), null, first, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled by silence, or by who gives up.</summary>
    public CancellationToken Token => _silence.Token;

    /// <summary>The server has been heard.</summary>
    public void Reset() => _timer.Change(_patience, Timeout.InfiniteTimeSpan);

    /// <summary>Does something during which the server need not be heard.</summary>
    public async Task PauseAsync(Func<CancellationToken, Task> work)
    {
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await work(_outer);
        Reset();
    }

    public void Dispose()
    {
        _timer.Dispose();
        _silence.Dispose();
    }
}
