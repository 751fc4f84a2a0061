using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A load balancer's health checks as clients see them.</summary>
[WireName("healthcheckpolicies")]
public sealed record HealthPoliciesWire
{
    [Description("The load balancer's id")]
    public required Guid LbRuleId { get; init; }

    [Description("The owner's name")]
    public required string Account { get; init; }

    [Description("The owner's domain's id")]
    public required Guid DomainId { get; init; }

    [Description("The owner's domain's name")]
    public required string Domain { get; init; }

    [Description("Its zone's id")]
    public required Guid ZoneId { get; init; }

    [Description("The policy; a load balancer has one")]
    public required IReadOnlyList<HealthPolicyWire> HealthCheckPolicy { get; init; }
}

/// <summary>A health check policy as clients see it.</summary>
public sealed record HealthPolicyWire
{
    [Description("The policy's id")]
    public required Guid Id { get; init; }

    [Description("What it is for, for people")]
    public required string Description { get; init; }

    [Description("What members are asked for by HTTP; absent for / from those of HTTP, and for a connection from others")]
    public string? PingPath { get; init; }

    [Description("Seconds that an answer may take")]
    public required int ResponseTime { get; init; }

    [Description("Seconds between two questions")]
    public required int HealthCheckInterval { get; init; }

    [Description("Answers after which a member is well again")]
    public required int HealthCheckThresshold { get; init; }

    [Description("Misses after which a member is left out")]
    public required int UnhealthCheckThresshold { get; init; }

    [Description("The load balancer's state")]
    public required RuleState State { get; init; }
}

/// <summary>Reads by the load balancers' ids.</summary>
internal sealed class HealthPoliciesWireReader(CloudDb db) : IReadWire<HealthPoliciesWire>
{
    public async Task<IReadOnlyList<HealthPoliciesWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<NetworkRule>(id)).ToList();
        var rows = await (
            from policy in db.Set<HealthPolicy>().AsNoTracking()
            where keys.Contains(policy.RuleId)
            join rule in db.Set<NetworkRule>() on policy.RuleId equals rule.Id
            join network in db.Set<Network>().IgnoreQueryFilters() on rule.NetworkId equals network.Id
            join account in db.Set<Account>().IgnoreQueryFilters() on rule.AccountId equals account.Id
            join domain in db.Set<Domain>().IgnoreQueryFilters() on rule.DomainId equals domain.Id
            select new { Policy = policy, Rule = rule, network.ZoneId, Account = account.Name, Domain = domain.Name }).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.Rule.Id.Value).Select(r => new HealthPoliciesWire
        {
            LbRuleId = r.Rule.Id.Value,
            Account = r.Account,
            DomainId = r.Rule.DomainId.Value,
            Domain = r.Domain,
            ZoneId = r.ZoneId.Value,
            HealthCheckPolicy =
            [
                new()
                {
                    Id = r.Policy.Id.Value,
                    Description = r.Policy.Description,
                    PingPath = r.Policy.PingPath,
                    ResponseTime = r.Policy.ResponseSeconds,
                    HealthCheckInterval = r.Policy.IntervalSeconds,
                    HealthCheckThresshold = r.Policy.Healthy,
                    UnhealthCheckThresshold = r.Policy.Unhealthy,
                    State = r.Rule.State,
                },
            ],
        })];
    }
}
