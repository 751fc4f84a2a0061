using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Stratiform.Cli.Wire;

namespace Stratiform.Benchmarks;

/// <summary>
/// Deploys many virtual machines as a group of users would: each keeps a few deployments going at once, and one list of jobs a
/// quarter of a second tells all of them what has ended. A deployment lasts from the request to the success that the client saw.
/// </summary>
internal sealed class DeployRun(CloudClient cloud, CloudFill.Filled filled)
{
    private const int PageOfJobs = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<int, DateTimeOffset> _outstanding = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<bool>> _waiting = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _failures = new();

    /// <summary>What came of it.</summary>
    /// <param name="Took">From the first request to the last end seen.</param>
    /// <param name="Latencies">Of each that succeeded, in order of length.</param>
    /// <param name="Failures">What those that failed said.</param>
    public sealed record Result(TimeSpan Took, IReadOnlyList<TimeSpan> Latencies, IReadOnlyList<string> Failures)
    {
        /// <summary>Successful deployments in a second; the time that failures took counts too.</summary>
        public double Rate => Latencies.Count / Took.TotalSeconds;
    }

    /// <summary>Deploys <paramref name="count"/> with at most <paramref name="outstanding"/> unfinished at any time.</summary>
    public async Task<Result> RunAsync(int count, int outstanding, CancellationToken ct)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var polling = PollAsync(done.Token);
        var latencies = new ConcurrentBag<TimeSpan>();
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = outstanding, CancellationToken = ct }, async (n, token) =>
        {
            var asked = Stopwatch.GetTimestamp();
            _outstanding[n] = TimeProvider.System.GetUtcNow();
            if (await DeployAsync(n, token)) latencies.Add(Stopwatch.GetElapsedTime(asked));
            _outstanding.TryRemove(n, out DateTimeOffset _);
        });
        var took = Stopwatch.GetElapsedTime(began);
        await done.CancelAsync();
        await polling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new(took, [.. latencies.Order()], [.. _failures]);
    }

    private async Task<bool> DeployAsync(int n, CancellationToken ct)
    {
        var network = filled.Networks[n % filled.Networks.Count];
        try
        {
            var answer = await cloud.AskAsync("deployVirtualMachine", CloudFill.Deployment(filled, network, string.Create(CultureInfo.InvariantCulture, $"vm-{n}")), ct);
            return await _waiting.GetOrAdd(answer.JobId!, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(ct);
        }
        catch (CloudRefused refused)
        {
            _failures.Enqueue(refused.Message);
            return false;
        }
    }

    private async Task PollAsync(CancellationToken ct)
    {
        while (true)
        {
            await Task.Delay(Pause, ct);
            // The wire knows seconds.
            var since = _outstanding.Values.DefaultIfEmpty(TimeProvider.System.GetUtcNow()).Min().AddSeconds(-1);
            for (int page = 1, seen = 0, count = 1; seen < count; page++)
            {
                var listed = await cloud.AskAsync("listAsyncJobs", [$"page={page}", $"pagesize={PageOfJobs}",
                    "startdate=" + since.ToString("yyyy-MM-dd'T'HH:mm:ss'+0000'", CultureInfo.InvariantCulture)], ct);
                foreach (var job in listed.Items) Take(job);
                (seen, count) = (seen + PageOfJobs, listed.Count);
            }
        }
    }

    private void Take(JsonElement job)
    {
        var status = job.Number("jobstatus");
        if (status == 0 || !_waiting.TryRemove(job.Text("jobid")!, out var ended)) return;
        if (status != 1) _failures.Enqueue(job.GetProperty("jobresult").Text("errortext") ?? "");
        ended.TrySetResult(status == 1);
    }
}
