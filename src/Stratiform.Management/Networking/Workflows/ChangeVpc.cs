using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Guests of a VPC go out by another address, or in packets of another size; it ends when its router does so, or with all as it was if it cannot.</summary>
public sealed class ChangeVpc(CloudDb db, RoutersInStep routers, Limits limits) : Workflow<ChangeVpc.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="VpcId">The VPC.</param>
    /// <param name="SourceNat">The address; null leaves it.</param>
    /// <param name="Before">The one before; null while none was changed.</param>
    /// <param name="Generations">The generation that its router must have applied.</param>
    /// <param name="PublicMtu">The largest packet that its router sends to the public network; null leaves it.</param>
    /// <param name="MtuBefore">The one before; null while none was changed.</param>
    public sealed record Memory(
        Id<Vpc> VpcId, SourceNatChoice? SourceNat, SourceNatChoice? Before = null, IReadOnlyDictionary<Guid, long>? Generations = null,
        int? PublicMtu = null, int? MtuBefore = null);

    public static Order<ChangeVpc> For(Vpc vpc, SourceNatChoice? choice, int? publicMtu = null) => new()
    {
        State = new Memory(vpc.Id, choice, PublicMtu: publicMtu),
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
        InCommit((commit, token) => Vpc.RaiseForChangeAsync(commit, vpc, token));
        if (State.PublicMtu is { } mtu) State = State with { MtuBefore = await SizeAsync(vpc, mtu, ct) };
        if (State.SourceNat is not { } choice) return;
        await db.RequireNoVpnAsync(GoesOut.Of(vpc), ct);
        State = State with { Before = await db.SourceNatNowAsync(GoesOut.Of(vpc), ct) };
        InCommit((commit, token) => SourceNats.GoOutByAsync(commit, limits, GoesOut.Of(vpc), choice, token));
    }

    private async Task ChooseFormer(CancellationToken ct)
    {
        if (State is { Before: null, MtuBefore: null } || await IfThereAsync(ct) is not { } vpc) return;
        if (State.MtuBefore is { } mtu) await SizeAsync(vpc, mtu, ct);
        if (State.Before is { } before) InCommit((commit, token) => SourceNats.GoBackToAsync(commit, limits, GoesOut.Of(vpc), before, token));
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, vpc.ScopeId, token));
    }

    // Answers what it was before.
    private async Task<int> SizeAsync(Vpc vpc, int mtu, CancellationToken ct)
    {
        var scope = await db.Set<RouterScope>().SingleAsync(s => s.Id == vpc.ScopeId, ct);
        var before = scope.PublicMtu;
        scope.PublicMtu = mtu;
        return before;
    }

    private async Task<bool> RouterKnowsIt(CancellationToken ct)
    {
        if (State.Generations is null && await IfThereAsync(ct) is { } vpc) State = State with { Generations = await routers.WantedAsync(vpc.ScopeId, ct) };
        return State.Generations is null || await routers.HaveAppliedAsync(State.Generations, ct);
    }
}
