using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Tells the routers of all remote access VPNs of an account of a user, whom the order's commit added; who is not known to all is gone again.</summary>
public sealed class AdmitVpnUser(CloudDb db, RoutersInStep routers) : Workflow<AdmitVpnUser.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="UserId">The user.</param>
    /// <param name="AccountId">Whose VPNs let it in.</param>
    /// <param name="Generations">The generations that the routers must have applied.</param>
    public sealed record Memory(Id<VpnUser> UserId, Id<Account> AccountId, IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<AdmitVpnUser> For(VpnUser user) => new()
    {
        State = new Memory(user.Id, user.AccountId),
        Subjects = [user.Subject],
        InstanceKind = nameof(VpnUser),
        InstanceId = user.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(NoteGenerations).Undo(TakeBack)
        .Until(RoutersKnow, TimeSpan.FromMinutes(5))
        .Do(MarkActive);

    // The order's commit raised them.
    private async Task NoteGenerations(CancellationToken ct) =>
        State = State with { Generations = await routers.WantedAsync(RemoteAccess.ScopesOf(db, State.AccountId), ct) };

    private Task TakeBack(CancellationToken ct)
    {
        InCommit((commit, token) => commit.Set<VpnUser>().Where(u => u.Id == State.UserId).ExecuteDeleteAsync(token));
        InCommit((commit, token) => RemoteAccess.RaiseAsync(commit, State.AccountId, token));
        return Task.CompletedTask;
    }

    private Task<bool> RoutersKnow(CancellationToken ct) => routers.HaveAppliedAsync(State.Generations!, ct);

    private async Task MarkActive(CancellationToken ct) =>
        (await db.Set<VpnUser>().SingleOrDefaultAsync(u => u.Id == State.UserId, ct))?.MarkActive();
}
