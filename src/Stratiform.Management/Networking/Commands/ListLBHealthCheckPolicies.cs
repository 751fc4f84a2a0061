using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>How load balancers find out which of their members are well.</summary>
[Command("Lists health check policies", AllowedTo.Everyone, Name = "listLBHealthCheckPolicies")]
internal sealed record ListLBHealthCheckPolicies : ListQuery<HealthPoliciesWire>
{
    [Description("Lists only the policy of this load balancer")]
    public Id<NetworkRule>? LbRuleId { get; init; }

    [Description("Lists only this policy")]
    public Id<HealthPolicy>? Id { get; init; }
}

internal sealed class ListLBHealthCheckPoliciesHandler(CloudDb db, Lists<HealthPoliciesWire> lists)
    : IHandle<ListLBHealthCheckPolicies, Page<HealthPoliciesWire>>
{
    public async Task<Page<HealthPoliciesWire>> HandleAsync(ListLBHealthCheckPolicies command, Caller caller, CancellationToken ct)
    {
        if (command.LbRuleId is { } asked) await db.FindBalancerAsync(caller, asked, ct, nameof(command.LbRuleId));
        var visible = db.Visible<NetworkRule>(caller);
        var policies = db.Set<HealthPolicy>().AsNoTracking().Where(p => visible.Any(r => r.Id == p.RuleId));
        if (command.LbRuleId is { } rule) policies = policies.Where(p => p.RuleId == rule);
        if (command.Id is { } id) policies = policies.Where(p => p.Id == id);
        if (command.Keyword is { } keyword) policies = policies.Where(p => EF.Functions.ILike(p.Description, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(policies.OrderBy(p => p.Id).Select(p => p.RuleId), command, caller, ct);
    }
}
