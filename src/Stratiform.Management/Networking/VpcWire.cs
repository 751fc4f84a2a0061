using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Jobs;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A VPC as clients see it.</summary>
[WireName("vpc")]
public sealed record VpcWire
{
    [Description("The VPC's id")]
    public required Guid Id { get; init; }

    [Description("The VPC's name")]
    public required string Name { get; init; }

    [Description("What it is, for people")]
    public required string DisplayText { get; init; }

    [Description("Enabled, or Inactive while it is deleted")]
    public required VpcState State { get; init; }

    [Description("The range within which its tiers' are")]
    public required string Cidr { get; init; }

    [Description("Its zone's id")]
    public required Guid ZoneId { get; init; }

    [Description("Its zone's name")]
    public required string ZoneName { get; init; }

    [Description("Its offering's id")]
    public required Guid VpcOfferingId { get; init; }

    [Description("Its offering's name")]
    public required string VpcOfferingName { get; init; }

    [Description("The owner's name")]
    public required string Account { get; init; }

    [Description("The owner's domain's id")]
    public required Guid DomainId { get; init; }

    [Description("The owner's domain's name")]
    public required string Domain { get; init; }

    [Description("Search domain of its guests")]
    public required string NetworkDomain { get; init; }

    [Description("First name server that its router asks")]
    public required string Dns1 { get; init; }

    [Description("Second name server that its router asks")]
    public string? Dns2 { get; init; }

    [Description("Largest packet that its router sends to the public network, bytes")]
    public required int PublicMtu { get; init; }

    [Description("Its tiers")]
    public required IReadOnlyList<NetworkWire> Network { get; init; }

    [Description("The services that tiers may have")]
    public required IReadOnlyList<NetworkServiceWire> Service { get; init; }

    [Description("Whether a restart is needed to take changes over; never here")]
    public bool RestartRequired { get; init; }

    [Description("Whether each host routes by itself: a router does")]
    public bool DistributedVpcRouter { get; init; }

    [Description("Whether it has two routers, which take turns")]
    public required bool RedundantVpcRouter { get; init; }

    [Description("When it was created")]
    public required DateTimeOffset Created { get; init; }

    [Description("The job that is under way for it")]
    public Guid? JobId { get; init; }

    [Description("0 while that job is under way")]
    public int? JobStatus { get; init; }

    [Description("Names and values attached to it")]
    public IReadOnlyList<TagWire> Tags { get; init; } = [];
}

internal sealed class VpcWireReader(CloudDb db, IReadWire<NetworkWire> networks) : IReadWire<VpcWire>
{
    public async Task<IReadOnlyList<VpcWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<Vpc>(id)).ToList();
        var rows = await (
            from vpc in db.Set<Vpc>().AsNoTracking()
            where keys.Contains(vpc.Id)
            join zone in db.Set<Zone>().IgnoreQueryFilters() on vpc.ZoneId equals zone.Id
            join scope in db.Set<RouterScope>() on vpc.ScopeId equals scope.Id
            join offering in db.Set<VpcOffering>().IgnoreQueryFilters() on vpc.OfferingId equals offering.Id
            join account in db.Set<Account>().IgnoreQueryFilters() on vpc.AccountId equals account.Id
            join domain in db.Set<Domain>().IgnoreQueryFilters() on vpc.DomainId equals domain.Id
            select new { Vpc = vpc, scope.IsRedundant, scope.PublicMtu, Zone = zone, Offering = offering, Account = account.Name, Domain = domain.Name }).ToListAsync(ct);
        var of = await db.Set<Network>().Where(n => n.VpcId != null && keys.Contains(n.VpcId.Value)).OrderBy(n => n.CreatedAt).ThenBy(n => n.Id)
            .Select(n => new { n.Id, VpcId = n.VpcId!.Value }).ToListAsync(ct);
        var shown = (await networks.ReadAsync([.. of.Select(n => n.Id.Value)], caller, ct)).ToDictionary(n => n.Id);
        var tiers = of.ToLookup(n => n.VpcId, n => shown[n.Id.Value]);
        var tags = await db.TagsOfAsync(ids, ct);
        var jobs = await db.JobsOnAsync(ids, ct);
        return [.. rows.InOrderOf(ids, r => r.Vpc.Id.Value).Select(r => new VpcWire
        {
            Id = r.Vpc.Id.Value,
            Name = r.Vpc.Name,
            DisplayText = r.Vpc.DisplayText,
            State = r.Vpc.State,
            Cidr = r.Vpc.Cidr.ToString(),
            PublicMtu = r.PublicMtu,
            ZoneId = r.Vpc.ZoneId.Value,
            ZoneName = r.Zone.Name,
            VpcOfferingId = r.Offering.Id.Value,
            VpcOfferingName = r.Offering.Name,
            Account = r.Account,
            DomainId = r.Vpc.DomainId.Value,
            Domain = r.Domain,
            NetworkDomain = r.Vpc.NetworkDomain,
            Dns1 = NameServers.Of(r.Vpc.NameServers, r.Zone)[0],
            Dns2 = NameServers.Of(r.Vpc.NameServers, r.Zone).ElementAtOrDefault(1),
            RedundantVpcRouter = r.IsRedundant,
            Network = [.. tiers[r.Vpc.Id]],
            Service = NetworkServiceWire.Of(r.Offering),
            Created = r.Vpc.CreatedAt,
            JobId = jobs.On(r.Vpc.Id.Value),
            JobStatus = jobs.StatusOn(r.Vpc.Id.Value),
            Tags = tags.Of(r.Vpc.Id.Value),
        })];
    }
}
