using Stratiform.Protocol;

namespace Stratiform.Agent.Compute;

/// <summary>Looks at the domains twice a second, and goes on doing so while libvirtd is away.</summary>
internal sealed class PowerPoll : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<CancellationToken, Task<string>> _look;
    private readonly TimeProvider _time;
    private readonly Task _loop;
    private string _last = "";

    public PowerPoll(Func<CancellationToken, Task<string>> look, TimeProvider time)
    {
        (_look, _time) = (look, time);
        _loop = LoopAsync();
    }

    /// <summary>Whether what was seen differs from before; an absent libvirtd is not news, its return is.</summary>
    public bool IsNews(string sight) => sight != _last;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task LoopAsync()
    {
        while (true)
        {
            await Task.Delay(Interval, _time, _end.Token);
            try
            {
                _last = await _look(_end.Token);
            }
            catch (HostException)
            {
                // Whoever asks the host for something is told; this only watches.
                _last = "";
            }
        }
    }
}
