using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;

namespace Stratiform.Management;

/// <summary>Tells supervisors and balancers how the process does.</summary>
internal static class Health
{
    /// <summary>/health/live: the process answers. /health/ready: the database answers too.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("live\n"));
        app.MapGet("/health/ready", async (CloudDb db, CancellationToken ct) =>
        {
            try
            {
                await db.Database.ExecuteSqlAsync($"SELECT 1", ct);
                return Results.Text("ready\n");
            }
            catch (Exception away) when (away is System.Data.Common.DbException or InvalidOperationException or TimeoutException)
            {
                return Results.Text("the database does not answer\n", statusCode: StatusCodes.Status503ServiceUnavailable);
            }
        });
    }
}
