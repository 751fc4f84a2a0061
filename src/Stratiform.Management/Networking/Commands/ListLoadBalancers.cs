using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>The internal load balancers that exist for the caller.</summary>
[Command("Lists internal load balancers", AllowedTo.Everyone)]
internal sealed record ListLoadBalancers : OwnedListQuery<NetworkRule, InternalBalancerWire>
{
    [Description("Lists only load balancers of this name")]
    public string? Name { get; init; }

    [Description("Lists only load balancers on this address")]
    public string? SourceIpAddress { get; init; }

    [Description("Lists only load balancers whose address is of this tier")]
    public Id<Network>? SourceIpAddressNetworkId { get; init; }

    [Description("Internal is the one there is")]
    public string? Scheme { get; init; }

    [Description("Lists only load balancers whose members are of this tier")]
    public Id<Network>? NetworkId { get; init; }

    [Description("Lists only those that their owners see in lists, or do not")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public bool? ForDisplay { get; init; }
}

internal sealed class ListLoadBalancersHandler(CloudDb db, Lists<InternalBalancerWire> lists) : IHandle<ListLoadBalancers, Page<InternalBalancerWire>>
{
    public async Task<Page<InternalBalancerWire>> HandleAsync(ListLoadBalancers command, Caller caller, CancellationToken ct)
    {
        if (command.Scheme is { } scheme) InternalBalancers.RequireInternal(scheme);
        var rules = (await db.ListedAsync(command, caller, ct)).Where(r => r.Purpose == RulePurpose.InternalBalancing);
        if (command.SourceIpAddress is { } text)
        {
            var ip = Ipv4Address.Of(WireIp.Require(text, nameof(command.SourceIpAddress)));
            rules = rules.Where(r => r.InternalIp == ip);
        }
        if (command.SourceIpAddressNetworkId is { } tier) rules = rules.Where(r => r.InternalNetworkId == tier);
        if (command.NetworkId is { } network) rules = rules.Where(r => r.NetworkId == network);
        if (command.Name is { } name) rules = rules.Where(r => db.Set<LoadBalancer>().Any(b => b.RuleId == r.Id && b.Name == name));
        if (command.Keyword is { } keyword)
        {
            rules = rules.Where(r => db.Set<LoadBalancer>().Any(
                b => b.RuleId == r.Id && EF.Functions.ILike(b.Name, Keyword.Pattern(keyword), Keyword.Escape)));
        }
        if ((caller.IsRootAdmin ? command.ForDisplay : true) is { } shown)
            rules = rules.Where(r => db.Set<LoadBalancer>().Any(b => b.RuleId == r.Id && b.IsHidden != shown));
        return await lists.PageAsync(rules.OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).Select(r => r.Id), command, caller, ct);
    }
}
