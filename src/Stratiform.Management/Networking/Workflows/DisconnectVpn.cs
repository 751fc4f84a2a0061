using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Removes a VPN connection once its router has ended it; if the router keeps it, it is as it was.</summary>
public sealed class DisconnectVpn(CloudDb db, RoutersInStep routers) : Workflow<DisconnectVpn.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="ConnectionId">The connection.</param>
    /// <param name="ScopeId">What its router serves.</param>
    /// <param name="Generations">The generation that the router must have applied.</param>
    public sealed record Memory(Id<VpnConnection> ConnectionId, Id<RouterScope> ScopeId, IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<DisconnectVpn> For(VpnConnection connection) => new()
    {
        State = new Memory(connection.Id, connection.ScopeId),
        Subjects = [connection.Subject],
        InstanceKind = nameof(VpnConnection),
        InstanceId = connection.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(MarkLeaving).Undo(MarkStaying)
        .Until(RouterForgotIt, TimeSpan.FromMinutes(5))
        .Do(Remove);

    private Task MarkLeaving(CancellationToken ct) => MarkAsync(isLeaving: true, ct);

    private Task MarkStaying(CancellationToken ct) => MarkAsync(isLeaving: false, ct);

    // Null when another one removed it before this was admitted.
    private Task<VpnConnection?> ConnectionAsync(CancellationToken ct) => db.Set<VpnConnection>().SingleOrDefaultAsync(c => c.Id == State.ConnectionId, ct);

    private async Task MarkAsync(bool isLeaving, CancellationToken ct)
    {
        if (await ConnectionAsync(ct) is not { } connection || connection.IsLeaving == isLeaving) return;
        connection.MarkLeaving(isLeaving);
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.ScopeId, token));
    }

    private async Task<bool> RouterForgotIt(CancellationToken ct)
    {
        State = State with { Generations = State.Generations ?? await routers.WantedAsync(State.ScopeId, ct) };
        return await routers.HaveAppliedAsync(State.Generations, ct);
    }

    private async Task Remove(CancellationToken ct)
    {
        if (await ConnectionAsync(ct) is { } connection) db.Remove(connection);
    }
}
