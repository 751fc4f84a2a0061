using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>Routers through a caller's eyes, and the networks that they serve.</summary>
internal static class Routers
{
    /// <summary>The router of a parameter, with the networks that it serves.</summary>
    /// <exception cref="CloudException">It does not exist for the caller (431), or no network of it is in one of these states.</exception>
    public static async Task<(Router Router, List<Id<Network>> Networks)> FindRouterAsync(
        this CloudDb db, Caller caller, Id<Router> id, string action, NetworkState[] states, CancellationToken ct,
        [CallerArgumentExpression(nameof(id))] string parameter = "")
    {
        var router = await db.FindVisibleAsync(caller, id, ct, parameter);
        var networks = await db.Set<Network>().Where(n => db.Set<RouterCard>().Any(c => c.RouterId == router.Id && c.NetworkId == n.Id)).ToListAsync(ct);
        if (!networks.Any(n => states.Contains(n.State))) networks.First().RequireState(action + " its router", states);
        return (router, [.. networks.Select(n => n.Id)]);
    }

    /// <summary>The networks that the router has cards for, in the domain or not; those beside its VPC as soon as they have a place.</summary>
    public static Task<List<Id<Network>>> ServedByAsync(this CloudDb db, Id<Router> router, CancellationToken ct) => (
        from card in db.Set<RouterCard>()
        where card.RouterId == router
        join network in db.Set<Network>() on card.NetworkId equals network.Id
        where card.GatewayId == null || network.Vni != null || network.IsShared
        select network.Id).ToListAsync(ct);

    /// <summary>Cards of routers with their networks, in a fixed order.</summary>
    public static async Task<IReadOnlyList<(RouterCard Card, Network Network)>> CardsAsync(
        this CloudDb db, Expression<Func<RouterCard, bool>> which, CancellationToken ct)
    {
        var found = await (
            from card in db.Set<RouterCard>().Where(which)
            join network in db.Set<Network>() on card.NetworkId equals network.Id
            orderby network.Id
            select new { Card = card, Network = network }).ToListAsync(ct);
        return [.. found.Select(f => (f.Card, f.Network))];
    }

    /// <summary>The router's cards in networks of private gateways, which go with it.</summary>
    public static Task<List<RouterCard>> GatewayCardsAsync(this CloudDb db, Id<Router> router, CancellationToken ct) =>
        db.Set<RouterCard>().Where(c => c.RouterId == router && c.GatewayId != null).ToListAsync(ct);

    /// <summary>By what the host of one of the router's domains knows these cards, and the one in the public network.</summary>
    public static IReadOnlyList<Guid> DoorsOf(this IEnumerable<(RouterCard Card, Network Network)> cards, Router router, Guid domain) =>
        [.. cards.Select(of => of.Card.InDomain(domain)), RouterDomain.PublicNicIn(router, domain)];

    /// <summary>The routers that serve the network, one or a pair; none while the network is not implemented, or has none.</summary>
    public static Task<List<Router>> RoutersOfAsync(this CloudDb db, Id<Network> network, CancellationToken ct) => db.Set<Router>()
        .Where(r => db.Set<RouterCard>().Any(c => c.RouterId == r.Id && c.NetworkId == network && c.GatewayId == null)).OrderBy(r => r.Rank).ToListAsync(ct);

    /// <summary>Of each pair the one that serves, or the first where neither has said so, or both have.</summary>
    public static IEnumerable<Router> WhoServe(this IEnumerable<Router> routers) =>
        routers.OrderByDescending(r => r.Turn == PairState.Primary).ThenBy(r => r.Rank).DistinctBy(r => r.ScopeId);

    /// <summary>Whether the router takes turns with another one.</summary>
    public static Task<bool> IsOfPairAsync(this CloudDb db, Router router, CancellationToken ct) =>
        db.Set<Router>().AnyAsync(r => r.ScopeId == router.ScopeId && r.Id != router.Id, ct);

    /// <summary>Hosts of those that the router takes turns with.</summary>
    public static Task<List<Id<Host>>> HostsOfOthersAsync(this CloudDb db, Router router, CancellationToken ct) =>
        db.Set<Router>().Where(r => r.ScopeId == router.ScopeId && r.Id != router.Id && r.HostId != null).Select(r => r.HostId!.Value).ToListAsync(ct);

    /// <summary>What a workflow holds that turns a router on or off: its networks as well, whose states decide whether there is to be one.</summary>
    public static IReadOnlyList<Subject> Subjects(Router router, IEnumerable<Id<Network>> networks) => Subjects([router], networks);

    /// <summary>As the other one, of all routers of these networks.</summary>
    public static IReadOnlyList<Subject> Subjects(IEnumerable<Router> routers, IEnumerable<Id<Network>> networks) =>
        [.. routers.Select(r => r.Subject), .. networks.Select(n => new Subject(SubjectKinds.Network, n.Value))];
}
