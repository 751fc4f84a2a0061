using System.Net;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.SystemVms;
using Stratiform.Workflows;

namespace Stratiform.Management.Telemetry;

/// <summary>Says to load balancers whether the server lives and serves, and to monitoring what it has counted.</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan _databaseAnswersWithin = TimeSpan.FromSeconds(2);

    public static void Map(WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("live"));
        app.MapGet("/health/ready", ReadyAsync);
        app.MapGet("/metrics", MetricsAsync);
    }

    private static async Task<IResult> ReadyAsync(CloudDb db, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(_databaseAnswersWithin);
        try
        {
            if (await db.Database.CanConnectAsync(limit.Token)) return Results.Text("ready");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Too late is as good as never.
        }
        return Results.Text("The database does not answer.", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>What is counted is the operator's business, so only the machine itself may ask: a collector runs beside the server.</summary>
    private static async Task<IResult> MetricsAsync(HttpContext http, CloudDb db, Series series, CancellationToken ct)
    {
        if (http.Connection.RemoteIpAddress is not { } remote || !IPAddress.IsLoopback(remote)) return Results.NotFound();
        return Results.Text(PrometheusText.Write(series, [await JobsAsync(db, ct), .. await WorkersAsync(db, ct)]), PrometheusText.ContentType);
    }

    private static async Task<IReadOnlyList<Gauge>> WorkersAsync(CloudDb db, CancellationToken ct)
    {
        var workers = await (
            from vm in db.Set<SystemVm>()
            join sight in db.Set<WorkerSight>() on vm.Id equals sight.WorkerId into sights
            from sight in sights.DefaultIfEmpty()
            orderby vm.Id
            select new { vm.Name, vm.Sessions, BytesIn = (long?)sight.BytesIn, BytesOut = (long?)sight.BytesOut, Memory = (long?)sight.MemoryBytes }).ToListAsync(ct);
        var waiting = await db.Set<TransferSession>().CountAsync(s => s.WorkerId == null, ct);
        return
        [
            new("stratiform_transfers_waiting", "Transfers that wait for a secondary storage VM", [("", waiting)]),
            Of("stratiform_worker_transfers", "Transfers of a secondary storage VM", workers.Select(w => (w.Name, (long?)w.Sessions))),
            Of("stratiform_worker_bytes_in", "Bytes that a secondary storage VM has brought into stores since it booted", workers.Select(w => (w.Name, w.BytesIn))),
            Of("stratiform_worker_bytes_out", "Bytes that a secondary storage VM has served since it booted", workers.Select(w => (w.Name, w.BytesOut))),
            Of("stratiform_worker_memory_bytes", "Memory of a secondary storage VM's program", workers.Select(w => (w.Name, w.Memory))),
        ];

        static Gauge Of(string name, string description, IEnumerable<(string Worker, long? Reading)> readings) => new(
            name, description, [.. readings.Where(r => r.Reading.HasValue).Select(r => ($"worker=\"{r.Worker}\"", (double)r.Reading.GetValueOrDefault()))]);
    }

    private static async Task<Gauge> JobsAsync(CloudDb db, CancellationToken ct)
    {
        var unfinished = await db.Set<WorkflowRow>().Where(w => w.EndedAt == null).GroupBy(w => w.Phase)
            .Select(group => new { Phase = group.Key, Count = group.Count() }).ToListAsync(ct);
        Phase[] phases = [Phase.Forward, Phase.Undoing, Phase.Stuck];
        return new("stratiform_workflows", "Workflows that have not ended, by phase",
            [.. phases.Select(phase => ($"phase=\"{phase}\"", (double)(unfinished.Find(row => row.Phase == phase)?.Count ?? 0)))]);
    }
}
