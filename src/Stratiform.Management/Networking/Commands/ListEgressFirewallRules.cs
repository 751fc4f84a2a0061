using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>The exceptions to what guests may send out.</summary>
[Command("Lists egress firewall rules", AllowedTo.Everyone)]
internal sealed record ListEgressFirewallRules : OwnedListQuery<NetworkRule, FirewallRuleWire>
{
    [Description("Lists only rules of this network")]
    public Id<Network>? NetworkId { get; init; }
}

internal sealed class ListEgressFirewallRulesHandler(CloudDb db, Lists<FirewallRuleWire> lists) : IHandle<ListEgressFirewallRules, Page<FirewallRuleWire>>
{
    public async Task<Page<FirewallRuleWire>> HandleAsync(ListEgressFirewallRules command, Caller caller, CancellationToken ct)
    {
        var rules = (await db.ListedAsync(command, caller, ct)).Where(r => r.Purpose == RulePurpose.Egress);
        if (command.NetworkId is { } network) rules = rules.Where(r => r.NetworkId == network);
        if (command.Keyword is { } keyword) rules = rules.Where(r => EF.Functions.ILike(r.Protocol, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(rules.OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).Select(r => r.Id), command, caller, ct);
    }
}
