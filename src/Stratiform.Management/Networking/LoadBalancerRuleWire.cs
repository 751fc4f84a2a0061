using System.ComponentModel;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A load balancer as clients see it.</summary>
[WireName("loadbalancerrule")]
public sealed record LoadBalancerRuleWire
{
    [Description("The load balancer's id")]
    public required Guid Id { get; init; }

    [Description("Its name")]
    public required string Name { get; init; }

    [Description("What it is for, for people")]
    public required string Description { get; init; }

    [Description("roundrobin, leastconn or source")]
    public required string Algorithm { get; init; }

    [Description("tcp, tcp-proxy when members are told the client's address by the PROXY protocol, or ssl when TLS ends here")]
    public required string Protocol { get; init; }

    [Description("The public address's id")]
    public required Guid PublicIpId { get; init; }

    [Description("The public address")]
    public required string PublicIp { get; init; }

    [Description("The port of the public address")]
    public required string PublicPort { get; init; }

    [Description("The port of its members")]
    public required string PrivatePort { get; init; }

    [Description("Networks that the firewall rule that goes with it lets in, separated by commas; absent when none was opened")]
    public string? CidrList { get; init; }

    [Description("The network's id")]
    public required Guid NetworkId { get; init; }

    [Description("Add while it is brought into force, Active while it is, Revoke while it is taken out")]
    public required RuleState State { get; init; }

    [Description("The owner's name")]
    public required string Account { get; init; }

    [Description("The owner's domain's id")]
    public required Guid DomainId { get; init; }

    [Description("The owner's domain's name")]
    public required string Domain { get; init; }

    [Description("Its zone's id")]
    public required Guid ZoneId { get; init; }

    [Description("Its zone's name")]
    public required string ZoneName { get; init; }

    [Description("Connections of clients so far; with the other counts absent until its router was asked")]
    public long? Sessions { get; init; }

    [Description("Requests in them; 0 where it passes bytes on")]
    public long? Requests { get; init; }

    [Description("Bytes from clients so far")]
    public long? BytesIn { get; init; }

    [Description("Bytes to clients so far")]
    public long? BytesOut { get; init; }

    [Description("Connections of clients that were open when its router was asked")]
    public int? Connections { get; init; }

    [Description("Its tags: none")]
    public IReadOnlyList<string> Tags { get; init; } = [];
}

internal sealed class LoadBalancerRuleWireReader(CloudDb db) : IReadWire<LoadBalancerRuleWire>
{
    public async Task<IReadOnlyList<LoadBalancerRuleWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<NetworkRule>(id)).ToList();
        var rows = await (
            from rule in db.Set<NetworkRule>().AsNoTracking()
            where keys.Contains(rule.Id)
            join balancer in db.Set<LoadBalancer>() on rule.Id equals balancer.RuleId
            join address in db.Set<PublicIpAddress>() on rule.AddressId equals address.Id
            join network in db.Set<Network>().IgnoreQueryFilters() on rule.NetworkId equals network.Id
            join zone in db.Set<Zone>().IgnoreQueryFilters() on network.ZoneId equals zone.Id
            join account in db.Set<Account>().IgnoreQueryFilters() on rule.AccountId equals account.Id
            join domain in db.Set<Domain>().IgnoreQueryFilters() on rule.DomainId equals domain.Id
            select new { Rule = rule, Balancer = balancer, address.Address, Zone = zone, Account = account.Name, Domain = domain.Name }).ToListAsync(ct);
        var openings = await db.Set<NetworkRule>().AsNoTracking().Where(r => r.OpenedFor != null && keys.Contains(r.OpenedFor.Value)).ToListAsync(ct);
        var sights = await db.Set<BalancerSight>().AsNoTracking().Where(s => keys.Contains(s.RuleId)).ToDictionaryAsync(s => s.RuleId, ct);
        return [.. rows.InOrderOf(ids, r => r.Rule.Id.Value).Select(r => new LoadBalancerRuleWire
        {
            Id = r.Rule.Id.Value,
            Name = r.Balancer.Name,
            Description = r.Balancer.Description,
            Algorithm = WireBalancers.NameOf(r.Balancer.Algorithm),
            Protocol = WireBalancers.NameOf(r.Balancer.Protocol),
            PublicIpId = r.Rule.AddressId!.Value.Value,
            PublicIp = r.Address.ToString(),
            PublicPort = r.Rule.StartPort!.Value.ToString(CultureInfo.InvariantCulture),
            PrivatePort = r.Rule.PrivateStartPort!.Value.ToString(CultureInfo.InvariantCulture),
            CidrList = openings.FirstOrDefault(o => o.OpenedFor == r.Rule.Id) is { } opening ? string.Join(',', opening.SourceCidrs) : null,
            NetworkId = r.Rule.NetworkId.Value,
            State = r.Rule.State,
            Account = r.Account,
            DomainId = r.Rule.DomainId.Value,
            Domain = r.Domain,
            ZoneId = r.Zone.Id.Value,
            ZoneName = r.Zone.Name,
            Sessions = sights.GetValueOrDefault(r.Rule.Id)?.Sessions,
            Requests = sights.GetValueOrDefault(r.Rule.Id)?.Requests,
            BytesIn = sights.GetValueOrDefault(r.Rule.Id)?.BytesIn,
            BytesOut = sights.GetValueOrDefault(r.Rule.Id)?.BytesOut,
            Connections = sights.GetValueOrDefault(r.Rule.Id)?.Open,
        })];
    }
}
