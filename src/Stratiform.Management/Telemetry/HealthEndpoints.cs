using System.Net;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
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
    private static async Task<IResult> MetricsAsync(HttpContext http, CloudDb db, Series series, IEnumerable<IGauges> others, CancellationToken ct)
    {
        if (http.Connection.RemoteIpAddress is not { } remote || !IPAddress.IsLoopback(remote)) return Results.NotFound();
        List<Gauge> gauges = [await JobsAsync(db, ct)];
        foreach (var slice in others) gauges.AddRange(await slice.ReadAsync(ct));
        return Results.Text(PrometheusText.Write(series, gauges), PrometheusText.ContentType);
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
