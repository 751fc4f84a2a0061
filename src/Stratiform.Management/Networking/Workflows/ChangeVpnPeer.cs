using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Changes a customer gateway; it ends when the routers that are connected with it know, or it is as it was before.</summary>
public sealed class ChangeVpnPeer(CloudDb db, RoutersInStep routers) : Workflow<ChangeVpnPeer.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="GatewayId">The customer gateway.</param>
    /// <param name="Peer">What it is to be.</param>
    /// <param name="Before">What it was; null while nothing was changed.</param>
    /// <param name="Generations">The generations that the routers must have applied.</param>
    public sealed record Memory(
        Id<VpnCustomerGateway> GatewayId, VpnPeer Peer, VpnPeer? Before = null, IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<ChangeVpnPeer> For(VpnCustomerGateway gateway, VpnPeer peer) => new()
    {
        State = new Memory(gateway.Id, peer),
        Subjects = [gateway.Subject],
        InstanceKind = nameof(VpnCustomerGateway),
        InstanceId = gateway.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(Change).Undo(ChangeBack)
        .Until(RoutersKnowIt, TimeSpan.FromMinutes(5));

    private Task<VpnCustomerGateway?> GatewayAsync(CancellationToken ct) =>
        db.Set<VpnCustomerGateway>().SingleOrDefaultAsync(g => g.Id == State.GatewayId, ct);

    private Task<List<VpnConnection>> ConnectionsAsync(CancellationToken ct) =>
        db.Set<VpnConnection>().AsNoTracking().Where(c => c.CustomerGatewayId == State.GatewayId).OrderBy(c => c.ScopeId).ToListAsync(ct);

    private async Task Change(CancellationToken ct)
    {
        var gateway = await GatewayAsync(ct) ?? throw Api.Refusal.Conflict("The customer gateway was deleted meanwhile; nothing was changed.");
        State = State with { Before = gateway.Peer };
        gateway.Become(State.Peer);
        foreach (var connection in await ConnectionsAsync(ct))
        {
            InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, connection.ScopeId, token));
            InCommit((commit, token) => VpnConnections.RequireFitAsync(commit, connection, State.Peer, token));
        }
    }

    private async Task ChangeBack(CancellationToken ct)
    {
        if (State.Before is not { } before || await GatewayAsync(ct) is not { } gateway) return;
        gateway.Become(before);
        foreach (var connection in await ConnectionsAsync(ct)) InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, connection.ScopeId, token));
    }

    private async Task<bool> RoutersKnowIt(CancellationToken ct)
    {
        if (State.Generations is null)
        {
            var wanted = new Dictionary<Guid, long>();
            foreach (var connection in await ConnectionsAsync(ct))
            {
                foreach (var (scope, generation) in await routers.WantedAsync(connection.ScopeId, ct)) wanted[scope] = generation;
            }
            State = State with { Generations = wanted };
        }
        return await routers.HaveAppliedAsync(State.Generations, ct);
    }
}
