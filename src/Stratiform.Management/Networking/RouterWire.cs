using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A router as clients see it.</summary>
[WireName("router")]
public sealed record RouterWire
{
    [Description("The router's id")]
    public required Guid Id { get; init; }

    [Description("The router's name")]
    public required string Name { get; init; }

    [Description("Stopped, Starting, Running or Stopping")]
    public required VmState State { get; init; }

    [Description("VIRTUAL_ROUTER: it serves one isolated network, or all tiers of one VPC")]
    public string Role { get; init; } = "VIRTUAL_ROUTER";

    [Description("Its zone's id")]
    public required Guid ZoneId { get; init; }

    [Description("Its zone's name")]
    public required string ZoneName { get; init; }

    [Description("Its host's id")]
    public Guid? HostId { get; init; }

    [Description("Its host's name")]
    public string? HostName { get; init; }

    [Description("What it is made of")]
    public required Guid ServiceOfferingId { get; init; }

    [Description("That offering's name")]
    public string? ServiceOfferingName { get; init; }

    [Description("x86_64 or i386; absent while it is stopped and a setting says")]
    public string? Arch { get; init; }

    [Description("The network that it serves, if that is one of its own")]
    public Guid? GuestNetworkId { get; init; }

    [Description("That network's name")]
    public string? GuestNetworkName { get; init; }

    [Description("Its address in that network")]
    public string? GuestIpAddress { get; init; }

    [Description("Mask of that network")]
    public string? GuestNetmask { get; init; }

    [Description("Its card's MAC address in that network")]
    public string? GuestMacAddress { get; init; }

    [Description("The VPC whose tiers it serves")]
    public Guid? VpcId { get; init; }

    [Description("That VPC's name")]
    public string? VpcName { get; init; }

    [Description("The public address by which guests go out")]
    public string? PublicIp { get; init; }

    [Description("Its card's MAC address in the public network; absent where it has none")]
    public string? PublicMacAddress { get; init; }

    [Description("Search domain of its guests")]
    public required string NetworkDomain { get; init; }

    [Description("The owner's name")]
    public required string Account { get; init; }

    [Description("The owner's domain's id")]
    public required Guid DomainId { get; init; }

    [Description("The owner's domain's name")]
    public required string Domain { get; init; }

    [Description("Whether it is one of a pair")]
    public required bool IsRedundantRouter { get; init; }

    [Description("Of a pair: PRIMARY serves, BACKUP could at once, FAULT could not, UNKNOWN has not said since it booted")]
    public string? RedundantState { get; init; }

    [Description("Whether its image is outdated")]
    public bool RequiresUpgrade { get; init; }

    [Description("The newest configuration it runs")]
    public required long AppliedGeneration { get; init; }

    [Description("The newest configuration its network wants")]
    public required long WantedGeneration { get; init; }

    [Description("Whether something in it was not well when it looked last; absent before its first look")]
    public bool? HealthChecksFailed { get; init; }

    [Description("What it looked at")]
    public IReadOnlyList<RouterCheckWire>? HealthCheckResults { get; init; }

    [Description("When it was created")]
    public required DateTimeOffset Created { get; init; }
}

internal sealed class RouterWireReader(CloudDb db, IRouterOfferings offerings) : IReadWire<RouterWire>
{
    public async Task<IReadOnlyList<RouterWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<Router>(id)).ToList();
        var rows = await (
            from router in db.Set<Router>().AsNoTracking()
            where keys.Contains(router.Id)
            join network in db.Set<Network>().IgnoreQueryFilters().Where(n => n.VpcId == null) on router.ScopeId equals network.ScopeId into networks
            from network in networks.DefaultIfEmpty()
            join vpc in db.Set<Vpc>().IgnoreQueryFilters() on router.ScopeId equals vpc.ScopeId into vpcs
            from vpc in vpcs.DefaultIfEmpty()
            join card in db.Set<RouterCard>().Where(c => c.GatewayId == null) on new { NetworkId = network.Id, RouterId = router.Id } equals new { card.NetworkId, card.RouterId } into cards
            from card in cards.DefaultIfEmpty()
            join scope in db.Set<RouterScope>() on router.ScopeId equals scope.Id
            join zone in db.Set<Zone>().IgnoreQueryFilters() on router.ZoneId equals zone.Id
            join account in db.Set<Account>().IgnoreQueryFilters() on router.AccountId equals account.Id
            join domain in db.Set<Domain>().IgnoreQueryFilters() on router.DomainId equals domain.Id
            join host in db.Set<Host>() on router.HostId equals host.Id into hosts
            from host in hosts.DefaultIfEmpty()
            join address in db.Set<PublicIpAddress>().Where(a => a.IsSourceNat) on router.ScopeId equals address.ScopeId into addresses
            from address in addresses.DefaultIfEmpty()
            select new
            {
                Router = router,
                Network = network,
                Vpc = vpc,
                Card = card,
                scope.WantedGeneration,
                scope.IsRedundant,
                Zone = zone.Name,
                Account = account.Name,
                Domain = domain.Name,
                Host = host.Name,
                PublicIp = (Ipv4Address?)address.Address,
            }).ToListAsync(ct);
        var sights = await db.Set<RouterSight>().AsNoTracking().Where(s => keys.Contains(s.RouterId)).ToDictionaryAsync(s => s.RouterId, ct);
        var made = await offerings.NamesAsync([.. rows.Select(r => r.Router.Made.OfferingId).Distinct()], ct);
        return [.. rows.InOrderOf(ids, r => r.Router.Id.Value).Select(r => new RouterWire
        {
            Id = r.Router.Id.Value,
            Name = r.Router.Name,
            State = r.Router.State,
            ZoneId = r.Router.ZoneId.Value,
            ZoneName = r.Zone,
            HostId = r.Router.HostId?.Value,
            HostName = r.Host,
            ServiceOfferingId = r.Router.Made.OfferingId,
            ServiceOfferingName = made.GetValueOrDefault(r.Router.Made.OfferingId),
            Arch = r.Router.Arch,
            GuestNetworkId = r.Network?.Id.Value,
            GuestNetworkName = r.Network?.Name,
            GuestIpAddress = r.Card?.Ip?.ToString() ?? r.Network?.Subnet.Gateway.ToString(),
            GuestNetmask = r.Network is { } network ? Ipv4.MaskOf(network.Subnet.Cidr.PrefixLength).ToString() : null,
            GuestMacAddress = r.Card?.Mac,
            VpcId = r.Vpc?.Id.Value,
            VpcName = r.Vpc?.Name,
            PublicIp = r.PublicIp?.ToString(),
            PublicMacAddress = r.Router.IsOutside ? RouterDomain.PublicMacOf(r.Router) : null,
            NetworkDomain = r.Network?.NetworkDomain ?? r.Vpc!.NetworkDomain,
            Account = r.Account,
            DomainId = r.Router.DomainId.Value,
            Domain = r.Domain,
            IsRedundantRouter = r.IsRedundant,
            RedundantState = r.IsRedundant ? Turn(r.Router)?.ToString().ToUpperInvariant() ?? "UNKNOWN" : null,
            AppliedGeneration = r.Router.AppliedGeneration,
            WantedGeneration = r.WantedGeneration,
            HealthChecksFailed = !sights.GetValueOrDefault(r.Router.Id)?.IsWell,
            HealthCheckResults = sights.TryGetValue(r.Router.Id, out var sight) ? RouterCheckWire.Of(sight) : null,
            Created = r.Router.CreatedAt,
        })];
    }

    private static PairState? Turn(Router router) => router.State == VmState.Running ? router.Turn : null;
}
