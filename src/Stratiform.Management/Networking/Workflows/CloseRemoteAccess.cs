using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Removes a remote access VPN once its router has sent all clients away; if the router keeps it, it is as it was.</summary>
public sealed class CloseRemoteAccess(CloudDb db, RoutersInStep routers) : Workflow<CloseRemoteAccess.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="VpnId">The VPN.</param>
    /// <param name="ScopeId">What its router serves.</param>
    /// <param name="Generations">The generation that the router must have applied.</param>
    public sealed record Memory(Id<RemoteAccessVpn> VpnId, Id<RouterScope> ScopeId, IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<CloseRemoteAccess> For(RemoteAccessVpn vpn) => new()
    {
        State = new Memory(vpn.Id, vpn.ScopeId),
        Subjects = [vpn.Subject],
        InstanceKind = nameof(RemoteAccessVpn),
        InstanceId = vpn.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(MarkRemoved).Undo(MarkRunning)
        .Until(RouterForgotIt, TimeSpan.FromMinutes(5))
        .Do(Remove);

    // Null when its network went meanwhile, and the VPN with it.
    private Task<RemoteAccessVpn?> VpnAsync(CancellationToken ct) => db.Set<RemoteAccessVpn>().SingleOrDefaultAsync(v => v.Id == State.VpnId, ct);

    private async Task MarkRemoved(CancellationToken ct)
    {
        if (await VpnAsync(ct) is not { } vpn) return;
        vpn.MarkRemoved();
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.ScopeId, token));
    }

    private async Task MarkRunning(CancellationToken ct)
    {
        if (await VpnAsync(ct) is not { State: RemoteAccessState.Removed } vpn) return;
        vpn.MarkRunning();
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.ScopeId, token));
    }

    private async Task<bool> RouterForgotIt(CancellationToken ct)
    {
        State = State with { Generations = State.Generations ?? await routers.WantedAsync(State.ScopeId, ct) };
        return await routers.HaveAppliedAsync(State.Generations, ct);
    }

    private async Task Remove(CancellationToken ct)
    {
        if (await VpnAsync(ct) is { } vpn) db.Remove(vpn);
    }
}
