using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>
/// Lets steps wait until routers know what they wrote: a change raises its network's wanted generation in the same commit, one
/// ApplyRouter brings the newest, and all who wait for an older one are served by it.
/// </summary>
public sealed class RoutersInStep(CloudDb db, WorkflowQueue queue)
{
    /// <summary>Notes in the step's commit that the network's router has something to learn.</summary>
    public static Task RaiseAsync(DbContext db, Id<Network> network, CancellationToken ct) =>
        db.Set<Network>().Where(n => n.Id == network)
            .ExecuteUpdateAsync(set => set.SetProperty(n => n.WantedGeneration, n => n.WantedGeneration + 1), ct);

    /// <summary>As the other one, in the commit of a command that changes a network.</summary>
    /// <exception cref="CloudException">The network is being shut down (537).</exception>
    public static async Task RaiseForChangeAsync(DbContext db, Id<Network> network, CancellationToken ct)
    {
        var raised = await db.Set<Network>().Where(n => n.Id == network && n.State != NetworkState.Shutdown && n.State != NetworkState.Destroy)
            .ExecuteUpdateAsync(set => set.SetProperty(n => n.WantedGeneration, n => n.WantedGeneration + 1), ct);
        if (raised == 0) throw Api.Refusal.Conflict("The network is being shut down; try again in a moment.");
    }

    /// <summary>The generations that the networks' routers have to reach.</summary>
    public async Task<IReadOnlyDictionary<Guid, long>> WantedAsync(IReadOnlyCollection<Id<Network>> networks, CancellationToken ct) =>
        await db.Set<Network>().Where(n => networks.Contains(n.Id)).ToDictionaryAsync(n => n.Id.Value, n => n.WantedGeneration, ct);

    /// <summary>
    /// Whether they have; if not, sees to it that each router behind is brought forward. One that an administrator keeps off is not
    /// waited for: it learns everything when it boots.
    /// </summary>
    /// <exception cref="CloudException">A router refused its configuration; the text says which part.</exception>
    public async Task<bool> HaveAppliedAsync(IReadOnlyDictionary<Guid, long> generations, CancellationToken ct)
    {
        var networks = generations.Keys.Select(id => new Id<Network>(id)).ToList();
        var routers = await db.Set<Router>().AsNoTracking()
            .Where(r => networks.Contains(r.NetworkId) && !(r.IsHeld && r.State == VmState.Stopped)).ToListAsync(ct);
        foreach (var router in routers) router.RequireNotRefused(generations[router.NetworkId.Value]);
        var behind = routers.Where(r => r.AppliedGeneration < generations[r.NetworkId.Value]).ToList();
        await BringForwardAsync(behind, ct);
        return behind.Count == 0;
    }

    /// <summary>Sees to it that the networks' routers learn what the step's commit raises, for steps that do not wait for it.</summary>
    public async Task BringForwardAsync(IReadOnlyCollection<Id<Network>> networks, CancellationToken ct) =>
        await BringForwardAsync(await db.Set<Router>().AsNoTracking().Where(r => networks.Contains(r.NetworkId)).ToListAsync(ct), ct);

    private async Task BringForwardAsync(IEnumerable<Router> routers, CancellationToken ct)
    {
        foreach (var router in routers.Where(r => r.State == VmState.Running)) await queue.EnqueueUnlessPendingAsync(ApplyRouter.For(router), ct);
    }
}
