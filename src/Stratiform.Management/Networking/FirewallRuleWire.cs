using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A firewall rule as clients see it, of what comes in or of what goes out.</summary>
[WireName("firewallrule")]
public sealed record FirewallRuleWire
{
    [Description("The rule's id")]
    public required Guid Id { get; init; }

    [Description("tcp, udp, icmp, all, or the number of another protocol")]
    public required string Protocol { get; init; }

    [Description("The first port; absent for all")]
    public int? StartPort { get; init; }

    [Description("The last port")]
    public int? EndPort { get; init; }

    [Description("The type of ICMP messages; -1 for all")]
    public int? IcmpType { get; init; }

    [Description("The code of ICMP messages; -1 for all")]
    public int? IcmpCode { get; init; }

    [Description("Networks that packets come from, separated by commas")]
    public required string CidrList { get; init; }

    [Description("Networks that packets go to, separated by commas; of what goes out")]
    public string? DestCidrList { get; init; }

    [Description("Ingress for what comes in, Egress for what goes out")]
    public required string TrafficType { get; init; }

    [Description("The public address's id")]
    public Guid? IpAddressId { get; init; }

    [Description("The public address")]
    public string? IpAddress { get; init; }

    [Description("The network's id")]
    public required Guid NetworkId { get; init; }

    [Description("Add while it is brought into force, Active while it is, Revoke while it is taken out")]
    public required RuleState State { get; init; }

    [Description("Its tags: none")]
    public IReadOnlyList<string> Tags { get; init; } = [];
}

internal sealed class FirewallRuleWireReader(CloudDb db) : IReadWire<FirewallRuleWire>
{
    public async Task<IReadOnlyList<FirewallRuleWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<NetworkRule>(id)).ToList();
        var rows = await (
            from rule in db.Set<NetworkRule>().AsNoTracking()
            where keys.Contains(rule.Id)
            join address in db.Set<PublicIpAddress>() on rule.AddressId equals address.Id into addresses
            from address in addresses.DefaultIfEmpty()
            select new { Rule = rule, Address = (Infrastructure.Ipv4Address?)address.Address }).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.Rule.Id.Value).Select(r => new FirewallRuleWire
        {
            Id = r.Rule.Id.Value,
            Protocol = r.Rule.Protocol,
            StartPort = r.Rule.StartPort,
            EndPort = r.Rule.EndPort,
            IcmpType = r.Rule.IcmpType,
            IcmpCode = r.Rule.IcmpCode,
            CidrList = string.Join(',', r.Rule.SourceCidrs),
            DestCidrList = r.Rule.DestinationCidrs.Length > 0 ? string.Join(',', r.Rule.DestinationCidrs) : null,
            TrafficType = r.Rule.Purpose == RulePurpose.Egress ? "Egress" : "Ingress",
            IpAddressId = r.Rule.AddressId?.Value,
            IpAddress = r.Address?.ToString(),
            NetworkId = r.Rule.NetworkId.Value,
            State = r.Rule.State,
        })];
    }
}
