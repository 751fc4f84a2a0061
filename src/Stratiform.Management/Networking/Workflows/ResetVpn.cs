using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Lets a router end a VPN connection and begin it anew. There is no way back: who fails has begun it anew, or not.</summary>
public sealed class ResetVpn(CloudDb db, RoutersInStep routers, VpnLook look) : Workflow<ResetVpn.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="ConnectionId">The connection.</param>
    /// <param name="ScopeId">What its router serves.</param>
    /// <param name="Attempt">Tells this beginning from others.</param>
    /// <param name="Generations">The generation that the router must have applied.</param>
    public sealed record Memory(
        Id<VpnConnection> ConnectionId, Id<RouterScope> ScopeId, Guid Attempt, IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<ResetVpn> For(VpnConnection connection) => new()
    {
        State = new Memory(connection.Id, connection.ScopeId, Id.New<ResetVpn>().Value),
        Subjects = [connection.Subject],
        InstanceKind = nameof(VpnConnection),
        InstanceId = connection.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(BeginAnew)
        .Until(RouterBeganAnew, TimeSpan.FromMinutes(5))
        .Do(NoteState);

    private async Task BeginAnew(CancellationToken ct)
    {
        var connection = await db.Set<VpnConnection>().SingleOrDefaultAsync(c => c.Id == State.ConnectionId, ct)
            ?? throw Api.Refusal.Conflict("The VPN connection was deleted meanwhile.");
        connection.BeginAnew(State.Attempt);
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.ScopeId, token));
    }

    private async Task<bool> RouterBeganAnew(CancellationToken ct)
    {
        State = State with { Generations = State.Generations ?? await routers.WantedAsync(State.ScopeId, ct) };
        return await routers.HaveAppliedAsync(State.Generations, ct);
    }

    private Task NoteState(CancellationToken ct) => look.NoteAsync(State.ScopeId, ct);
}
