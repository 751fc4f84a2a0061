using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Brings a remote access VPN, which the order's commit added, to its router: users may dial when it ends, or it is gone again.</summary>
public sealed class OpenRemoteAccess(CloudDb db, RoutersInStep routers) : Workflow<OpenRemoteAccess.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="VpnId">The VPN.</param>
    /// <param name="ScopeId">What its router serves.</param>
    /// <param name="Generations">The generation that the router must have applied.</param>
    public sealed record Memory(Id<RemoteAccessVpn> VpnId, Id<RouterScope> ScopeId, IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<OpenRemoteAccess> For(RemoteAccessVpn vpn) => new()
    {
        State = new Memory(vpn.Id, vpn.ScopeId),
        Subjects = [vpn.Subject],
        InstanceKind = nameof(RemoteAccessVpn),
        InstanceId = vpn.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(NoteGeneration).Undo(TakeBack)
        .Until(RouterLetsUsersIn, TimeSpan.FromMinutes(5))
        .Do(MarkRunning);

    // The order's commit raised it.
    private async Task NoteGeneration(CancellationToken ct) => State = State with { Generations = await routers.WantedAsync(State.ScopeId, ct) };

    private Task TakeBack(CancellationToken ct)
    {
        InCommit((commit, token) => commit.Set<RemoteAccessVpn>().Where(v => v.Id == State.VpnId).ExecuteDeleteAsync(token));
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.ScopeId, token));
        return Task.CompletedTask;
    }

    private Task<bool> RouterLetsUsersIn(CancellationToken ct) => routers.HaveAppliedAsync(State.Generations!, ct);

    private async Task MarkRunning(CancellationToken ct) =>
        (await db.Set<RemoteAccessVpn>().SingleOrDefaultAsync(v => v.Id == State.VpnId, ct))?.MarkRunning();
}
