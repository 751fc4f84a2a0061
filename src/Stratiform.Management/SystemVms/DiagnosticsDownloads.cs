using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;

namespace Stratiform.Management.SystemVms;

/// <summary>Serves what was collected inside system VMs, by links that expire. The server does it itself: a cloud may have no image store.</summary>
internal static class DiagnosticsDownloads
{
    private const string Path = "/client/diagnostics/";
    private const int LongestSecret = 64;

    /// <summary>Serves it beside the API.</summary>
    public static WebApplication MapDiagnostics(this WebApplication app)
    {
        app.MapGet(Path + "{secret}", ServeAsync);
        return app;
    }

    /// <summary>The link with that secret, below where this cloud's API is said to be.</summary>
    public static Uri LinkOf(Region local, string secret) => new(new Uri(local.Endpoint), Path + secret);

    // Nothing tells an expired link from one that never was.
    private static async Task<IResult> ServeAsync(string secret, HttpContext http, CloudDb db, TimeProvider clock, CancellationToken ct)
    {
        if (secret.Length > LongestSecret) return Results.NotFound();
        var (hash, now) = (DiagnosticsFile.HashOf(secret), clock.GetUtcNow());
        var found = await db.Set<DiagnosticsFile>().AsNoTracking().SingleOrDefaultAsync(f => f.SecretHash == hash && f.ExpiresAt > now, ct);
        if (found is null) return Results.NotFound();
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Content-Type-Options"] = "nosniff";
        return Results.File(found.Packed, "application/gzip", found.Name);
    }
}
