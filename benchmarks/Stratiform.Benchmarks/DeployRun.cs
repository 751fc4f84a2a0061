using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Stratiform.Cli.Wire;

namespace Stratiform.Benchmarks;

/// <summary>Deploys many virtual machines, a few at once. A deployment lasts from the request to the success that the client saw.</summary>
internal sealed class DeployRun(CloudClient cloud, CloudFill.Filled filled)
{
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
        await using var jobs = new JobWatch(cloud);
        var ends = new ConcurrentBag<JobWatch.Ended>();
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = outstanding, CancellationToken = ct }, async (n, token) =>
        {
            var network = filled.Networks[n % filled.Networks.Count];
            var name = string.Create(CultureInfo.InvariantCulture, $"vm-{n}");
            ends.Add(await jobs.RunAsync("deployVirtualMachine", CloudFill.Deployment(filled, network, name), token));
        });
        var took = Stopwatch.GetElapsedTime(began);
        return new(took, [.. ends.Where(e => e.Failure is null).Select(e => e.Took).Order()], [.. ends.Select(e => e.Failure).OfType<string>()]);
    }
}
