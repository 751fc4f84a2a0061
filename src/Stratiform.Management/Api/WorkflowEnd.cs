using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Workflows;

namespace Stratiform.Management.Api;

/// <summary>Waits for a workflow on behalf of a command whose clients expect its result at once.</summary>
internal static class WorkflowEnd
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Returns when it succeeded.</summary>
    /// <exception cref="CloudException">It failed, with its error; or it takes too long, and goes on.</exception>
    public static async Task AwaitAsync(IServiceProvider services, Guid id, CancellationToken ct)
    {
        var (db, time) = (services.GetRequiredService<CloudDb>(), services.GetRequiredService<TimeProvider>());
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < Patience; await Task.Delay(Pause, time, ct))
        {
            var row = await db.Set<WorkflowRow>().AsNoTracking().Where(w => w.Id == id)
                .Select(w => new { w.Phase, w.ErrorCode, w.ErrorText }).SingleAsync(ct);
            if (row.Phase == Phase.Succeeded) return;
            if (row.Phase is Phase.Failed or Phase.Stuck) throw new CloudException(row.ErrorCode ?? 530, row.ErrorText ?? "The operation failed.");
        }
        throw Refusal.Unavailable($"The operation takes longer than {Patience.TotalSeconds:0} s and goes on as job {id}.");
    }
}
