using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>What public addresses let in.</summary>
[Command("Lists firewall rules", AllowedTo.Everyone)]
internal sealed record ListFirewallRules : OwnedListQuery<NetworkRule, FirewallRuleWire>
{
    [Description("Lists only rules of this public address")]
    public Id<PublicIpAddress>? IpAddressId { get; init; }

    [Description("Lists only rules of this network")]
    public Id<Network>? NetworkId { get; init; }
}

internal sealed class ListFirewallRulesHandler(CloudDb db, Lists<FirewallRuleWire> lists) : IHandle<ListFirewallRules, Page<FirewallRuleWire>>
{
    public async Task<Page<FirewallRuleWire>> HandleAsync(ListFirewallRules command, Caller caller, CancellationToken ct)
    {
        var rules = (await db.ListedAsync(command, caller, ct)).Where(r => r.Purpose == RulePurpose.Firewall);
        if (command.IpAddressId is { } address) rules = rules.Where(r => r.AddressId == address);
        if (command.NetworkId is { } network) rules = rules.Where(r => r.NetworkId == network);
        if (command.Keyword is { } keyword) rules = rules.Where(r => EF.Functions.ILike(r.Protocol, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(rules.OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).Select(r => r.Id), command, caller, ct);
    }
}
