using System.Diagnostics;
using System.Globalization;

namespace Stratiform.Benchmarks;

/// <summary>The figures that need no virtualization: a server with simulated hosts under load, its lists, its start, its memory.</summary>
internal sealed class SimulatorPart(BenchCloud cloud, Figures figures, SimulatorLoad load)
{
    private const int PageSize = 500;
    private static readonly TimeSpan AfterLoad = TimeSpan.FromMinutes(1);

    /// <summary>Measures all of it.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await cloud.StartAsync(load.Hosts, load.Delay, ct);
        if (load.Statements > 0) await cloud.CountStatementsAsync(ct);
        var began = Stopwatch.GetTimestamp();
        var filled = await new CloudFill(cloud.Client).FillAsync(load.Hosts, load.Networks, ct);
        figures.Add(new($"zone with {load.Hosts} hosts and {load.Networks} networks made in", Stopwatch.GetElapsedTime(began).TotalSeconds, "s"));
        await DeployAsync(filled, ct);
        figures.Add(await cloud.Client.AuditAsync("  leaks and unreadable places in the audit", ct));
        await new ManyMachines(cloud.Client, cloud.Database).FillAsync(load.Machines, ct);
        await ListAsync(ct);
        figures.Add(new("server: memory and swap at the end of the load", ProcessUsage.MemoryMib(cloud.Server), "MiB"));
        // The server gives back what the load needed once it is quiet.
        await Task.Delay(AfterLoad, ct);
        figures.Add(new("  a minute later", ProcessUsage.MemoryMib(cloud.Server), "MiB") { AtMost = 250 });
        await StartAgainAsync(ct);
    }

    private async Task DeployAsync(CloudFill.Filled filled, CancellationToken ct)
    {
        var statements = new Statements(cloud.Database, load.Statements);
        if (load.Statements > 0) await statements.ForgetAsync(ct);
        var steps = await StepsAsync(ct);
        var before = Cpu();
        var result = await new DeployRun(cloud.Client, filled).RunAsync(load.Deployments, load.Outstanding, ct);
        var used = Cpu().Zip(before, (after, then) => after - then).ToArray();
        if (load.Statements > 0) await statements.WriteAsync(load.Deployments, Console.Error, ct);
        foreach (var text in result.Failures.GroupBy(text => text).Select(same => $"{same.Count()} x {same.Key}"))
            await Console.Error.WriteLineAsync("bench: failed: " + text);
        figures.Add(new($"deployments on {load.Hosts} hosts, {load.Outstanding} at once", result.Rate, "/s") { AtLeast = 50 });
        figures.Add(new("  failed", result.Failures.Count, $"of {load.Deployments}") { AtMost = 0 });
        figures.Add(new("  request to success seen, p50", Percentile(result.Latencies, 50).TotalMilliseconds, "ms"));
        figures.Add(new("  request to success seen, p95", Percentile(result.Latencies, 95).TotalMilliseconds, "ms"));
        figures.Add(new("  steps of workflows", (await StepsAsync(ct) - steps) / result.Took.TotalSeconds, "/s"));
        foreach (var (name, seconds) in ((string[])["server", "PostgreSQL", "simulator", "this client"]).Zip(used))
        {
            figures.Add(new($"  CPU for each deployment: {name}", seconds * 1000 / load.Deployments, "ms"));
            figures.Add(new($"  CPU share: {name}", 100 * seconds / used.Sum(), "%"));
        }
        figures.Add(new("  cores in use", used.Sum() / result.Took.TotalSeconds, $"of {Environment.ProcessorCount}"));
    }

    private double[] Cpu() =>
    [
        ProcessUsage.CpuSeconds(cloud.Server), ProcessUsage.CpuSecondsWithChildren(cloud.Database.Id),
        ProcessUsage.CpuSeconds(cloud.Simulator), ProcessUsage.CpuSeconds(Environment.ProcessId),
    ];

    private async Task<double> StepsAsync(CancellationToken ct)
    {
        var (_, metrics) = await cloud.Client.GetAsync("/metrics", ct);
        return metrics.Split('\n').Where(line => line.StartsWith("stratiform_workflow_steps_total", StringComparison.Ordinal))
            .Sum(line => double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture));
    }

    private async Task ListAsync(CancellationToken ct)
    {
        var pages = load.Machines / PageSize;
        var times = new List<TimeSpan>();
        for (var i = -load.WarmUpPages; i < load.Pages; i++)
        {
            // Steps that share no factor with the number of pages touch all of them in a fixed order.
            var page = 1 + (i + load.WarmUpPages) * 17 % pages;
            var began = Stopwatch.GetTimestamp();
            var listed = await cloud.Client.AskAsync("listVirtualMachines", ["listall=true", $"page={page}", $"pagesize={PageSize}"], ct);
            if (i >= 0) times.Add(Stopwatch.GetElapsedTime(began));
            if (listed.Items.Count != PageSize) throw new InvalidOperationException($"Page {page} has {listed.Items.Count} rows.");
        }
        times.Sort();
        figures.Add(new($"a page of {PageSize} of {load.Machines} virtual machines, p50", Percentile(times, 50).TotalMilliseconds, "ms"));
        figures.Add(new($"a page of {PageSize} of {load.Machines} virtual machines, p95", Percentile(times, 95).TotalMilliseconds, "ms") { AtMost = 100 });
    }

    private async Task StartAgainAsync(CancellationToken ct)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < load.Starts; i++)
        {
            await cloud.StopServerAsync();
            times.Add(await cloud.StartServerAsync(ct));
        }
        times.Sort();
        figures.Add(new($"server: start to ready, PostgreSQL up, median of {load.Starts}", Percentile(times, 50).TotalSeconds, "s") { AtMost = 3 });
        figures.Add(new("server: memory and swap when just ready", ProcessUsage.MemoryMib(cloud.Server), "MiB"));
    }

    private static TimeSpan Percentile(IReadOnlyList<TimeSpan> sorted, int percent) =>
        sorted.Count == 0 ? TimeSpan.Zero : sorted[Math.Min(sorted.Count - 1, sorted.Count * percent / 100)];
}

/// <summary>How much of everything; the defaults are what figures are compared by.</summary>
internal sealed record SimulatorLoad
{
    public int Hosts { get; init; } = 1000;

    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(5);

    public int Networks { get; init; } = 20;

    public int Deployments { get; init; } = 2000;

    public int Outstanding { get; init; } = 64;

    public int Machines { get; init; } = 25_000;

    public int Pages { get; init; } = 60;

    public int WarmUpPages { get; init; } = 10;

    public int Starts { get; init; } = 3;

    /// <summary>How many of PostgreSQL's costliest statements to show; counting them costs a little.</summary>
    public int Statements { get; init; }
}
