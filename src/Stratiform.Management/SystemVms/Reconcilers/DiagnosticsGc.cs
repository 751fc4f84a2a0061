using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Workflows;

namespace Stratiform.Management.SystemVms.Reconcilers;

/// <summary>Deletes what was collected inside system VMs once its link has expired.</summary>
public sealed class DiagnosticsGc(CloudDb db, TimeProvider clock) : IReconciler
{
    public TimeSpan Interval => TimeSpan.FromHours(1);

    public Task ReconcileAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return db.Set<DiagnosticsFile>().Where(f => f.ExpiresAt <= now).ExecuteDeleteAsync(ct);
    }
}
