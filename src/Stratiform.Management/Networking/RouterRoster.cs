using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;

namespace Stratiform.Management.Networking;

/// <summary>The routers that a network is to have, one or a pair, with their cards in it.</summary>
public sealed class RouterRoster(CloudDb db, Addresses addresses, TimeProvider clock)
{
    /// <summary>Adds what the network lacks of them, saved with the step. Those of a pair have an address of their own each.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">The network is full (533).</exception>
    public async Task CompleteAsync(Network network, Action<Func<DbContext, CancellationToken, Task>> inCommit, CancellationToken ct)
    {
        var scope = await db.Set<RouterScope>().SingleAsync(s => s.Id == network.ScopeId, ct);
        var taken = new List<Ipv4Address>();
        for (var rank = 0; rank < (scope.IsRedundant ? 2 : 1); rank++)
        {
            var router = await RouterAsync(network, scope, rank, ct);
            var card = await db.Set<RouterCard>().SingleOrDefaultAsync(c => c.RouterId == router.Id && c.NetworkId == network.Id && c.GatewayId == null, ct);
            if (card is null) db.Add(card = router.AddCard(network));
            if (card.Ip is not null || !network.IsShared && !scope.IsRedundant) continue;
            if (network.RouterIp is { } chosen)
            {
                router.Number(card, chosen);
                continue;
            }
            var ip = await addresses.FreeGuestAddressAsync(network, ct, taken);
            taken.Add(ip);
            inCommit((commit, token) => Addresses.ClaimAsync(commit, network.Id, ip, token));
            router.Number(card, ip);
        }
    }

    private async Task<Router> RouterAsync(Network network, RouterScope scope, int rank, CancellationToken ct)
    {
        var there = db.Set<Router>().Local.FirstOrDefault(r => r.ScopeId == scope.Id && r.Rank == rank && r.RemovedAt is null)
            ?? await db.Set<Router>().SingleOrDefaultAsync(r => r.ScopeId == scope.Id && r.Rank == rank, ct);
        if (there is not null) return there;
        var router = new Router(network, clock.GetUtcNow(), scope.RouterMade, rank);
        db.Add(router);
        foreach (var gateway in await db.Set<PrivateGateway>().Where(g => g.ScopeId == scope.Id && g.State != GatewayState.Deleting).ToListAsync(ct))
            db.Add(router.AddCard(gateway));
        return router;
    }
}
