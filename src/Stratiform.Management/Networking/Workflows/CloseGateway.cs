using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Takes a VPC's routers out of the network of a private gateway and removes the gateway, and an operator's network with the last one in it.</summary>
public sealed class CloseGateway(CloudDb db, WorkflowQueue queue) : Workflow<CloseGateway.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="GatewayId">The private gateway.</param>
    /// <param name="NetworkId">Where its card is.</param>
    /// <param name="WasReady">It was in force: a failure leaves it so.</param>
    public sealed record Memory(Id<PrivateGateway> GatewayId, Id<Network> NetworkId, bool WasReady = false);

    public static Order<CloseGateway> For(PrivateGateway gateway) => new()
    {
        State = new Memory(gateway.Id, gateway.NetworkId),
        Subjects = [new(SubjectKinds.Network, gateway.NetworkId.Value)],
        InstanceKind = nameof(PrivateGateway),
        InstanceId = gateway.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(MarkDeleting).Undo(MarkReady)
        .Run(ItsCards)
        .Do(Remove)
        .Do(LeaveNetwork);

    private Task<PrivateGateway?> GatewayAsync(CancellationToken ct) => db.Set<PrivateGateway>().SingleOrDefaultAsync(g => g.Id == State.GatewayId, ct);

    // In the commit: who adds a route by it later sees the mark, who added one before is seen here.
    private async Task MarkDeleting(CancellationToken ct)
    {
        if (await GatewayAsync(ct) is not { } gateway) return;
        State = State with { WasReady = gateway.State == GatewayState.Ready };
        gateway.MarkDeleting();
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, gateway.ScopeId, token));
        InCommit((commit, token) => PrivateGateways.RequireUnusedAsync(commit, gateway, token));
    }

    // RouterSync plugs its card in again.
    private async Task MarkReady(CancellationToken ct)
    {
        if (!State.WasReady || await GatewayAsync(ct) is not { } gateway) return;
        gateway.MarkReady();
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, gateway.ScopeId, token));
    }

    private async Task<IReadOnlyList<Order<UnplugRouter>>> ItsCards(CancellationToken ct)
    {
        var routers = db.Set<Router>().Where(r => db.Set<RouterCard>().Any(c => c.RouterId == r.Id && c.GatewayId == State.GatewayId));
        return [.. (await routers.OrderBy(r => r.Rank).ToListAsync(ct)).Select(r => UnplugRouter.For(r, State.NetworkId))];
    }

    private async Task Remove(CancellationToken ct)
    {
        if (await GatewayAsync(ct) is { } gateway) db.Remove(gateway);
    }

    // Behind this one, which holds it. If somebody comes into it meanwhile, it stays; NetworkGc sees to what this does not end.
    private async Task LeaveNetwork(CancellationToken ct)
    {
        var network = await db.Set<Network>().SingleOrDefaultAsync(n => n.Id == State.NetworkId && n.IsPrivate, ct);
        if (network is not null && !await db.AnyGatewayInAsync(network.Id, ct))
            queue.Enqueue(ShutNetworkDown.For(network, [], remove: true), AskedBy.Cloud);
    }
}
