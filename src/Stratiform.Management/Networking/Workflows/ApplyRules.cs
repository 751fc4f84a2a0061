using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Brings rules that were added or changed into force: it ends when packets meet them, or the rules are as they were before.</summary>
public sealed class ApplyRules(CloudDb db, RoutersInStep routers) : Workflow<ApplyRules.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="NetworkId">Their network.</param>
    /// <param name="RuleIds">The rules.</param>
    /// <param name="Before">Where the first one led; null when the rules are new.</param>
    /// <param name="Generations">The generation that the network's router must have applied.</param>
    public sealed record Memory(
        Id<Network> NetworkId, IReadOnlyList<Id<NetworkRule>> RuleIds, RuleTarget? Before = null, IReadOnlyDictionary<Guid, long>? Generations = null);

    /// <summary>New rules of one network, which the order's commit adds.</summary>
    public static Order<ApplyRules> For(params IReadOnlyList<NetworkRule> rules) => For(rules, before: null);

    /// <summary>A rule whose ports led elsewhere before.</summary>
    public static Order<ApplyRules> For(NetworkRule rule, RuleTarget before) => For([rule], before);

    private static Order<ApplyRules> For(IReadOnlyList<NetworkRule> rules, RuleTarget? before) => new()
    {
        State = new Memory(rules[0].NetworkId, [.. rules.Select(r => r.Id)], before),
        Subjects = [.. rules.Select(r => r.Subject)],
        InstanceKind = nameof(NetworkRule),
        InstanceId = rules[0].Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(NoteGeneration).Undo(TakeBack)
        .Until(RouterHasThem, TimeSpan.FromMinutes(5))
        .Do(MarkActive);

    private Task<List<NetworkRule>> RulesAsync(CancellationToken ct) =>
        db.Set<NetworkRule>().Where(r => State.RuleIds.Contains(r.Id)).ToListAsync(ct);

    // The order's commit raised it.
    private async Task NoteGeneration(CancellationToken ct) =>
        State = State with { Generations = await routers.WantedAsync([State.NetworkId], ct) };

    // What was revoked meanwhile stays on its way out.
    private async Task TakeBack(CancellationToken ct)
    {
        foreach (var rule in (await RulesAsync(ct)).Where(r => r.State == RuleState.Add))
        {
            if (State.Before is not { } before)
            {
                db.Remove(rule);
                continue;
            }
            rule.LeadTo(before);
            rule.MarkActive();
        }
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.NetworkId, token));
    }

    private Task<bool> RouterHasThem(CancellationToken ct) => routers.HaveAppliedAsync(State.Generations!, ct);

    private async Task MarkActive(CancellationToken ct)
    {
        foreach (var rule in (await RulesAsync(ct)).Where(r => r.State == RuleState.Add)) rule.MarkActive();
    }
}
