using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A public address as clients see it.</summary>
[WireName("publicipaddress")]
public sealed record PublicIpWire
{
    [Description("The address's id")]
    public required Guid Id { get; init; }

    [Description("The address")]
    public required string IpAddress { get; init; }

    [Description("Allocated, Reserved, Releasing or Free")]
    public required PublicIpState State { get; init; }

    [Description("When its network got it")]
    public DateTimeOffset? Allocated { get; init; }

    [Description("Whether guests of its network go out by it")]
    public required bool IsSourceNat { get; init; }

    [Description("Whether all of it leads to one virtual machine")]
    public required bool IsStaticNat { get; init; }

    [Description("That virtual machine's id")]
    public Guid? VirtualMachineId { get; init; }

    [Description("That virtual machine's name")]
    public string? VirtualMachineName { get; init; }

    [Description("What that virtual machine is called, for people")]
    public string? VirtualMachineDisplayName { get; init; }

    [Description("That virtual machine's address; absent until it has one")]
    public string? VmIpAddress { get; init; }

    [Description("Whether rules speak of it")]
    public required bool HasRules { get; init; }

    [Description("Whether it can move to another network or VPC of its owner's, by enableStaticNat")]
    public required bool IsPortable { get; init; }

    [Description("Its zone's id; a portable one is where its network or VPC is")]
    public Guid? ZoneId { get; init; }

    [Description("Its zone's name")]
    public string? ZoneName { get; init; }

    [Description("The range that it is of")]
    public required Guid VlanId { get; init; }

    [Description("The VLAN that carries it")]
    public required string VlanName { get; init; }

    [Description("Its physical network's id; absent for portable ones, which no single one carries")]
    public Guid? PhysicalNetworkId { get; init; }

    [Description("It is for routers")]
    public bool ForVirtualNetwork { get; init; } = true;

    [Description("The network that holds it, or the tier of its VPC that it leads into")]
    public Guid? AssociatedNetworkId { get; init; }

    [Description("That network's name")]
    public string? AssociatedNetworkName { get; init; }

    [Description("The VPC that holds it")]
    public Guid? VpcId { get; init; }

    [Description("That VPC's name")]
    public string? VpcName { get; init; }

    [Description("What came to it from outside since its network or VPC has it, bytes; absent until the router was asked")]
    public long? ReceivedBytes { get; init; }

    [Description("What left with it as sender, bytes")]
    public long? SentBytes { get; init; }

    [Description("The owner's name")]
    public string? Account { get; init; }

    [Description("True when a system VM holds it")]
    public required bool IsSystem { get; init; }

    [Description("Its range is for system VMs")]
    public required bool ForSystemVms { get; init; }

    [Description("The owner's domain's id")]
    public Guid? DomainId { get; init; }

    [Description("The owner's domain's name")]
    public string? Domain { get; init; }
}

internal sealed class PublicIpWireReader(CloudDb db, IEnumerable<IGuestsOfNetwork> guests) : IReadWire<PublicIpWire>
{
    public async Task<IReadOnlyList<PublicIpWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<PublicIpAddress>(id)).ToList();
        var rows = await (
            from ip in db.Set<PublicIpAddress>().AsNoTracking()
            where keys.Contains(ip.Id)
            join range in db.Set<PublicIpRange>().IgnoreQueryFilters() on ip.RangeId equals range.Id
            join vpc in db.Set<Vpc>().IgnoreQueryFilters() on ip.ScopeId equals vpc.ScopeId into vpcs
            from vpc in vpcs.DefaultIfEmpty()
            join scope in db.Set<RouterScope>() on ip.ScopeId equals scope.Id into scopes
            from scope in scopes.DefaultIfEmpty()
            join account in db.Set<Account>().IgnoreQueryFilters() on scope != null ? (Id<Account>?)scope.AccountId : ip.ReservedById equals (Id<Account>?)account.Id into accounts
            from account in accounts.DefaultIfEmpty()
            join domain in db.Set<Domain>().IgnoreQueryFilters() on account.DomainId equals domain.Id into domains
            from domain in domains.DefaultIfEmpty()
            join nic in db.Set<Nic>().IgnoreQueryFilters() on ip.StaticNatNicId equals nic.Id into nics
            from nic in nics.DefaultIfEmpty()
            from network in db.Set<Network>().IgnoreQueryFilters().Where(n => n.ScopeId == ip.ScopeId && (n.VpcId == null || n.Id == nic.NetworkId
                || db.Set<NetworkRule>().Any(r => r.AddressId == ip.Id && r.NetworkId == n.Id))).OrderBy(n => n.Id).Take(1).DefaultIfEmpty()
            join zone in db.Set<Zone>().IgnoreQueryFilters() on ip.ZoneId ?? (Id<Zone>?)vpc.ZoneId ?? (Id<Zone>?)network.ZoneId equals (Id<Zone>?)zone.Id into zones
            from zone in zones.DefaultIfEmpty()
            join further in db.Set<NicAddress>() on ip.StaticNatFurtherId equals further.Id into furthers
            from further in furthers.DefaultIfEmpty()
            join traffic in db.Set<AddressTraffic>() on new { ip.Id, ip.ScopeId } equals new { Id = traffic.AddressId, ScopeId = (Id<RouterScope>?)traffic.ScopeId } into traffics
            from traffic in traffics.DefaultIfEmpty()
            let hasRules = db.Set<NetworkRule>().Any(r => r.AddressId == ip.Id)
            select new
            {
                Ip = ip,
                Range = range,
                Zone = zone,
                Network = network,
                Vpc = vpc,
                Scope = scope,
                Account = account.Name,
                DomainId = (Id<Domain>?)domain.Id,
                Domain = domain.Name,
                Nic = nic,
                GuestIp = further != null ? further.Ip : nic.Ip,
                HasRules = hasRules,
                Traffic = traffic,
            }).ToListAsync(ct);
        var names = await guests.NamesAsync(rows.Select(r => r.Nic).OfType<Nic>().Select(n => n.GuestId), ct);
        return [.. rows.InOrderOf(ids, r => r.Ip.Id.Value).Select(r => new PublicIpWire
        {
            Id = r.Ip.Id.Value,
            IpAddress = r.Ip.Address.ToString(),
            State = r.Ip.State,
            IsSystem = r.Ip.SystemVmId is not null,
            Allocated = r.Ip.AllocatedAt,
            IsSourceNat = r.Ip.IsSourceNat,
            IsStaticNat = r.Nic is not null,
            VirtualMachineId = r.Nic?.GuestId,
            VirtualMachineName = r.Nic is null ? null : names.GetValueOrDefault(r.Nic.GuestId)?.Name,
            VirtualMachineDisplayName = r.Nic is null ? null : names.GetValueOrDefault(r.Nic.GuestId)?.DisplayName,
            VmIpAddress = r.GuestIp?.ToString(),
            HasRules = r.HasRules,
            IsPortable = r.Ip.IsPortable,
            ZoneId = r.Zone?.Id.Value,
            ZoneName = r.Zone?.Name,
            ForSystemVms = r.Range.ForSystemVms,
            VlanId = r.Range.Id.Value,
            VlanName = r.Range.Wires,
            PhysicalNetworkId = r.Range.PhysicalNetworkId?.Value,
            AssociatedNetworkId = r.Network?.Id.Value,
            AssociatedNetworkName = r.Network?.Name,
            ReceivedBytes = r.Traffic?.ReceivedBytes,
            SentBytes = r.Traffic?.SentBytes,
            Account = r.Account,
            VpcId = r.Vpc?.Id.Value,
            VpcName = r.Vpc?.Name,
            DomainId = r.DomainId?.Value,
            Domain = r.Domain,
        })];
    }
}
