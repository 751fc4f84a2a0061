using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>
/// Brings an internal load balancer into force that the order's commit added, with the tier that has its address where its members are in
/// another one that is in use. If its router does not take it, it is removed.
/// </summary>
public sealed class OpenInternalBalancer(CloudDb db, RoutersInStep routers) : Workflow<OpenInternalBalancer.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="RuleId">The load balancer.</param>
    /// <param name="NetworkId">The tier of its members.</param>
    /// <param name="TierId">The tier that has its address.</param>
    /// <param name="Generations">The generation that its router must have applied.</param>
    public sealed record Memory(
        Id<NetworkRule> RuleId, Id<Network> NetworkId, Id<Network> TierId, IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<OpenInternalBalancer> For(NetworkRule rule, Network tier) => new()
    {
        State = new Memory(rule.Id, rule.NetworkId, tier.Id),
        Subjects = rule.NetworkId == tier.Id ? [rule.Subject] : [tier.Subject, rule.Subject],
        InstanceKind = nameof(NetworkRule),
        InstanceId = rule.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(FindIt).Undo(TakeBack)
        .Run(ItsTier)
        .Until(RouterHasIt, TimeSpan.FromMinutes(5))
        .Do(MarkActive);

    private Task<NetworkRule?> RuleAsync(CancellationToken ct) => db.Set<NetworkRule>().SingleOrDefaultAsync(r => r.Id == State.RuleId, ct);

    private async Task FindIt(CancellationToken ct)
    {
        if (await RuleAsync(ct) is null) throw Api.Refusal.Conflict("The load balancer was deleted meanwhile.");
    }

    // What was revoked meanwhile stays on its way out.
    private async Task TakeBack(CancellationToken ct)
    {
        if (await RuleAsync(ct) is not { State: RuleState.Add } rule) return;
        db.Remove(rule);
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.NetworkId, token));
    }

    // Without guests among its members' nobody needs it yet: NetworkGc sees to the tier when there are.
    private async Task<IReadOnlyList<Order<ImplementNetwork>>> ItsTier(CancellationToken ct) =>
        State.TierId != State.NetworkId && await InternalBalancers.HoldingForOthers(db).SingleOrDefaultAsync(n => n.Id == State.TierId, ct) is { } tier
            ? await ImplementNetwork.ForMissingAsync(db, [tier], ct) : [];

    private async Task<bool> RouterHasIt(CancellationToken ct)
    {
        State = State with { Generations = State.Generations ?? await routers.WantedAsync([State.NetworkId], ct) };
        return await routers.HaveAppliedAsync(State.Generations, ct);
    }

    private async Task MarkActive(CancellationToken ct)
    {
        if (await RuleAsync(ct) is { State: RuleState.Add } rule) rule.MarkActive();
    }
}
