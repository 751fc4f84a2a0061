using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>How clients of load balancers come back to the member that they had.</summary>
[Command("Lists stickiness policies", AllowedTo.Everyone, Name = "listLBStickinessPolicies")]
internal sealed record ListLBStickinessPolicies : ListQuery<StickinessWire>
{
    [Description("Lists only the policy of this load balancer")]
    public Id<NetworkRule>? LbRuleId { get; init; }

    [Description("Lists only this policy")]
    public Id<StickinessPolicy>? Id { get; init; }
}

internal sealed class ListLBStickinessPoliciesHandler(CloudDb db, Lists<StickinessWire> lists)
    : IHandle<ListLBStickinessPolicies, Page<StickinessWire>>
{
    public async Task<Page<StickinessWire>> HandleAsync(ListLBStickinessPolicies command, Caller caller, CancellationToken ct)
    {
        if (command.LbRuleId is { } asked) await db.FindBalancerAsync(caller, asked, ct, nameof(command.LbRuleId));
        var visible = db.Visible<NetworkRule>(caller);
        var policies = db.Set<StickinessPolicy>().AsNoTracking().Where(p => visible.Any(r => r.Id == p.RuleId));
        if (command.LbRuleId is { } rule) policies = policies.Where(p => p.RuleId == rule);
        if (command.Id is { } id) policies = policies.Where(p => p.Id == id);
        if (command.Keyword is { } keyword) policies = policies.Where(p => EF.Functions.ILike(p.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(policies.OrderBy(p => p.Id).Select(p => p.RuleId), command, caller, ct);
    }
}
