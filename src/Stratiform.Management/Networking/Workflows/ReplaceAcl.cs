using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Guards a tier by another ACL list; it ends when its router does so, or by the one before if it cannot.</summary>
public sealed class ReplaceAcl(CloudDb db, RoutersInStep routers) : Workflow<ReplaceAcl.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="NetworkId">The tier.</param>
    /// <param name="ListId">The list.</param>
    /// <param name="Before">The list before; null while nothing was changed.</param>
    /// <param name="Generations">The generation that the router must have applied.</param>
    public sealed record Memory(Id<Network> NetworkId, Id<AclList> ListId, Id<AclList>? Before = null, IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<ReplaceAcl> For(Network tier, Id<AclList> list) => new()
    {
        State = new Memory(tier.Id, list),
        // No network: others must be able to bring its router back while this waits.
        Subjects = [new(Infrastructure.SubjectKinds.AclList, list.Value)],
        InstanceKind = nameof(Network),
        InstanceId = tier.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(Replace).Undo(ReplaceBack)
        .Until(RouterKnowsIt, TimeSpan.FromMinutes(5));

    private Task<Network?> TierAsync(CancellationToken ct) => db.Set<Network>().SingleOrDefaultAsync(n => n.Id == State.NetworkId, ct);

    private async Task Replace(CancellationToken ct)
    {
        if (!await db.Set<AclList>().AnyAsync(l => l.Id == State.ListId, ct) || await TierAsync(ct) is not { } tier)
            throw Api.Refusal.Conflict("The tier or the ACL list was deleted meanwhile; nothing was changed.");
        State = State with { Before = tier.AclId };
        Guard(tier, State.ListId);
    }

    private async Task ReplaceBack(CancellationToken ct)
    {
        // What somebody replaced again stays as it is.
        if (State.Before is not { } before || await TierAsync(ct) is not { } tier || tier.AclId != State.ListId) return;
        // One that was deleted meanwhile leaves the tier closed.
        Guard(tier, await db.Set<AclList>().AnyAsync(l => l.Id == before, ct) ? before : AclList.DefaultDeny.Id);
    }

    private async Task<bool> RouterKnowsIt(CancellationToken ct)
    {
        State = State with { Generations = State.Generations ?? await routers.WantedAsync([State.NetworkId], ct) };
        return await routers.HaveAppliedAsync(State.Generations, ct);
    }

    private void Guard(Network tier, Id<AclList> list)
    {
        tier.GuardBy(list);
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, tier.Id, token));
    }
}
