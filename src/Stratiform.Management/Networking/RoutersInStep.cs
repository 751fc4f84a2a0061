using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>
/// Lets steps wait until routers know what they wrote: a change raises the wanted generation of the router's scope in the same commit, one
/// ApplyRouter brings the newest, and all who wait for an older one are served by it.
/// </summary>
public sealed class RoutersInStep(CloudDb db, WorkflowQueue queue)
{
    /// <summary>Notes in the step's commit that the scope's router has something to learn.</summary>
    public static Task RaiseAsync(DbContext db, Id<RouterScope> scope, CancellationToken ct) =>
        RaiseAsync(db.Set<RouterScope>().Where(s => s.Id == scope), ct);

    /// <summary>As the other one, of the router that serves the network.</summary>
    public static Task RaiseAsync(DbContext db, Id<Network> network, CancellationToken ct) =>
        RaiseAsync(ScopesOf(db, db.Set<Network>().Where(n => n.Id == network)), ct);

    /// <summary>As the other one, of the routers of all networks of an offering.</summary>
    public static Task RaiseAllAsync(DbContext db, Id<NetworkOffering> offering, CancellationToken ct) =>
        RaiseAsync(ScopesOf(db, db.Set<Network>().Where(n => n.OfferingId == offering)), ct);

    /// <summary>As the other one, in the commit of a command that changes a network.</summary>
    /// <exception cref="CloudException">The network is being shut down (537).</exception>
    public static async Task RaiseForChangeAsync(DbContext db, Id<Network> network, CancellationToken ct)
    {
        var there = db.Set<Network>().Where(n => n.Id == network && n.State != NetworkState.Shutdown && n.State != NetworkState.Destroy);
        if (await RaiseAsync(ScopesOf(db, there), ct) == 0 && !await there.AnyAsync(n => n.ScopeId == null, ct)) throw Api.Refusal.Conflict("The network is being shut down; try again in a moment.");
    }

    /// <summary>The generations that the networks' routers have to reach, by scope.</summary>
    public Task<IReadOnlyDictionary<Guid, long>> WantedAsync(IReadOnlyCollection<Id<Network>> networks, CancellationToken ct) =>
        WantedAsync(ScopesOf(db, db.Set<Network>().Where(n => networks.Contains(n.Id))), ct);

    /// <summary>The generation that the scope's router has to reach.</summary>
    public Task<IReadOnlyDictionary<Guid, long>> WantedAsync(Id<RouterScope> scope, CancellationToken ct) =>
        WantedAsync(db.Set<RouterScope>().Where(s => s.Id == scope), ct);

    /// <summary>The generations that the routers of all these scopes have to reach.</summary>
    public Task<IReadOnlyDictionary<Guid, long>> WantedAsync(IQueryable<Id<RouterScope>> scopes, CancellationToken ct) =>
        WantedAsync(db.Set<RouterScope>().Where(s => scopes.Contains(s.Id)), ct);

    /// <summary>
    /// Whether they have; if not, sees to it that each router behind is brought forward. One that an administrator keeps off is not
    /// waited for: it learns everything when it boots.
    /// </summary>
    /// <exception cref="CloudException">A router refused its configuration; the text says which part.</exception>
    public async Task<bool> HaveAppliedAsync(IReadOnlyDictionary<Guid, long> generations, CancellationToken ct)
    {
        var scopes = generations.Keys.Select(id => new Id<RouterScope>(id)).ToList();
        var routers = await db.Set<Router>().AsNoTracking()
            .Where(r => scopes.Contains(r.ScopeId) && !(r.IsHeld && r.State == VmState.Stopped)).ToListAsync(ct);
        foreach (var router in routers) router.RequireNotRefused(generations[router.ScopeId.Value]);
        var behind = routers.FindAll(r => r.AppliedGeneration < generations[r.ScopeId.Value]);
        if (behind.Count == 0) return true;
        behind = await WithoutAbsentAsync(behind, routers, ct);
        await BringForwardAsync(behind, ct);
        return behind.Count == 0;
    }

    // Of a pair the one that does not serve and cannot be told learns everything when it is back.
    private async Task<List<Router>> WithoutAbsentAsync(List<Router> behind, List<Router> all, CancellationToken ct)
    {
        var hosts = all.Select(r => r.HostId).OfType<Id<Host>>().ToList();
        var up = (await db.Set<HostSight>().Where(s => hosts.Contains(s.HostId) && s.State == HostState.Up).Select(s => s.HostId).ToListAsync(ct)).ToHashSet();
        bool IsOn(Router router) => router is { State: VmState.Running, HostId: { } host } && up.Contains(host);
        return behind.FindAll(r => IsOn(r) || r is { State: VmState.Running, Turn: PairState.Primary } || !all.Exists(o => o.ScopeId == r.ScopeId && o.Id != r.Id && IsOn(o)));
    }

    /// <summary>Sees to it that the networks' routers learn what the step's commit raises, for steps that do not wait for it.</summary>
    public async Task BringForwardAsync(IReadOnlyCollection<Id<Network>> networks, CancellationToken ct)
    {
        var scopes = ScopesOf(db, db.Set<Network>().Where(n => networks.Contains(n.Id)));
        await BringForwardAsync(await db.Set<Router>().AsNoTracking().Where(r => scopes.Any(s => s.Id == r.ScopeId)).ToListAsync(ct), ct);
    }

    private async Task BringForwardAsync(IEnumerable<Router> routers, CancellationToken ct)
    {
        foreach (var router in routers.Where(r => r.State == VmState.Running)) await queue.EnqueueUnlessPendingAsync(ApplyRouter.For(router), ct);
    }

    private static IQueryable<RouterScope> ScopesOf(DbContext db, IQueryable<Network> networks) =>
        db.Set<RouterScope>().Where(s => networks.Any(n => n.ScopeId == s.Id));

    private static Task<int> RaiseAsync(IQueryable<RouterScope> scopes, CancellationToken ct) =>
        scopes.ExecuteUpdateAsync(set => set.SetProperty(s => s.WantedGeneration, s => s.WantedGeneration + 1), ct);

    private static async Task<IReadOnlyDictionary<Guid, long>> WantedAsync(IQueryable<RouterScope> scopes, CancellationToken ct) =>
        await scopes.ToDictionaryAsync(s => s.Id.Value, s => s.WantedGeneration, ct);
}
