using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Lets a running router look at itself now, and notes what it found.</summary>
public sealed class LookAtRouter(CloudDb db, Hosts hosts, TimeProvider clock) : Workflow<LookAtRouter.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="RouterId">The router.</param>
    public sealed record Memory(Id<Router> RouterId);

    public static Order<LookAtRouter> For(Router router) => new()
    {
        State = new Memory(router.Id),
        // No subjects: it changes nothing, and what holds the router need not wait for it.
        InstanceKind = nameof(Router),
        InstanceId = router.Id.Value,
    };

    protected override void Define(Plan plan) => plan.Do(NoteLooks);

    private async Task NoteLooks(CancellationToken ct)
    {
        var router = await db.Set<Router>().SingleOrDefaultAsync(r => r.Id == State.RouterId, ct);
        if (router is not { State: VmState.Running, HostId: { } host }) throw Api.Refusal.Parameter("The router was stopped meanwhile.");
        var health = await hosts.ReadAsync(host, new ReadRouterHealth(router.ServingId), ct);
        var sight = await db.Set<RouterSight>().SingleOrDefaultAsync(s => s.RouterId == router.Id, ct);
        if (sight is null) db.Add(sight = new RouterSight { RouterId = router.Id });
        sight.Saw(health, clock.GetUtcNow());
    }
}
