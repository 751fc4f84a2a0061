using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Reconcilers;

/// <summary>Expunges what was destroyed a day ago, and goes on with expunging that failed half-way.</summary>
public sealed class ExpungeDestroyed(CloudDb db, Machines machines, WorkflowQueue queue, TimeProvider clock) : IReconciler
{
    private static readonly TimeSpan Delay = TimeSpan.FromDays(1);

    public TimeSpan Interval => TimeSpan.FromMinutes(5);

    public async Task ReconcileAsync(CancellationToken ct)
    {
        var since = clock.GetUtcNow() - Delay;
        var due = await db.Set<VirtualMachine>()
            .Where(v => v.State == VmState.Expunging || v.State == VmState.Destroyed && v.DestroyedAt < since).OrderBy(v => v.Id).Take(500).ToListAsync(ct);
        foreach (var vm in due) await queue.EnqueueUnlessPendingAsync(ExpungeVm.For(vm, await machines.SubjectsAsync(vm, ct)), ct);
    }
}
