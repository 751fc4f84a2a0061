using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>
/// Lets a router that runs serve one more network, or leads it into one beside its VPC: its card there is plugged in and configured. A router that is off gets it when it
/// boots. Nothing is undone: the card is the network's, RouterSync goes on with it and the network's end takes it out.
/// </summary>
public sealed class PlugRouter(CloudDb db, Hosts hosts, RouterConfigurations configurations) : Workflow<PlugRouter.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="RouterId">The router.</param>
    /// <param name="NetworkId">The network.</param>
    public sealed record Memory(Id<Router> RouterId, Id<Network> NetworkId);

    public static Order<PlugRouter> For(Router router, Id<Network> network) => new()
    {
        State = new Memory(router.Id, network),
        Subjects = Routers.Subjects(router, [network]),
        InstanceKind = nameof(Network),
        InstanceId = network.Value,
    };

    protected override void Define(Plan plan) => plan
        .Run(NetworkToPlug)
        .Do(PlugCard)
        .Do(Configure);

    private Task<Router?> RunningAsync(CancellationToken ct) => db.Set<Router>().SingleOrDefaultAsync(
        r => r.Id == State.RouterId && r.State == VmState.Running && db.Set<RouterCard>().Any(c => c.RouterId == r.Id && c.NetworkId == State.NetworkId), ct);

    private async Task<IReadOnlyList<Order<PlugNetwork>>> NetworkToPlug(CancellationToken ct) =>
        await RunningAsync(ct) is { HostId: { } host } ? await NetworkOnHost.ToPlugAsync(db, [State.NetworkId], host, ct) : [];

    private async Task PlugCard(CancellationToken ct)
    {
        if (await RunningAsync(ct) is not { HostId: { } host } router) return;
        var card = await db.Set<RouterCard>().SingleAsync(c => c.RouterId == router.Id && c.NetworkId == State.NetworkId, ct);
        var network = await db.Set<Network>().SingleAsync(n => n.Id == State.NetworkId, ct);
        var report = await hosts.EnsureAsync(host, router.Subject, new EnsureNic(router.ServingId, card.Describe(network, router.ServingId)), ct);
        // One that has just died boots with it.
        router.Plug(card, report.IsIn);
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, router.ScopeId, token));
    }

    private async Task Configure(CancellationToken ct)
    {
        if (await RunningAsync(ct) is not { HostId: { } host } router) return;
        await configurations.ApplyAsync(router, host, hosts, ct);
        router.RequireNotRefused(router.RefusedGeneration);
    }
}
