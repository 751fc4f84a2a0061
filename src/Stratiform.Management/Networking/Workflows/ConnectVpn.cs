using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>
/// Brings a VPN connection, which the order's commit added, to the VPC's router; it is gone again if that refuses it. Whether the other end
/// answers is another matter: the connection's state tells.
/// </summary>
public sealed class ConnectVpn(CloudDb db, RoutersInStep routers, VpnLook look) : Workflow<ConnectVpn.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="ConnectionId">The connection.</param>
    /// <param name="ScopeId">What its router serves.</param>
    /// <param name="Generations">The generation that the router must have applied.</param>
    public sealed record Memory(Id<VpnConnection> ConnectionId, Id<RouterScope> ScopeId, IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<ConnectVpn> For(VpnConnection connection) => new()
    {
        State = new Memory(connection.Id, connection.ScopeId),
        Subjects = [connection.Subject],
        InstanceKind = nameof(VpnConnection),
        InstanceId = connection.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(NoteGeneration).Undo(TakeBack)
        .Until(RouterHasIt, TimeSpan.FromMinutes(5))
        .Do(NoteState);

    // The order's commit raised it.
    private async Task NoteGeneration(CancellationToken ct) => State = State with { Generations = await routers.WantedAsync(State.ScopeId, ct) };

    private async Task TakeBack(CancellationToken ct)
    {
        if (await db.Set<VpnConnection>().SingleOrDefaultAsync(c => c.Id == State.ConnectionId, ct) is not { } connection) return;
        db.Remove(connection);
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.ScopeId, token));
    }

    private Task<bool> RouterHasIt(CancellationToken ct) => routers.HaveAppliedAsync(State.Generations!, ct);

    private Task NoteState(CancellationToken ct) => look.NoteAsync(State.ScopeId, ct);
}
