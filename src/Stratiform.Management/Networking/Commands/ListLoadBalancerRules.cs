using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>The load balancers that exist for the caller.</summary>
[Command("Lists load balancers", AllowedTo.Everyone)]
internal sealed record ListLoadBalancerRules : OwnedListQuery<NetworkRule, LoadBalancerRuleWire>
{
    [Description("Lists only load balancers of this name")]
    public string? Name { get; init; }

    [Description("Lists only load balancers of this public address")]
    public Id<PublicIpAddress>? PublicIpId { get; init; }

    [Description("Lists only load balancers of this network")]
    public Id<Network>? NetworkId { get; init; }

    [Description("Lists only load balancers of this zone")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("Lists only load balancers that this virtual machine is a member of")]
    public Guid? VirtualMachineId { get; init; }
}

internal sealed class ListLoadBalancerRulesHandler(CloudDb db, Lists<LoadBalancerRuleWire> lists)
    : IHandle<ListLoadBalancerRules, Page<LoadBalancerRuleWire>>
{
    public async Task<Page<LoadBalancerRuleWire>> HandleAsync(ListLoadBalancerRules command, Caller caller, CancellationToken ct)
    {
        var rules = (await db.ListedAsync(command, caller, ct)).Where(r => r.Purpose == RulePurpose.LoadBalancing);
        if (command.PublicIpId is { } address) rules = rules.Where(r => r.AddressId == address);
        if (command.NetworkId is { } network) rules = rules.Where(r => r.NetworkId == network);
        if (command.ZoneId is { } zone) rules = rules.Where(r => db.Set<Network>().Any(n => n.Id == r.NetworkId && n.ZoneId == zone));
        if (command.Name is { } name) rules = rules.Where(r => db.Set<LoadBalancer>().Any(b => b.RuleId == r.Id && b.Name == name));
        if (command.Keyword is { } keyword)
        {
            rules = rules.Where(r => db.Set<LoadBalancer>().Any(
                b => b.RuleId == r.Id && EF.Functions.ILike(b.Name, Keyword.Pattern(keyword), Keyword.Escape)));
        }
        if (command.VirtualMachineId is { } guest)
        {
            var cards = db.Set<Nic>().Where(n => n.GuestId == guest).Select(n => n.Id);
            rules = rules.Where(r => db.Set<LoadBalancerMember>().Any(m => m.RuleId == r.Id && cards.Contains(m.NicId)));
        }
        return await lists.PageAsync(rules.OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).Select(r => r.Id), command, caller, ct);
    }
}
