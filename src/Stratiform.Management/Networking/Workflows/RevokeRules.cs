using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Takes rules out of force and removes them; if the router keeps them they are as they were.</summary>
public sealed class RevokeRules(CloudDb db, RoutersInStep routers) : Workflow<RevokeRules.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="NetworkId">Their network.</param>
    /// <param name="RuleIds">The rules.</param>
    /// <param name="Generations">The generation that the network's router must have applied.</param>
    public sealed record Memory(
        Id<Network> NetworkId, IReadOnlyList<Id<NetworkRule>> RuleIds, IReadOnlyDictionary<Guid, long>? Generations = null);

    /// <summary>Rules of one network.</summary>
    public static Order<RevokeRules> For(params IReadOnlyList<NetworkRule> rules) => new()
    {
        State = new Memory(rules[0].NetworkId, [.. rules.Select(r => r.Id)]),
        Subjects = [.. rules.Select(r => r.Subject)],
        InstanceKind = nameof(NetworkRule),
        InstanceId = rules[0].Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(MarkRevoked).Undo(MarkActive)
        .Until(RouterForgotThem, TimeSpan.FromMinutes(5))
        .Do(RemoveThem);

    private Task<List<NetworkRule>> RulesAsync(CancellationToken ct) =>
        db.Set<NetworkRule>().Where(r => State.RuleIds.Contains(r.Id)).ToListAsync(ct);

    private async Task MarkRevoked(CancellationToken ct)
    {
        foreach (var rule in await RulesAsync(ct)) rule.MarkRevoked();
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.NetworkId, token));
    }

    private async Task MarkActive(CancellationToken ct)
    {
        foreach (var rule in await RulesAsync(ct)) rule.MarkActive();
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.NetworkId, token));
    }

    private async Task<bool> RouterForgotThem(CancellationToken ct)
    {
        State = State with { Generations = State.Generations ?? await routers.WantedAsync([State.NetworkId], ct) };
        return await routers.HaveAppliedAsync(State.Generations, ct);
    }

    private async Task RemoveThem(CancellationToken ct) => db.RemoveRange(await RulesAsync(ct));
}
