using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Stratiform.Cli.Wire;

namespace Stratiform.Benchmarks;

/// <summary>Runs many jobs at once as a group of users would: one list of jobs a quarter of a second tells all of them what has ended.</summary>
/// <param name="cloud">The users' client.</param>
internal sealed class JobWatch(CloudClient cloud) : IAsyncDisposable
{
    private const int PageOfJobs = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<object, DateTimeOffset> _outstanding = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> _waiting = new(StringComparer.Ordinal);
    private Task? _polling;

    /// <summary>How a job ended.</summary>
    /// <param name="Id">Of what it made, where the answer to the request told it already.</param>
    /// <param name="Took">From the request to the end that its user saw.</param>
    /// <param name="Failure">What it or the request said; null when it succeeded.</param>
    public sealed record Ended(string? Id, TimeSpan Took, string? Failure);

    /// <summary>Begins the job of a command, and waits for its end.</summary>
    public async Task<Ended> RunAsync(string command, string[] parameters, CancellationToken ct)
    {
        _ = LazyInitializer.EnsureInitialized(ref _polling, PollAsync);
        var (me, asked) = (new object(), Stopwatch.GetTimestamp());
        _outstanding[me] = TimeProvider.System.GetUtcNow();
        try
        {
            var answer = await cloud.AskAsync(command, parameters, ct);
            var job = await _waiting.GetOrAdd(answer.JobId!, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(ct);
            var failure = job.Number("jobstatus") == 1 ? null : job.GetProperty("jobresult").Text("errortext") ?? "";
            return new(answer.Content.Text("id"), Stopwatch.GetElapsedTime(asked), failure);
        }
        catch (CloudRefused refused)
        {
            return new(null, Stopwatch.GetElapsedTime(asked), refused.Message);
        }
        finally
        {
            _outstanding.TryRemove(me, out _);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_polling is not null) await _polling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task PollAsync()
    {
        while (true)
        {
            await Task.Delay(Pause, _end.Token);
            // The wire knows seconds.
            var since = _outstanding.Values.DefaultIfEmpty(TimeProvider.System.GetUtcNow()).Min().AddSeconds(-1);
            for (int page = 1, seen = 0, count = 1; seen < count; page++)
            {
                var listed = await cloud.AskAsync("listAsyncJobs", [$"page={page}", $"pagesize={PageOfJobs}",
                    "startdate=" + since.ToString("yyyy-MM-dd'T'HH:mm:ss'+0000'", CultureInfo.InvariantCulture)], _end.Token);
                foreach (var job in listed.Items.Where(job => job.Number("jobstatus") != 0))
                    if (_waiting.TryGetValue(job.Text("jobid")!, out var ended)) ended.TrySetResult(job);
                (seen, count) = (seen + PageOfJobs, listed.Count);
            }
        }
    }
}
