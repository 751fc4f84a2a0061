using System.ComponentModel;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>An ACL list as clients see it.</summary>
[WireName("networkacllist")]
public sealed record AclListWire
{
    [Description("The list's id")]
    public required Guid Id { get; init; }

    [Description("The list's name")]
    public required string Name { get; init; }

    [Description("What it is for, for people")]
    public required string Description { get; init; }

    [Description("Its VPC; absent for one that every VPC has")]
    public Guid? VpcId { get; init; }

    [Description("That VPC's name")]
    public string? VpcName { get; init; }
}

internal sealed class AclListWireReader(CloudDb db) : IReadWire<AclListWire>
{
    public async Task<IReadOnlyList<AclListWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<AclList>(id)).ToList();
        var rows = await (
            from list in db.Set<AclList>().AsNoTracking()
            where keys.Contains(list.Id)
            join vpc in db.Set<Vpc>() on list.VpcId equals vpc.Id into vpcs
            from vpc in vpcs.DefaultIfEmpty()
            select new { List = list, Vpc = vpc.Name }).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.List.Id.Value).Select(r => new AclListWire
        {
            Id = r.List.Id.Value,
            Name = r.List.Name,
            Description = r.List.Description,
            VpcId = r.List.VpcId?.Value,
            VpcName = r.Vpc,
        })];
    }
}

/// <summary>A rule of an ACL list as clients see it.</summary>
[WireName("networkacl")]
public sealed record AclRuleWire
{
    [Description("The rule's id")]
    public required Guid Id { get; init; }

    [Description("Its place in the list: lower ones are asked first")]
    public required int Number { get; init; }

    [Description("Allow or Deny")]
    public required AclAction Action { get; init; }

    [Description("Ingress for what goes into tiers, Egress for what goes out")]
    public required AclTraffic TrafficType { get; init; }

    [Description("tcp, udp, icmp, all, or the number of another protocol")]
    public required string Protocol { get; init; }

    [Description("The first port; absent for all")]
    public string? StartPort { get; init; }

    [Description("The last port")]
    public string? EndPort { get; init; }

    [Description("The type of ICMP messages; -1 for all")]
    public int? IcmpType { get; init; }

    [Description("The code of ICMP messages; -1 for all")]
    public int? IcmpCode { get; init; }

    [Description("Networks of the other side, separated by commas")]
    public required string CidrList { get; init; }

    [Description("Its list's id")]
    public required Guid AclId { get; init; }

    [Description("Its list's name")]
    public required string AclName { get; init; }

    [Description("Why it is there, for people")]
    public string? Reason { get; init; }

    [Description("Active: in force in all tiers of its list")]
    public RuleState State { get; init; } = RuleState.Active;

    [Description("Its tags: none")]
    public IReadOnlyList<string> Tags { get; init; } = [];
}

internal sealed class AclRuleWireReader(CloudDb db) : IReadWire<AclRuleWire>
{
    public async Task<IReadOnlyList<AclRuleWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<AclRule>(id)).ToList();
        var rows = await (
            from rule in db.Set<AclRule>().AsNoTracking()
            where keys.Contains(rule.Id)
            join list in db.Set<AclList>() on rule.ListId equals list.Id
            select new { Rule = rule, List = list.Name }).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.Rule.Id.Value).Select(r => new AclRuleWire
        {
            Id = r.Rule.Id.Value,
            Number = r.Rule.Number,
            Action = r.Rule.Action,
            TrafficType = r.Rule.Traffic,
            Protocol = r.Rule.Protocol,
            StartPort = r.Rule.StartPort?.ToString(CultureInfo.InvariantCulture),
            EndPort = r.Rule.EndPort?.ToString(CultureInfo.InvariantCulture),
            IcmpType = r.Rule.IcmpType,
            IcmpCode = r.Rule.IcmpCode,
            CidrList = string.Join(',', r.Rule.Cidrs),
            AclId = r.Rule.ListId.Value,
            AclName = r.List,
            Reason = r.Rule.Reason.Length == 0 ? null : r.Rule.Reason,
        })];
    }
}
