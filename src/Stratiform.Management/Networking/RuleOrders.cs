using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>Adds rules in a command's commit, where what stands in their way is known, and orders that they come into force or go.</summary>
internal sealed class RuleOrders(CloudDb db, CommandCommit commit, WorkflowQueue queue)
{
    /// <summary>Adds rules of one network.</summary>
    public JobTicket Add(Caller caller, params IReadOnlyList<NetworkRule> rules)
    {
        db.AddRange(rules);
        Check(rules);
        return new(queue.Enqueue(ApplyRules.For(rules), caller.Asks).Id, rules[0].Id.Value);
    }

    /// <summary>Takes a rule away, with the firewall rules that were opened for it.</summary>
    public async Task<JobTicket> RevokeAsync(Caller caller, NetworkRule rule, CancellationToken ct)
    {
        var openings = await db.Set<NetworkRule>().Where(r => r.OpenedFor == rule.Id).ToListAsync(ct);
        return new(queue.Enqueue(RevokeRules.For([rule, .. openings]), caller.Asks).Id);
    }

    /// <summary>Leads a rule's ports elsewhere.</summary>
    public JobTicket LeadTo(Caller caller, NetworkRule rule, RuleTarget target)
    {
        var before = rule.Target;
        rule.LeadTo(target);
        Check([rule]);
        return new(queue.Enqueue(ApplyRules.For(rule, before), caller.Asks).Id);
    }

    private void Check(IReadOnlyList<NetworkRule> rules)
    {
        commit.Add((into, token) => RoutersInStep.RaiseForChangeAsync(into, rules[0].NetworkId, token));
        foreach (var rule in rules) commit.Add((into, token) => RuleConflicts.RequireNoneAsync(into, rule, token));
    }
}
