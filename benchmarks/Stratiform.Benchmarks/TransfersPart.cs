using System.Diagnostics;
using System.Globalization;

namespace Stratiform.Benchmarks;

/// <summary>
/// Many registrations at once on simulated hosts whose copies take their time: how many secondary storage VMs there are from second to
/// second, beside how many the formula asks for.
/// </summary>
internal sealed class TransfersPart(BenchCloud cloud, Figures figures, TextWriter output)
{
    private const int SessionMax = 50;
    private const int Standby = 10;
    private const int AtOnce = 32;
    private static readonly TimeSpan MessageDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Registers so many templates, and watches until all are there and all workers but one have gone.</summary>
    public async Task RunAsync(int hosts, int registrations, CancellationToken ct)
    {
        await cloud.StartAsync(hosts, TimeSpan.Zero, ct);
        var filled = await new CloudFill(cloud.Client).FillAsync(hosts, networks: 1, ct);
        await cloud.Client.MakeAsync("addImageStore", ["zoneid=" + filled.Zone, "provider=NFS", "url=nfs://192.0.2.1/store"], ct);
        await cloud.Client.AskAsync("updateConfiguration", ["name=secstorage.vm.scale.down.quiet", "value=5"], ct);
        await cloud.OrderDelayAsync(MessageDelay, "EnsureImageInStore", ct);
        var began = Stopwatch.GetTimestamp();
        var registering = Parallel.ForAsync(0, registrations, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (n, token) =>
            await cloud.Client.MakeAsync("registerTemplate", ["zoneid=" + filled.Zone, $"name=image-{n}", "format=QCOW2", "hypervisor=Simulator",
                $"url=http://images/{n}.qcow2"], token));
        await WatchAsync(registrations, began, registering, ct);
        await registering;
        var ready = (await ReadyAsync(ct)) - 1;
        figures.Add(new($"registrations on {hosts} hosts, through workers that grow with them", ready, $"of {registrations} ready") { AtLeast = registrations });
        figures.Add(new("  from the first request until one worker is left", Stopwatch.GetElapsedTime(began).TotalSeconds, "s"));
    }

    private async Task WatchAsync(int registrations, long began, Task registering, CancellationToken ct)
    {
        var most = 0;
        await output.WriteLineAsync("   time  transfers  workers  formula");
        while (Stopwatch.GetElapsedTime(began) < Limit)
        {
            var (transfers, workers) = await LookAsync(ct);
            var formula = Math.Max(1, (transfers + Standby + SessionMax - 1) / SessionMax);
            most = Math.Max(most, workers);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{Stopwatch.GetElapsedTime(began).TotalSeconds,5:0} s {transfers,10} {workers,8} {formula,8}"));
            if (registering.IsCompleted && transfers == 0 && workers == 1 && await ReadyAsync(ct) > registrations) break;
            await Task.Delay(TimeSpan.FromSeconds(2), ct);
        }
        figures.Add(new("  workers at most", most, ""));
    }

    private async Task<(int Transfers, int Workers)> LookAsync(CancellationToken ct)
    {
        var (_, metrics) = await cloud.Client.GetAsync("/metrics", ct);
        var lines = metrics.Split('\n');
        var waiting = lines.Where(line => line.StartsWith("stratiform_transfers_waiting ", StringComparison.Ordinal)).Sum(ValueOf);
        var had = lines.Where(line => line.StartsWith("stratiform_worker_transfers{", StringComparison.Ordinal)).ToList();
        return ((int)(waiting + had.Sum(ValueOf)), had.Count);
    }

    private static double ValueOf(string line) => double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture);

    private async Task<int> ReadyAsync(CancellationToken ct)
    {
        await using var connection = await cloud.Database.ConnectAsync(ct);
        await using var count = new Npgsql.NpgsqlCommand("SELECT count(*)::int FROM template WHERE state = 'Ready'", connection);
        return (int)(await count.ExecuteScalarAsync(ct))!;
    }
}
