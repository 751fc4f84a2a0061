using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A load balancer within a VPC as clients see it.</summary>
[WireName("loadbalancer")]
public sealed record InternalBalancerWire
{
    [Description("The load balancer's id")]
    public required Guid Id { get; init; }

    [Description("Its name")]
    public required string Name { get; init; }

    [Description("What it is for, for people")]
    public required string Description { get; init; }

    [Description("roundrobin, leastconn or source")]
    public required string Algorithm { get; init; }

    [Description("The tier of its members")]
    public required Guid NetworkId { get; init; }

    [Description("The address that it listens on")]
    public required string SourceIpAddress { get; init; }

    [Description("The tier that has that address")]
    public required Guid SourceIpAddressNetworkId { get; init; }

    [Description("Its ports; a load balancer has one")]
    public required IReadOnlyList<InternalPortWire> LoadBalancerRule { get; init; }

    [Description("Its members")]
    public required IReadOnlyList<InternalMemberWire> LoadBalancerInstance { get; init; }

    [Description("The owner's name")]
    public required string Account { get; init; }

    [Description("The owner's domain's id")]
    public required Guid DomainId { get; init; }

    [Description("The owner's domain's name")]
    public required string Domain { get; init; }

    [Description("Whether its owner sees it in lists")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public required bool ForDisplay { get; init; }

    [Description("Its tags: none")]
    public IReadOnlyList<string> Tags { get; init; } = [];
}

/// <summary>A port of a load balancer within a VPC as clients see it.</summary>
public sealed record InternalPortWire
{
    [Description("The port that it listens on")]
    public required int SourcePort { get; init; }

    [Description("The port of its members")]
    public required int InstancePort { get; init; }

    [Description("Add while it is brought into force, Active while it is, Revoke while it is taken out")]
    public required RuleState State { get; init; }
}

/// <summary>A member of a load balancer within a VPC as clients see it.</summary>
public sealed record InternalMemberWire
{
    [Description("The virtual machine's id")]
    public required Guid Id { get; init; }

    [Description("Its name")]
    public required string Name { get; init; }

    [Description("Running, Stopped and the like")]
    public required VmState State { get; init; }

    [Description("The address that it is a member by; absent while it has none")]
    public string? IpAddress { get; init; }
}

internal sealed class InternalBalancerWireReader(CloudDb db, IEnumerable<IGuestsOfNetwork> guests) : IReadWire<InternalBalancerWire>
{
    public async Task<IReadOnlyList<InternalBalancerWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<NetworkRule>(id)).ToList();
        var rows = await (
            from rule in db.Set<NetworkRule>().AsNoTracking()
            where keys.Contains(rule.Id)
            join balancer in db.Set<LoadBalancer>() on rule.Id equals balancer.RuleId
            join account in db.Set<Account>().IgnoreQueryFilters() on rule.AccountId equals account.Id
            join domain in db.Set<Domain>().IgnoreQueryFilters() on rule.DomainId equals domain.Id
            select new { Rule = rule, Balancer = balancer, Account = account.Name, Domain = domain.Name }).ToListAsync(ct);
        var members = await MembersAsync(keys, ct);
        return [.. rows.InOrderOf(ids, r => r.Rule.Id.Value).Select(r => new InternalBalancerWire
        {
            Id = r.Rule.Id.Value,
            Name = r.Balancer.Name,
            Description = r.Balancer.Description,
            Algorithm = WireBalancers.NameOf(r.Balancer.Algorithm),
            NetworkId = r.Rule.NetworkId.Value,
            SourceIpAddress = r.Rule.InternalIp!.Value.ToString(),
            SourceIpAddressNetworkId = r.Rule.InternalNetworkId!.Value.Value,
            LoadBalancerRule = [new() { SourcePort = r.Rule.StartPort!.Value, InstancePort = r.Rule.PrivateStartPort!.Value, State = r.Rule.State }],
            LoadBalancerInstance = [.. members[r.Rule.Id]],
            Account = r.Account,
            DomainId = r.Rule.DomainId.Value,
            Domain = r.Domain,
            ForDisplay = !r.Balancer.IsHidden,
        })];
    }

    private async Task<ILookup<Id<NetworkRule>, InternalMemberWire>> MembersAsync(List<Id<NetworkRule>> rules, CancellationToken ct)
    {
        var cards = await (
            from member in db.Set<LoadBalancerMember>().AsNoTracking()
            where rules.Contains(member.RuleId)
            join nic in db.Set<Nic>() on member.NicId equals nic.Id
            orderby nic.Id
            select new { member.RuleId, nic.GuestId, nic.Ip }).ToListAsync(ct);
        var names = await guests.NamesAsync(cards.Select(c => c.GuestId), ct);
        return cards.Where(c => names.ContainsKey(c.GuestId)).ToLookup(c => c.RuleId, c => new InternalMemberWire
        {
            Id = c.GuestId,
            Name = names[c.GuestId].Name,
            State = names[c.GuestId].State,
            IpAddress = c.Ip?.ToString(),
        });
    }
}
