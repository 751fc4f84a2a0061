using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.SystemVms.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.SystemVms.Reconcilers;

/// <summary>Has as many workers as transfers ask for, boots those that are off or died, tells them what they do not know, removes those that may go.</summary>
public sealed class SystemVmSync(CloudDb db, WorkerCounts counts, WorkflowQueue queue) : IReconciler
{
    // One that cannot boot is not tried at every glance.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    public TimeSpan Interval => TimeSpan.FromSeconds(10);

    public async Task ReconcileAsync(CancellationToken ct)
    {
        foreach (var zone in (await counts.AllAsync(ct)).Where(c => c.Difference != 0 || c.Replaces))
            await queue.EnqueueUnlessPendingAsync(ScaleWorkers.For(zone.ZoneId), ct);
        foreach (var vm in await OffAsync(ct)) await queue.EnqueueUnlessPendingAsync(StartSystemVm.For(vm), Pause, ct);
        foreach (var vm in await db.Set<SystemVm>().Where(v => v.State == VmState.Running && v.AppliedSetup < v.WantedSetup).ToListAsync(ct))
            await queue.EnqueueUnlessPendingAsync(SetUpSystemVm.For(vm), ct);
        foreach (var vm in await db.Set<SystemVm>().Where(v => v.State == VmState.Stopping || v.IsLeaving && v.Sessions == 0).ToListAsync(ct))
            await queue.EnqueueUnlessPendingAsync(StopSystemVm.For(vm, vm.Then), ct);
    }

    private async Task<IReadOnlyList<SystemVm>> OffAsync(CancellationToken ct)
    {
        var dead = await (
            from vm in db.Set<SystemVm>()
            where vm.State == VmState.Running
            join sight in db.Set<DomainSight>() on (Guid)(object)vm.Id equals sight.DomainId
            where sight.Power != PowerState.Running && sight.Power != PowerState.Paused && sight.Fence >= vm.DomainFence
            join host in db.Set<HostSight>() on vm.HostId equals host.HostId
            where host.State == HostState.Up && host.BootId == host.ConnectedBootId
            select vm).ToListAsync(ct);
        var off = await db.Set<SystemVm>().Where(v => v.State == VmState.Stopped && !v.IsHeld && !v.IsLeaving).ToListAsync(ct);
        return [.. dead, .. off];
    }
}
