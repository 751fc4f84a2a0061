using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Reconcilers;

/// <summary>
/// Shuts down networks in which nothing has run for a while: router and addresses go back. Persistent ones stay, those with a remote access VPN, and
/// tiers with addresses of load balancers whose members run in others; of these and of persistent ones, those that are not implemented are tried again.
/// </summary>
public sealed class NetworkGc(
    CloudDb db, WorkflowQueue queue, IEnumerable<IGuestsOfNetwork> guests, LiveSettings settings, TimeProvider clock) : IReconciler
{
    public TimeSpan Interval => TimeSpan.FromSeconds(settings.Get(NetworkSettings.GcInterval));

    public async Task ReconcileAsync(CancellationToken ct)
    {
        await ShutIdleAsync(TimeSpan.FromSeconds(settings.Get(NetworkSettings.GcWait)), ct);
        await ImplementMissingAsync(ct);
    }

    internal async Task ShutIdleAsync(TimeSpan idle, CancellationToken ct)
    {
        var since = clock.GetUtcNow() - idle;
        // A network is in use at least until the router it got has lived as long as idle networks may.
        var candidates = await (
            from network in db.Set<Network>()
            where network.State == NetworkState.Implemented && !Persistent.Any(o => o.Id == network.OfferingId) || network.State == NetworkState.Shutdown || network.IsPrivate
            join card in db.Set<RouterCard>().Where(c => c.GatewayId == null) on network.Id equals card.NetworkId into cards
            from card in cards.DefaultIfEmpty()
            join router in db.Set<Router>() on card.RouterId equals router.Id into routers
            from router in routers.DefaultIfEmpty()
            where router == null || router.CreatedAt <= since
            // Somebody may dial in at any time.
            where network.State == NetworkState.Shutdown || network.VpcId != null || !db.Set<RemoteAccessVpn>().Any(v => v.ScopeId == network.ScopeId)
            select new { Network = network, Router = router }).ToListAsync(ct);
        foreach (var found in candidates.GroupBy(c => c.Network))
        {
            var network = found.Key;
            if (await IsUsedAsync(network.Id, ct)) continue;
            await queue.EnqueueUnlessPendingAsync(ShutNetworkDown.For(network, [.. found.Select(f => f.Router).OfType<Router>()], remove: network.IsPrivate), ct);
        }
    }

    private IQueryable<NetworkOffering> Persistent => db.Set<NetworkOffering>().IgnoreQueryFilters().Where(o => o.IsPersistent);

    private async Task ImplementMissingAsync(CancellationToken ct)
    {
        var missing = await db.Set<Network>()
            .Where(n => n.State == NetworkState.Allocated && (Persistent.Any(o => o.Id == n.OfferingId) || InternalBalancers.HoldingForOthers(db).Any(h => h.Id == n.Id)))
            .ToListAsync(ct);
        foreach (var network in missing) await queue.EnqueueUnlessPendingAsync(ImplementNetwork.For(network), ct);
    }

    private async Task<bool> IsUsedAsync(Id<Network> network, CancellationToken ct)
    {
        foreach (var owner in guests)
        {
            if (await owner.AnyAsync(network, activeOnly: true, ct)) return true;
        }
        return await db.AnyGatewayInAsync(network, ct) || await InternalBalancers.HoldingForOthers(db).AnyAsync(n => n.Id == network, ct);
    }
}
