using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Reconcilers;

/// <summary>Shuts down networks in which nothing has run for a while: router and addresses go back.</summary>
public sealed class NetworkGc(
    CloudDb db, WorkflowQueue queue, IEnumerable<IGuestsOfNetwork> guests, LiveSettings settings, TimeProvider clock) : IReconciler
{
    public TimeSpan Interval => TimeSpan.FromSeconds(settings.Get(NetworkSettings.GcInterval));

    public Task ReconcileAsync(CancellationToken ct) => ShutIdleAsync(TimeSpan.FromSeconds(settings.Get(NetworkSettings.GcWait)), ct);

    internal async Task ShutIdleAsync(TimeSpan idle, CancellationToken ct)
    {
        var since = clock.GetUtcNow() - idle;
        // A network is in use at least until the router it got has lived as long as idle networks may.
        var candidates = await (
            from network in db.Set<Network>()
            where network.State == NetworkState.Implemented || network.State == NetworkState.Shutdown
            join router in db.Set<Router>() on network.Id equals router.NetworkId into routers
            from router in routers.DefaultIfEmpty()
            where router == null || router.CreatedAt <= since
            select new { Network = network, Router = router }).ToListAsync(ct);
        foreach (var found in candidates)
        {
            if (await IsUsedAsync(found.Network.Id, ct)) continue;
            await queue.EnqueueUnlessPendingAsync(ShutNetworkDown.For(found.Network, found.Router, remove: false), ct);
        }
    }

    private async Task<bool> IsUsedAsync(Id<Network> network, CancellationToken ct)
    {
        foreach (var owner in guests)
        {
            if (await owner.AnyAsync(network, activeOnly: true, ct)) return true;
        }
        return false;
    }
}
