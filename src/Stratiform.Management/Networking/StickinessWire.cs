using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A load balancer's stickiness as clients see it.</summary>
[WireName("stickinesspolicies")]
public sealed record StickinessWire
{
    [Description("The load balancer's id")]
    public required Guid LbRuleId { get; init; }

    [Description("The load balancer's name")]
    public required string Name { get; init; }

    [Description("What the load balancer is for, for people")]
    public required string Description { get; init; }

    [Description("The load balancer's state")]
    public required RuleState State { get; init; }

    [Description("The owner's name")]
    public required string Account { get; init; }

    [Description("The owner's domain's id")]
    public required Guid DomainId { get; init; }

    [Description("The owner's domain's name")]
    public required string Domain { get; init; }

    [Description("Its zone's id")]
    public required Guid ZoneId { get; init; }

    [Description("The policy; a load balancer has one")]
    public required IReadOnlyList<StickinessPolicyWire> StickinessPolicy { get; init; }
}

/// <summary>A stickiness policy as clients see it.</summary>
public sealed record StickinessPolicyWire
{
    [Description("The policy's id")]
    public required Guid Id { get; init; }

    [Description("The policy's name")]
    public required string Name { get; init; }

    [Description("What it is for, for people")]
    public required string Description { get; init; }

    [Description("LbCookie, AppCookie or SourceBased")]
    public required string MethodName { get; init; }

    [Description("The method's parameters")]
    public required IReadOnlyDictionary<string, string> Params { get; init; }
}

/// <summary>Reads by the load balancers' ids.</summary>
internal sealed class StickinessWireReader(CloudDb db) : IReadWire<StickinessWire>
{
    public async Task<IReadOnlyList<StickinessWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<NetworkRule>(id)).ToList();
        var rows = await (
            from policy in db.Set<StickinessPolicy>().AsNoTracking()
            where keys.Contains(policy.RuleId)
            join balancer in db.Set<LoadBalancer>() on policy.RuleId equals balancer.RuleId
            join rule in db.Set<NetworkRule>() on policy.RuleId equals rule.Id
            join network in db.Set<Network>().IgnoreQueryFilters() on rule.NetworkId equals network.Id
            join account in db.Set<Account>().IgnoreQueryFilters() on rule.AccountId equals account.Id
            join domain in db.Set<Domain>().IgnoreQueryFilters() on rule.DomainId equals domain.Id
            select new { Policy = policy, Balancer = balancer, Rule = rule, network.ZoneId, Account = account.Name, Domain = domain.Name }).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.Rule.Id.Value).Select(r => new StickinessWire
        {
            LbRuleId = r.Rule.Id.Value,
            Name = r.Balancer.Name,
            Description = r.Balancer.Description,
            State = r.Rule.State,
            Account = r.Account,
            DomainId = r.Rule.DomainId.Value,
            Domain = r.Domain,
            ZoneId = r.ZoneId.Value,
            StickinessPolicy =
            [
                new()
                {
                    Id = r.Policy.Id.Value,
                    Name = r.Policy.Name,
                    Description = r.Policy.Description,
                    MethodName = r.Policy.Method.ToString(),
                    Params = r.Policy.Content.Parameters,
                },
            ],
        })];
    }
}
