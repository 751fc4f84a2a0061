using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Removes a VPC without tiers, with its ACL lists, its private gateways, its VPNs and the public addresses that it holds.</summary>
public sealed class RemoveVpc(CloudDb db, Quarantine quarantine, TimeProvider clock) : Workflow<RemoveVpc.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="VpcId">The VPC.</param>
    public sealed record Memory(Id<Vpc> VpcId);

    public static Order<RemoveVpc> For(Vpc vpc) => new()
    {
        State = new Memory(vpc.Id),
        Subjects = [vpc.Subject],
        InstanceKind = nameof(Vpc),
        InstanceId = vpc.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(MarkInactive).Undo(MarkEnabled)
        .Do(Remove);

    private async Task<Vpc> VpcAsync(CancellationToken ct) =>
        await db.Set<Vpc>().SingleOrDefaultAsync(v => v.Id == State.VpcId, ct) ?? throw Refusal.Parameter($"The VPC {State.VpcId} was removed.");

    private async Task MarkInactive(CancellationToken ct)
    {
        var vpc = await VpcAsync(ct);
        vpc.MarkInactive();
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, vpc.ScopeId, token));
    }

    private async Task MarkEnabled(CancellationToken ct)
    {
        if (await db.Set<Vpc>().SingleOrDefaultAsync(v => v.Id == State.VpcId, ct) is { } vpc) vpc.MarkEnabled();
    }

    // After the mark is written: who adds a tier or an address later sees it, who added one before is seen here.
    private async Task Remove(CancellationToken ct)
    {
        var vpc = await VpcAsync(ct);
        await db.Set<Network>().Where(n => n.VpcId == vpc.Id).RequireNoneAsync(n => n.Name, $"The VPC {vpc.Name}", "tier", "deleteNetwork", ct);
        InCommit((commit, token) => commit.Set<StaticRoute>().Where(r => r.VpcId == vpc.Id).ExecuteDeleteAsync(token));
        InCommit((commit, token) => commit.Set<PrivateGateway>().Where(g => g.VpcId == vpc.Id).ExecuteDeleteAsync(token));
        InCommit((commit, token) => commit.Set<VpnConnection>().Where(c => c.ScopeId == vpc.ScopeId).ExecuteDeleteAsync(token));
        InCommit((commit, token) => commit.Set<RemoteAccessVpn>().Where(v => v.ScopeId == vpc.ScopeId).ExecuteDeleteAsync(token));
        InCommit((commit, token) => commit.Set<VpnGateway>().Where(g => g.VpcId == vpc.Id).ExecuteDeleteAsync(token));
        InCommit((commit, token) => commit.Set<AclList>().Where(l => l.VpcId == vpc.Id).ExecuteDeleteAsync(token));
        await quarantine.BeginAsync(db.Set<PublicIpAddress>().Where(a => a.ScopeId == vpc.ScopeId), ct);
        InCommit((commit, token) => Addresses.ReleaseSourceNatAsync(commit, vpc.ScopeId, token));
        InCommit((commit, token) => Addresses.ReleaseAcquiredAsync(commit, vpc.ScopeId, token));
        vpc.Remove(clock.GetUtcNow());
        InCommit((commit, token) => Limits.ReleaseAsync(commit, vpc.Id.Value, token));
    }
}
