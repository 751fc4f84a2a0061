using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Gives a VPC, which the order's commit added, the address that its guests go out by; it is gone again if none is free.</summary>
public sealed class EnableVpc(CloudDb db, Limits limits, TimeProvider clock) : Workflow<EnableVpc.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="VpcId">The VPC.</param>
    public sealed record Memory(Id<Vpc> VpcId);

    public static Order<EnableVpc> For(Vpc vpc) => new()
    {
        State = new Memory(vpc.Id),
        Subjects = [vpc.Subject],
        InstanceKind = nameof(Vpc),
        InstanceId = vpc.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(TakeSourceNat).Undo(Remove);

    private Task<Vpc?> VpcAsync(CancellationToken ct) => db.Set<Vpc>().SingleOrDefaultAsync(v => v.Id == State.VpcId, ct);

    private async Task TakeSourceNat(CancellationToken ct)
    {
        var vpc = (await VpcAsync(ct))!;
        if (await db.HasChosenSourceNatAsync(vpc.ScopeId, ct)) return;
        InCommit((commit, token) => limits.TakeAsync(commit, vpc.AccountId, vpc.Id.Value, ResourceKind.PublicIp, 1, token));
        InCommit((commit, token) => Addresses.TakeSourceNatAsync(commit, vpc.ZoneId, vpc.ScopeId, clock.GetUtcNow(), token));
    }

    private async Task Remove(CancellationToken ct)
    {
        if (await VpcAsync(ct) is not { } vpc) return;
        vpc.Remove(clock.GetUtcNow());
        InCommit((commit, token) => Addresses.ReleaseSourceNatAsync(commit, vpc.ScopeId, token));
        InCommit((commit, token) => Addresses.ReleaseAcquiredAsync(commit, vpc.ScopeId, token));
        InCommit((commit, token) => Limits.ReleaseAsync(commit, vpc.Id.Value, token));
    }
}
