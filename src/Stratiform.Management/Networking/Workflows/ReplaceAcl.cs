using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Guards a tier or a private gateway by another ACL list; it ends when its router does so, or by the one before if it cannot.</summary>
public sealed class ReplaceAcl(CloudDb db, RoutersInStep routers) : Workflow<ReplaceAcl.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="NetworkId">The tier, or the network of the private gateway.</param>
    /// <param name="ListId">The list.</param>
    /// <param name="Before">The list before; null while nothing was changed.</param>
    /// <param name="Generations">The generation that the router must have applied.</param>
    /// <param name="GatewayId">The private gateway; null for a tier.</param>
    public sealed record Memory(
        Id<Network> NetworkId, Id<AclList> ListId, Id<AclList>? Before = null, IReadOnlyDictionary<Guid, long>? Generations = null, Id<PrivateGateway>? GatewayId = null);

    public static Order<ReplaceAcl> For(Network tier, Id<AclList> list) => For(new Memory(tier.Id, list), nameof(Network), tier.Id.Value);

    public static Order<ReplaceAcl> For(PrivateGateway gateway, Id<AclList> list) =>
        For(new Memory(gateway.NetworkId, list, GatewayId: gateway.Id), nameof(PrivateGateway), gateway.Id.Value);

    private static Order<ReplaceAcl> For(Memory memory, string kind, Guid guarded) => new()
    {
        State = memory,
        // No network: others must be able to bring its router back while this waits.
        Subjects = [new(Infrastructure.SubjectKinds.AclList, memory.ListId.Value)],
        InstanceKind = kind,
        InstanceId = guarded,
    };

    protected override void Define(Plan plan) => plan
        .Do(Replace).Undo(ReplaceBack)
        .Until(RouterKnowsIt, TimeSpan.FromMinutes(5));

    private async Task<Guarded?> GuardedAsync(CancellationToken ct)
    {
        if (State.GatewayId is not { } id)
            return await db.Set<Network>().SingleOrDefaultAsync(n => n.Id == State.NetworkId, ct) is { } tier ? new(tier.ScopeId!.Value, tier.AclId!.Value, tier.GuardBy) : null;
        return await db.Set<PrivateGateway>().SingleOrDefaultAsync(g => g.Id == id, ct) is { } gateway ? new(gateway.ScopeId, gateway.AclId, list => gateway.AclId = list) : null;
    }

    private async Task Replace(CancellationToken ct)
    {
        if (!await db.Set<AclList>().AnyAsync(l => l.Id == State.ListId, ct) || await GuardedAsync(ct) is not { } guarded)
            throw Api.Refusal.Conflict($"The {(State.GatewayId is null ? "tier" : "private gateway")} or the ACL list was deleted meanwhile; nothing was changed.");
        State = State with { Before = guarded.By };
        Guard(guarded, State.ListId);
    }

    private async Task ReplaceBack(CancellationToken ct)
    {
        // What somebody replaced again stays as it is.
        if (State.Before is not { } before || await GuardedAsync(ct) is not { } guarded || guarded.By != State.ListId) return;
        // One that was deleted meanwhile leaves it closed.
        Guard(guarded, await db.Set<AclList>().AnyAsync(l => l.Id == before, ct) ? before : AclList.DefaultDeny.Id);
    }

    private async Task<bool> RouterKnowsIt(CancellationToken ct)
    {
        if (State.Generations is null)
            State = State with { Generations = await GuardedAsync(ct) is { } guarded ? await routers.WantedAsync(guarded.ScopeId, ct) : new Dictionary<Guid, long>() };
        return await routers.HaveAppliedAsync(State.Generations!, ct);
    }

    private void Guard(Guarded guarded, Id<AclList> list)
    {
        guarded.GuardBy(list);
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, guarded.ScopeId, token));
    }

    private sealed record Guarded(Id<RouterScope> ScopeId, Id<AclList> By, Action<Id<AclList>> GuardBy);
}
