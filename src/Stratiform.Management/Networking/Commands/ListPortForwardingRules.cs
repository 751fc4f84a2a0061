using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Where ports of public addresses lead.</summary>
[Command("Lists port forwarding rules", AllowedTo.Everyone)]
internal sealed record ListPortForwardingRules : OwnedListQuery<NetworkRule, PortForwardingRuleWire>
{
    [Description("Lists only rules of this public address")]
    public Id<PublicIpAddress>? IpAddressId { get; init; }

    [Description("Lists only rules of this network")]
    public Id<Network>? NetworkId { get; init; }
}

internal sealed class ListPortForwardingRulesHandler(CloudDb db, Lists<PortForwardingRuleWire> lists) : IHandle<ListPortForwardingRules, Page<PortForwardingRuleWire>>
{
    public async Task<Page<PortForwardingRuleWire>> HandleAsync(ListPortForwardingRules command, Caller caller, CancellationToken ct)
    {
        var rules = (await db.ListedAsync(command, caller, ct)).Where(r => r.Purpose == RulePurpose.PortForwarding);
        if (command.IpAddressId is { } address) rules = rules.Where(r => r.AddressId == address);
        if (command.NetworkId is { } network) rules = rules.Where(r => r.NetworkId == network);
        if (command.Keyword is { } keyword) rules = rules.Where(r => EF.Functions.ILike(r.Protocol, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(rules.OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).Select(r => r.Id), command, caller, ct);
    }
}
