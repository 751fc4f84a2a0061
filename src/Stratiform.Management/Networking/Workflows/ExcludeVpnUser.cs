using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Removes a VPN user once no router lets it in any more and its sessions are ended; if one does not follow, the user is as it was.</summary>
public sealed class ExcludeVpnUser(CloudDb db, RoutersInStep routers) : Workflow<ExcludeVpnUser.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="UserId">The user.</param>
    /// <param name="AccountId">Whose VPNs let it in.</param>
    /// <param name="Generations">The generations that the routers must have applied.</param>
    public sealed record Memory(Id<VpnUser> UserId, Id<Account> AccountId, IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<ExcludeVpnUser> For(VpnUser user) => new()
    {
        State = new Memory(user.Id, user.AccountId),
        Subjects = [user.Subject],
        InstanceKind = nameof(VpnUser),
        InstanceId = user.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(MarkRevoked).Undo(MarkActive)
        .Until(RoutersForgot, TimeSpan.FromMinutes(5))
        .Do(Remove);

    // Null when another one removed it before this was admitted.
    private Task<VpnUser?> UserAsync(CancellationToken ct) => db.Set<VpnUser>().SingleOrDefaultAsync(u => u.Id == State.UserId, ct);

    private async Task MarkRevoked(CancellationToken ct)
    {
        if (await UserAsync(ct) is not { } user) return;
        user.MarkRevoked();
        InCommit((commit, token) => RemoteAccess.RaiseAsync(commit, State.AccountId, token));
    }

    private async Task MarkActive(CancellationToken ct)
    {
        if (await UserAsync(ct) is not { State: RuleState.Revoke } user) return;
        user.MarkActive();
        InCommit((commit, token) => RemoteAccess.RaiseAsync(commit, State.AccountId, token));
    }

    private async Task<bool> RoutersForgot(CancellationToken ct)
    {
        State = State with { Generations = State.Generations ?? await routers.WantedAsync(RemoteAccess.ScopesOf(db, State.AccountId), ct) };
        return await routers.HaveAppliedAsync(State.Generations, ct);
    }

    private async Task Remove(CancellationToken ct)
    {
        if (await UserAsync(ct) is { } user) db.Remove(user);
    }
}
