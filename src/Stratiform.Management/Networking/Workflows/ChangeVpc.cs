using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Guests of a VPC go out by another address; it ends when its router does so, or by the one before if it cannot.</summary>
public sealed class ChangeVpc(CloudDb db, RoutersInStep routers, Limits limits) : Workflow<ChangeVpc.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="VpcId">The VPC.</param>
    /// <param name="SourceNat">The address.</param>
    /// <param name="Before">The one before; null while nothing was changed.</param>
    /// <param name="Generations">The generation that its router must have applied.</param>
    public sealed record Memory(Id<Vpc> VpcId, SourceNatChoice SourceNat, SourceNatChoice? Before = null, IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<ChangeVpc> For(Vpc vpc, SourceNatChoice choice) => new()
    {
        State = new Memory(vpc.Id, choice),
        Subjects = [new(SubjectKinds.NetworkChange, vpc.Id.Value)],
        InstanceKind = nameof(Vpc),
        InstanceId = vpc.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(Choose).Undo(ChooseFormer)
        .Until(RouterKnowsIt, TimeSpan.FromMinutes(5));

    private Task<Vpc?> IfThereAsync(CancellationToken ct) => db.Set<Vpc>().SingleOrDefaultAsync(v => v.Id == State.VpcId, ct);

    private async Task Choose(CancellationToken ct)
    {
        var vpc = await IfThereAsync(ct) ?? throw Refusal.Conflict("The VPC was deleted meanwhile; nothing was changed.");
        await db.RequireNoVpnAsync(GoesOut.Of(vpc), ct);
        State = State with { Before = await db.SourceNatNowAsync(GoesOut.Of(vpc), ct) };
        InCommit((commit, token) => Vpc.RaiseForChangeAsync(commit, vpc, token));
        InCommit((commit, token) => SourceNats.GoOutByAsync(commit, limits, GoesOut.Of(vpc), State.SourceNat, token));
    }

    private async Task ChooseFormer(CancellationToken ct)
    {
        if (State.Before is not { } before || await IfThereAsync(ct) is not { } vpc) return;
        InCommit((commit, token) => SourceNats.GoBackToAsync(commit, limits, GoesOut.Of(vpc), before, token));
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, vpc.ScopeId, token));
    }

    private async Task<bool> RouterKnowsIt(CancellationToken ct)
    {
        if (State.Generations is null && await IfThereAsync(ct) is { } vpc) State = State with { Generations = await routers.WantedAsync(vpc.ScopeId, ct) };
        return State.Generations is null || await routers.HaveAppliedAsync(State.Generations, ct);
    }
}
