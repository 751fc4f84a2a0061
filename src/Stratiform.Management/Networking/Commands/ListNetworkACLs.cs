using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>The rules of ACL lists that exist for the caller, in the order in which they are asked.</summary>
[Command("Lists rules of ACL lists", AllowedTo.Everyone)]
internal sealed record ListNetworkACLs : ListQuery<AclRuleWire>
{
    [Description("Lists only this rule")]
    public Id<AclRule>? Id { get; init; }

    [Description("Lists only rules of this list")]
    public Id<AclList>? AclId { get; init; }

    [Description("Lists only rules of the list that guards this tier")]
    public Id<Network>? NetworkId { get; init; }

    [Description("Lists only rules of what goes into tiers, or of what goes out")]
    public AclTraffic? TrafficType { get; init; }

    [Description("Lists only rules that allow, or that deny")]
    public AclAction? Action { get; init; }

    [Description("Lists only rules of this protocol")]
    public string? Protocol { get; init; }
}

internal sealed class ListNetworkACLsHandler(CloudDb db, Lists<AclRuleWire> lists) : IHandle<ListNetworkACLs, Page<AclRuleWire>>
{
    public async Task<Page<AclRuleWire>> HandleAsync(ListNetworkACLs command, Caller caller, CancellationToken ct)
    {
        var visible = db.VisibleLists(caller);
        var rules = db.Set<AclRule>().AsNoTracking().Where(r => visible.Any(l => l.Id == r.ListId));
        if (command.Id is { } id) rules = rules.Where(r => r.Id == id);
        if (command.AclId is { } list) rules = rules.Where(r => r.ListId == list);
        if (command.NetworkId is { } network) rules = rules.Where(r => db.Set<Network>().Any(n => n.Id == network && n.AclId == r.ListId));
        if (command.TrafficType is { } traffic) rules = rules.Where(r => r.Traffic == traffic);
        if (command.Action is { } action) rules = rules.Where(r => r.Action == action);
        if (command.Protocol is { } text)
        {
            var protocol = WireRules.Protocol(text);
            rules = rules.Where(r => r.Protocol == protocol);
        }
        if (command.Keyword is { } keyword) rules = rules.Where(r => EF.Functions.ILike(r.Protocol, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(rules.OrderBy(r => r.ListId).ThenBy(r => r.Number).ThenBy(r => r.Id).Select(r => r.Id), command, caller, ct);
    }
}
