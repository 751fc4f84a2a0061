using System.ComponentModel;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Jobs;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A network as clients see it.</summary>
[WireName("network")]
public sealed record NetworkWire
{
    [Description("The network's id")]
    public required Guid Id { get; init; }

    [Description("The network's name")]
    public required string Name { get; init; }

    [Description("What it is, for people")]
    public required string DisplayText { get; init; }

    [Description("Allocated, Implementing, Implemented, Shutdown or Destroy")]
    public required NetworkState State { get; init; }

    [Description("Isolated: behind a router of its own; L2: wires alone; Shared: several accounts'")]
    public required GuestNetworkType Type { get; init; }

    [Description("Guest: for tenants")]
    public string TrafficType { get; init; } = "Guest";

    [Description("How it is kept apart from others")]
    public required string BroadcastDomainType { get; init; }

    [Description("Its number on the wires")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public string? Vlan { get; init; }

    [Description("Its number on the wires, as a URI")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public string? BroadcastUri { get; init; }

    [Description("The range that its guests' addresses are of; absent on L2")]
    public string? Cidr { get; init; }

    [Description("All of its range, where guests have a part of it")]
    public string? NetworkCidr { get; init; }

    [Description("What guests do not have of it, where they have a part: 10.1.1.0-10.1.1.127")]
    public string? ReservedIpRange { get; init; }

    [Description("Whether tenants see it in lists")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public bool? DisplayNetwork { get; init; }

    [Description("The way out of it: its router's address, in a shared one the provider's; absent on L2")]
    public string? Gateway { get; init; }

    [Description("Its mask; absent on L2")]
    public string? Netmask { get; init; }

    [Description("Its zone's id")]
    public required Guid ZoneId { get; init; }

    [Description("Its zone's name")]
    public required string ZoneName { get; init; }

    [Description("Its offering's id")]
    public required Guid NetworkOfferingId { get; init; }

    [Description("Its offering's name")]
    public required string NetworkOfferingName { get; init; }

    [Description("What its offering is, for people")]
    public required string NetworkOfferingDisplayText { get; init; }

    [Description("Its physical network's id")]
    public required Guid PhysicalNetworkId { get; init; }

    [Description("The owner's name; of a shared network the one account that may use it, if it is for one")]
    public string? Account { get; init; }

    [Description("The owner's domain's id; of a shared network that of those who may use it")]
    public required Guid DomainId { get; init; }

    [Description("That domain's name")]
    public required string Domain { get; init; }

    [Description("Search domain of its guests")]
    public required string NetworkDomain { get; init; }

    [Description("First name server that its router asks")]
    public required string Dns1 { get; init; }

    [Description("Second name server that its router asks")]
    public string? Dns2 { get; init; }

    [Description("Largest packet that guests send, bytes")]
    public required int PrivateMtu { get; init; }

    [Description("Largest packet that its router sends to the public network, bytes; absent where none does")]
    public int? PublicMtu { get; init; }

    [Description("Account: one account may use it; Domain: all of the domain may")]
    public required NetworkAclType AclType { get; init; }

    [Description("Whether accounts of the domains below may use a shared network")]
    public bool? SubdomainAccess { get; init; }

    [Description("Whether virtual machines can be deployed in it")]
    public bool CanUseForDeploy { get; init; } = true;

    [Description("Whether it belongs to the cloud itself")]
    public bool IsSystem { get; init; }

    [Description("Whether it is kept without guests")]
    public required bool IsPersistent { get; init; }

    [Description("Whether a restart is needed to take changes over; never here")]
    public bool RestartRequired { get; init; }

    [Description("Whether creators choose the VLAN")]
    public bool SpecifyVlan => Type == GuestNetworkType.Shared;

    [Description("Whether it has two routers, which take turns")]
    public required bool RedundantRouter { get; init; }

    [Description("The VPC that it is a tier of")]
    public Guid? VpcId { get; init; }

    [Description("That VPC's name")]
    public string? VpcName { get; init; }

    [Description("The ACL list that says what may go into the tier and out of it")]
    public Guid? AclId { get; init; }

    [Description("That list's name")]
    public string? AclName { get; init; }

    [Description("What its guests have received by its router, bytes; absent until its router was asked")]
    public long? ReceivedBytes { get; init; }

    [Description("What its guests have sent to its router, bytes")]
    public long? SentBytes { get; init; }

    [Description("The services that it has")]
    public required IReadOnlyList<NetworkServiceWire> Service { get; init; }

    [Description("When it was created")]
    public required DateTimeOffset Created { get; init; }

    [Description("The job that is under way for it")]
    public Guid? JobId { get; init; }

    [Description("0 while that job is under way")]
    public int? JobStatus { get; init; }

    [Description("Names and values attached to it")]
    public IReadOnlyList<TagWire> Tags { get; init; } = [];
}

internal sealed class NetworkWireReader(CloudDb db) : IReadWire<NetworkWire>
{
    public async Task<IReadOnlyList<NetworkWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<Network>(id)).ToList();
        var rows = await (
            from network in db.Set<Network>().AsNoTracking()
            where keys.Contains(network.Id)
            join zone in db.Set<Zone>().IgnoreQueryFilters() on network.ZoneId equals zone.Id
            join offering in db.Set<NetworkOffering>().IgnoreQueryFilters() on network.OfferingId equals offering.Id
            join account in db.Set<Account>().IgnoreQueryFilters() on network.ForAccountId ?? network.AccountId equals account.Id
            join domain in db.Set<Domain>().IgnoreQueryFilters() on network.ForDomainId ?? network.DomainId equals domain.Id
            join vpc in db.Set<Vpc>() on network.VpcId equals vpc.Id into vpcs
            from vpc in vpcs.DefaultIfEmpty()
            join acl in db.Set<AclList>() on network.AclId equals acl.Id into acls
            from acl in acls.DefaultIfEmpty()
            join scope in db.Set<RouterScope>() on network.ScopeId equals (Id<RouterScope>?)scope.Id into scopes
            from scope in scopes.DefaultIfEmpty()
            join traffic in db.Set<GuestTraffic>() on network.Id equals traffic.NetworkId into traffics
            from traffic in traffics.DefaultIfEmpty()
            select new { Network = network, IsRedundant = (bool?)scope.IsRedundant, PublicMtu = (int?)scope.PublicMtu, Traffic = traffic, Vpc = vpc.Name, OfVpc = vpc.NameServers, Acl = acl.Name, Zone = zone, Offering = offering, Account = account.Name, DomainId = domain.Id, Domain = domain.Name }).ToListAsync(ct);
        var tags = await db.TagsOfAsync(ids, ct);
        var jobs = await db.JobsOnAsync(ids, ct);
        return [.. rows.InOrderOf(ids, r => r.Network.Id.Value).Select(r => new NetworkWire
        {
            Id = r.Network.Id.Value,
            Name = r.Network.Name,
            DisplayText = r.Network.DisplayText,
            State = r.Network.State,
            IsSystem = r.Network.IsPrivate,
            Vlan = r.Network.IsUntagged ? "untagged" : r.Network.Vni?.ToString(CultureInfo.InvariantCulture),
            BroadcastUri = r.Network.IsUntagged ? "vlan://untagged" : r.Network.Vni is { } vni ? string.Create(CultureInfo.InvariantCulture, $"vxlan://{vni}") : null,
            BroadcastDomainType = r.Network.IsUntagged ? "Vlan" : "Vxlan",
            AclType = r.Network.AclType,
            SubdomainAccess = r.Network.AclType == NetworkAclType.Domain ? r.Network.ForSubdomains : null,
            Type = r.Offering.Type,
            IsPersistent = r.Offering.IsPersistent,
            Cidr = (r.Network.GuestCidr ?? r.Network.Cidr)?.ToString(),
            NetworkCidr = r.Network.GuestCidr is null ? null : r.Network.Cidr?.ToString(),
            ReservedIpRange = GuestRanges.Reserved(r.Network),
            DisplayNetwork = !r.Network.IsHidden,
            Gateway = r.Network.Gateway?.ToString(),
            Netmask = r.Network.Cidr is { } cidr ? Ipv4.MaskOf(cidr.PrefixLength).ToString() : null,
            ZoneId = r.Network.ZoneId.Value,
            ZoneName = r.Zone.Name,
            NetworkOfferingId = r.Offering.Id.Value,
            NetworkOfferingName = r.Offering.Name,
            NetworkOfferingDisplayText = r.Offering.DisplayText,
            PhysicalNetworkId = r.Network.PhysicalNetworkId.Value,
            Account = r.Network.AclType == NetworkAclType.Domain ? null : r.Account,
            DomainId = r.DomainId.Value,
            Domain = r.Domain,
            NetworkDomain = r.Network.NetworkDomain,
            Dns1 = NameServers.Of(r.OfVpc ?? r.Network.NameServers, r.Zone)[0],
            Dns2 = NameServers.Of(r.OfVpc ?? r.Network.NameServers, r.Zone).ElementAtOrDefault(1),
            PrivateMtu = r.Network.Mtu,
            RedundantRouter = r.IsRedundant == true,
            PublicMtu = r.Network.IsShared ? null : r.PublicMtu,
            VpcId = r.Network.VpcId?.Value,
            VpcName = r.Vpc,
            AclId = r.Network.AclId?.Value,
            AclName = r.Acl,
            ReceivedBytes = r.Traffic?.ReceivedBytes,
            SentBytes = r.Traffic?.SentBytes,
            Service = NetworkServiceWire.Of(r.Offering),
            Created = r.Network.CreatedAt,
            JobId = jobs.On(r.Network.Id.Value),
            JobStatus = jobs.StatusOn(r.Network.Id.Value),
            Tags = tags.Of(r.Network.Id.Value),
        })];
    }
}
