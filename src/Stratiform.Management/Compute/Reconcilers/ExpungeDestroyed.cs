using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Settings;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Reconcilers;

/// <summary>Expunges what was destroyed long enough ago (expunge.delay), and goes on with expunging that failed half-way.</summary>
public sealed class ExpungeDestroyed(CloudDb db, Machines machines, WorkflowQueue queue, LiveSettings settings, TimeProvider clock) : IReconciler
{
    public TimeSpan Interval => TimeSpan.FromSeconds(settings.Get(ComputeSettings.ExpungeInterval));

    public async Task ReconcileAsync(CancellationToken ct)
    {
        var since = clock.GetUtcNow().AddSeconds(-settings.Get(ComputeSettings.ExpungeDelay));
        var due = await db.Set<VirtualMachine>()
            .Where(v => v.State == VmState.Expunging || v.State == VmState.Destroyed && v.DestroyedAt < since).OrderBy(v => v.Id).Take(500).ToListAsync(ct);
        foreach (var vm in due) await queue.EnqueueUnlessPendingAsync(ExpungeVm.For(vm, await machines.SubjectsAsync(vm, ct)), ct);
    }
}
