using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Reconcilers;

/// <summary>
/// Brings back routers that died, stops those that are half off, ends domains that serve no more, plugs in what routers lack, and brings
/// forward configurations that fell behind.
/// </summary>
public sealed class RouterSync(CloudDb db, WorkflowQueue queue, RouterRoom room) : IReconciler
{
    public TimeSpan Interval => TimeSpan.FromSeconds(30);

    public async Task ReconcileAsync(CancellationToken ct)
    {
        var dead = await (
            from router in db.Set<Router>()
            where router.State == VmState.Running
            join sight in db.Set<DomainSight>() on router.ServingId equals sight.DomainId
            where sight.Power != PowerState.Running && sight.Power != PowerState.Paused && sight.Fence >= router.DomainFence
            join host in db.Set<HostSight>() on router.HostId equals host.HostId
            where host.State == HostState.Up && host.BootId == host.ConnectedBootId
            select router).ToListAsync(ct);
        foreach (var router in dead) await queue.EnqueueUnlessPendingAsync(StartRouter.UnlessHeld(router, await db.ServedByAsync(router.Id, ct)), ct);

        // A start that failed left it stopped although a network of it is in use.
        var missing = await (
            from router in db.Set<Router>()
            where router.State == VmState.Stopped && !router.IsHeld
                && db.Set<Network>().Any(n => n.ScopeId == router.ScopeId && n.State == NetworkState.Implemented)
            select router).ToListAsync(ct);
        foreach (var router in missing)
        {
            // One of a pair waits until a host has room for it.
            if (await db.IsOfPairAsync(router, ct) && !await room.IsThereAsync(router, ct)) continue;
            await queue.EnqueueUnlessPendingAsync(StartRouter.UnlessHeld(router, await db.ServedByAsync(router.Id, ct)), ct);
        }

        // Its host was away; while it is, another attempt would only stand in the way.
        var halfOff = await db.Set<Router>().Where(r => r.State == VmState.Stopping)
            .Where(r => r.HostId == null || db.Set<HostSight>().Any(s => s.HostId == r.HostId && s.State == HostState.Up)).ToListAsync(ct);
        foreach (var router in halfOff) await queue.EnqueueUnlessPendingAsync(StopRouter.RestFor(router, await db.ServedByAsync(router.Id, ct)), ct);

        // What a rebuild left that does not go on itself.
        var twins = await db.Set<Router>().Where(r => db.Set<RouterTwin>().Any(t => t.RouterId == r.Id)
            && !db.Set<WorkflowRow>().Any(w => w.EndedAt == null && w.Kind == nameof(RebuildRouter) && w.InstanceId == (Guid)(object)r.Id)).ToListAsync(ct);
        foreach (var router in twins) await queue.EnqueueUnlessPendingAsync(EndTwin.For(router), ct);

        // Implemented while its routers became two.
        var half = await db.Set<Network>().Where(n => n.State == NetworkState.Implemented && db.Set<Router>().Any(r => r.ScopeId == n.ScopeId
            && !db.Set<RouterCard>().Any(c => c.RouterId == r.Id && c.NetworkId == n.Id && c.GatewayId == null))).ToListAsync(ct);
        foreach (var network in half) await queue.EnqueueUnlessPendingAsync(ImplementNetwork.For(network), ct);

        var lacking = await (
            from router in db.Set<Router>()
            where router.State == VmState.Running
            join card in db.Set<RouterCard>() on router.Id equals card.RouterId
            join network in db.Set<Network>() on card.NetworkId equals network.Id
            where !card.IsIn && card.GatewayId == null && network.State == NetworkState.Implemented
            select new { Router = router, card.NetworkId }).ToListAsync(ct);
        foreach (var found in lacking.ExceptBy(dead, l => l.Router)) await queue.EnqueueUnlessPendingAsync(PlugRouter.For(found.Router, found.NetworkId), ct);

        // A router that came after them, or booted where their network was not.
        var shut = await (
            from gateway in db.Set<PrivateGateway>()
            where gateway.State != GatewayState.Deleting
            join router in db.Set<Router>() on gateway.ScopeId equals router.ScopeId
            where router.State == VmState.Running && !db.Set<RouterCard>().Any(c => c.RouterId == router.Id && c.GatewayId == gateway.Id && c.IsIn)
            select gateway).Distinct().ToListAsync(ct);
        foreach (var gateway in shut) await queue.EnqueueUnlessPendingAsync(OpenGateway.For(gateway), ct);
        foreach (var gateway in await db.Set<PrivateGateway>().Where(g => g.State == GatewayState.Deleting).ToListAsync(ct))
            await queue.EnqueueUnlessPendingAsync(CloseGateway.For(gateway), ct);

        var behind = await (
            from router in db.Set<Router>()
            where router.State == VmState.Running
            join scope in db.Set<RouterScope>() on router.ScopeId equals scope.Id
            where router.AppliedGeneration < scope.WantedGeneration
            select router).ToListAsync(ct);
        foreach (var router in behind.Except(dead)) await queue.EnqueueUnlessPendingAsync(ApplyRouter.For(router), ct);
    }
}
