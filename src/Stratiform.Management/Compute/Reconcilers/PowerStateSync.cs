using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Reconcilers;

/// <summary>Follows guests that shut themselves down, and brings back those that died.</summary>
public sealed class PowerStateSync(CloudDb db, Machines machines, WorkflowQueue queue) : IReconciler
{
    // A guest that cannot be brought back (its disk is gone) is not tried at every glance.
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    public TimeSpan Interval => TimeSpan.FromSeconds(30);

    public async Task ReconcileAsync(CancellationToken ct)
    {
        // What was seen before the domain was last asked for tells nothing.
        var differing = await (
            from vm in db.Set<VirtualMachine>()
            where vm.State == VmState.Running
            join sight in db.Set<DomainSight>() on (Guid)(object)vm.Id equals sight.DomainId
            where sight.Power != PowerState.Running && sight.Power != PowerState.Paused && sight.Fence >= vm.DomainFence
            join host in db.Set<HostSight>() on vm.HostId equals host.HostId
            where host.State == HostState.Up && host.BootId == host.ConnectedBootId
            select new { Vm = vm, sight.Power }).ToListAsync(ct);
        foreach (var found in differing)
        {
            var subjects = await machines.SubjectsAsync(found.Vm, ct);
            if (found.Power == PowerState.ShutOff)
                await queue.EnqueueUnlessPendingAsync(FollowShutdown.For(found.Vm.Id, subjects), ct);
            else
                await queue.EnqueueUnlessPendingAsync(ReviveVm.For(found.Vm.Id, subjects), Pause, ct);
        }
    }
}
