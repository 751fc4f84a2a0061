using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>
/// Gives a VPC's routers, if it has any now, their cards in the network of a private gateway that the order's commit added. RouterSync asks for it
/// as well where a router came later or booted without. A new gateway that cannot be opened is closed again; one that was open stays.
/// </summary>
public sealed class OpenGateway(CloudDb db, WorkflowQueue queue) : Workflow<OpenGateway.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="GatewayId">The private gateway.</param>
    /// <param name="NetworkId">Where its card is.</param>
    public sealed record Memory(Id<PrivateGateway> GatewayId, Id<Network> NetworkId);

    public static Order<OpenGateway> For(PrivateGateway gateway) => new()
    {
        State = new Memory(gateway.Id, gateway.NetworkId),
        Subjects = [new(SubjectKinds.Network, gateway.NetworkId.Value)],
        InstanceKind = nameof(PrivateGateway),
        InstanceId = gateway.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(AddCards).Undo(TakeBack)
        .Run(ItsNetwork)
        .Run(ItsCards)
        .Do(MarkReady);

    private Task<PrivateGateway?> GatewayAsync(CancellationToken ct) => db.Set<PrivateGateway>().SingleOrDefaultAsync(g => g.Id == State.GatewayId, ct);

    private Task<List<RouterCard>> CardsAsync(CancellationToken ct) => db.Set<RouterCard>().Where(c => c.GatewayId == State.GatewayId).ToListAsync(ct);

    private async Task AddCards(CancellationToken ct)
    {
        if (await GatewayAsync(ct) is not { State: GatewayState.Creating or GatewayState.Ready } gateway)
            throw Api.Refusal.Conflict("The private gateway was deleted meanwhile.");
        var there = await CardsAsync(ct);
        foreach (var router in await db.Set<Router>().Where(r => r.ScopeId == gateway.ScopeId).ToListAsync(ct))
        {
            if (!there.Exists(c => c.RouterId == router.Id)) db.Add(router.AddCard(gateway));
        }
    }

    private async Task TakeBack(CancellationToken ct)
    {
        if (await GatewayAsync(ct) is not { State: GatewayState.Creating } gateway) return;
        gateway.MarkDeleting();
        // Behind this one, which holds its network; should it fail, RouterSync asks again.
        queue.Enqueue(CloseGateway.For(gateway), AskedBy.Cloud);
    }

    // Without a router nobody needs it yet; an operator's is wires alone.
    private async Task<IReadOnlyList<Order<ImplementNetwork>>> ItsNetwork(CancellationToken ct)
    {
        if ((await CardsAsync(ct)).Count == 0) return [];
        var network = await db.Set<Network>().SingleAsync(n => n.Id == State.NetworkId, ct);
        return network.IsPrivate ? [] : await ImplementNetwork.ForMissingAsync(db, [network], ct);
    }

    private async Task<IReadOnlyList<Order<PlugRouter>>> ItsCards(CancellationToken ct)
    {
        var lacking = (await CardsAsync(ct)).Where(c => !c.IsIn).Select(c => c.RouterId).ToList();
        var routers = await db.Set<Router>().Where(r => lacking.Contains(r.Id)).OrderBy(r => r.Rank).ToListAsync(ct);
        return [.. routers.Select(r => PlugRouter.For(r, State.NetworkId))];
    }

    private async Task MarkReady(CancellationToken ct)
    {
        if (await GatewayAsync(ct) is { State: GatewayState.Creating } gateway) gateway.MarkReady();
    }
}
