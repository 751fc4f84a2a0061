using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute;

/// <summary>A security group as clients see it.</summary>
[WireName("securitygroup")]
public sealed record SecurityGroupWire
{
    [Description("The group's id")]
    public required Guid Id { get; init; }

    [Description("The group's name")]
    public required string Name { get; init; }

    [Description("What it is for, for people")]
    public required string Description { get; init; }

    [Description("The owner's name")]
    public required string Account { get; init; }

    [Description("The owner's domain's id")]
    public required Guid DomainId { get; init; }

    [Description("The owner's domain's name")]
    public required string Domain { get; init; }

    [Description("Who may speak to its members: nobody else")]
    public required IReadOnlyList<SecurityRuleWire> IngressRule { get; init; }

    [Description("To whom its members may speak: to all while there is none")]
    public required IReadOnlyList<SecurityRuleWire> EgressRule { get; init; }

    [Description("How many virtual machines are in it")]
    public required int VirtualMachineCount { get; init; }

    [Description("Those virtual machines")]
    public required IReadOnlyList<Guid> VirtualMachineIds { get; init; }

    [Description("Names and values attached to it: none")]
    public IReadOnlyList<TagWire> Tags { get; init; } = [];
}

/// <summary>A rule of a security group as clients see it.</summary>
public sealed record SecurityRuleWire
{
    [Description("The rule's id")]
    public required Guid RuleId { get; init; }

    [Description("tcp, udp, icmp, all, or the number of another protocol")]
    public required string Protocol { get; init; }

    [Description("The first port of the receiver; absent for all")]
    public int? StartPort { get; init; }

    [Description("The last port")]
    public int? EndPort { get; init; }

    [Description("The type of ICMP messages; -1 for all")]
    public int? IcmpType { get; init; }

    [Description("The code of ICMP messages; -1 for all")]
    public int? IcmpCode { get; init; }

    [Description("The other side's network")]
    public string? Cidr { get; init; }

    [Description("The group that the other side is in")]
    public string? SecurityGroupName { get; init; }

    [Description("That group's owner")]
    public string? Account { get; init; }

    [Description("Names and values attached to it: none")]
    public IReadOnlyList<TagWire> Tags { get; init; } = [];
}

internal sealed class SecurityGroupWireReader(CloudDb db) : IReadWire<SecurityGroupWire>
{
    public async Task<IReadOnlyList<SecurityGroupWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<SecurityGroup>(id)).ToList();
        var rows = await (
            from found in db.Set<SecurityGroup>().AsNoTracking()
            where keys.Contains(found.Id)
            join account in db.Set<Account>().IgnoreQueryFilters() on found.AccountId equals account.Id
            join domain in db.Set<Domain>().IgnoreQueryFilters() on found.DomainId equals domain.Id
            select new { Group = found, Account = account.Name, Domain = domain.Name }).ToListAsync(ct);
        var rules = (await (
            from rule in db.Set<SecurityRule>().AsNoTracking()
            where keys.Contains(rule.GroupId)
            join named in db.Set<SecurityGroup>() on rule.PeerId equals named.Id into peers
            from peer in peers.DefaultIfEmpty()
            join account in db.Set<Account>().IgnoreQueryFilters() on peer.AccountId equals account.Id into owners
            from owner in owners.DefaultIfEmpty()
            orderby rule.Id
            select new { Rule = rule, Peer = peer.Name, Owner = owner.Name }).ToListAsync(ct))
            .ToLookup(r => (r.Rule.GroupId, r.Rule.Traffic), r => Of(r.Rule, r.Peer, r.Owner));
        var members = (await db.Set<GroupMember>().AsNoTracking().Where(m => keys.Contains(m.GroupId)).OrderBy(m => m.VmId).ToListAsync(ct))
            .ToLookup(m => m.GroupId, m => m.VmId.Value);
        return [.. rows.InOrderOf(ids, r => r.Group.Id.Value).Select(r => new SecurityGroupWire
        {
            Id = r.Group.Id.Value,
            Name = r.Group.Name,
            Description = r.Group.Description,
            Account = r.Account,
            DomainId = r.Group.DomainId.Value,
            Domain = r.Domain,
            IngressRule = [.. rules[(r.Group.Id, AclTraffic.Ingress)]],
            EgressRule = [.. rules[(r.Group.Id, AclTraffic.Egress)]],
            VirtualMachineCount = members[r.Group.Id].Count(),
            VirtualMachineIds = [.. members[r.Group.Id]],
        })];
    }

    private static SecurityRuleWire Of(SecurityRule rule, string? peer, string? owner) => new()
    {
        RuleId = rule.Id.Value,
        Protocol = rule.Protocol,
        StartPort = rule.StartPort,
        EndPort = rule.EndPort,
        IcmpType = rule.IcmpType,
        IcmpCode = rule.IcmpCode,
        Cidr = rule.Cidr?.ToString(),
        SecurityGroupName = peer,
        Account = owner,
    };
}
