using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Reconcilers;

/// <summary>Shuts down networks in which nothing has run for a while: router and addresses go back.</summary>
public sealed class NetworkGc(CloudDb db, WorkflowQueue queue, IEnumerable<IGuestsOfNetwork> guests, TimeProvider clock) : IReconciler
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    public TimeSpan Interval => TimeSpan.FromMinutes(10);

    public Task ReconcileAsync(CancellationToken ct) => ShutIdleAsync(Idle, ct);

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
