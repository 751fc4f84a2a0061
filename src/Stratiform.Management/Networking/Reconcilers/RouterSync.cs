using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Reconcilers;

/// <summary>Brings back routers that died, stops those that are half off, and brings forward configurations that fell behind.</summary>
public sealed class RouterSync(CloudDb db, WorkflowQueue queue) : IReconciler
{
    public TimeSpan Interval => TimeSpan.FromSeconds(30);

    public async Task ReconcileAsync(CancellationToken ct)
    {
        var dead = await (
            from router in db.Set<Router>()
            where router.State == VmState.Running
            join sight in db.Set<DomainSight>() on (Guid)(object)router.Id equals sight.DomainId
            where sight.Power != PowerState.Running && sight.Power != PowerState.Paused && sight.Fence >= router.DomainFence
            join host in db.Set<HostSight>() on router.HostId equals host.HostId
            where host.State == HostState.Up && host.BootId == host.ConnectedBootId
            select router).ToListAsync(ct);
        foreach (var router in dead) await queue.EnqueueUnlessPendingAsync(StartRouter.UnlessHeld(router), ct);

        // A start that failed left it stopped although its network is in use.
        var missing = await (
            from router in db.Set<Router>()
            where router.State == VmState.Stopped && !router.IsHeld
            join network in db.Set<Network>() on router.NetworkId equals network.Id
            where network.State == NetworkState.Implemented
            select router).ToListAsync(ct);
        foreach (var router in missing) await queue.EnqueueUnlessPendingAsync(StartRouter.UnlessHeld(router), ct);

        // Its host was away; while it is, another attempt would only stand in the way.
        var halfOff = await db.Set<Router>().Where(r => r.State == VmState.Stopping)
            .Where(r => r.HostId == null || db.Set<HostSight>().Any(s => s.HostId == r.HostId && s.State == HostState.Up)).ToListAsync(ct);
        foreach (var router in halfOff) await queue.EnqueueUnlessPendingAsync(StopRouter.RestFor(router), ct);

        var behind = await (
            from router in db.Set<Router>()
            where router.State == VmState.Running
            join network in db.Set<Network>() on router.NetworkId equals network.Id
            where router.AppliedGeneration < network.WantedGeneration
            select router).ToListAsync(ct);
        foreach (var router in behind.Except(dead)) await queue.EnqueueUnlessPendingAsync(ApplyRouter.For(router), ct);
    }
}
