using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>What leads from a VPC's router to a network that lies behind somebody in one of its tiers, or beside it.</summary>
public sealed class StaticRoute : IOwned
{
    // Where no router leads: this host, links, groups of receivers and beyond.
    private static readonly IPNetwork[] Nowhere =
        [IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("224.0.0.0/3")];

    /// <summary>As many as a VPC can have.</summary>
    public const int Most = 200;

    private StaticRoute() { }

    public StaticRoute(Vpc vpc, IPNetwork cidr, Ipv4Address nextHop, DateTimeOffset now, PrivateGateway? gateway = null)
    {
        (Id, GatewayId) = (Protocol.Id.New<StaticRoute>(), gateway?.Id);
        (VpcId, ScopeId, AccountId, DomainId) = (vpc.Id, vpc.ScopeId, vpc.AccountId, vpc.DomainId);
        (Cidr, NextHop, CreatedAt) = (cidr, nextHop, now);
    }

    public Id<StaticRoute> Id { get; private set; }
    public Id<Vpc> VpcId { get; private set; }
    public Id<RouterScope> ScopeId { get; private set; }
    public Id<Account> AccountId { get; private set; }
    public Id<Domain> DomainId { get; private set; }

    /// <summary>The network that it leads to.</summary>
    public IPNetwork Cidr { get; private set; }

    /// <summary>Who forwards there: an address of a tier, or of the network of a private gateway.</summary>
    public Ipv4Address NextHop { get; private set; }

    /// <summary>The private gateway that it leads by; null where it leads by a tier.</summary>
    public Id<PrivateGateway>? GatewayId { get; private set; }

    public RuleState State { get; private set; } = RuleState.Add;
    public DateTimeOffset CreatedAt { get; private set; }

    public Subject Subject => new(SubjectKinds.StaticRoute, Id.Value);

    /// <summary>Whether no router can lead to a network.</summary>
    public static bool LeadsNowhere(IPNetwork cidr) => cidr.PrefixLength == 0 || Nowhere.Any(n => Ipv4.Overlap(n, cidr));

    public void MarkActive() => State = RuleState.Active;

    public void MarkRevoked() => State = RuleState.Revoke;

    /// <summary>
    /// Refuses a route that leads by nobody, that something stands in the way of, or that the VPC has no room for, in the commit that adds it.
    /// </summary>
    /// <exception cref="CloudException">The next hop is nobody (431), or a load balancer, or something is in the way (537); the text names it.</exception>
    public static async Task RequireRoomAsync(DbContext commit, Vpc vpc, StaticRoute route, CancellationToken ct)
    {
        await Vpc.RaiseForChangeAsync(commit, vpc, ct);
        await RemoteAccess.RequireNoClientsInAsync(commit, vpc.ScopeId, [route.Cidr], ct);
        var others = await commit.Set<StaticRoute>().AsNoTracking().Where(r => r.VpcId == vpc.Id && r.Id != route.Id).ToListAsync(ct);
        if (others.Find(o => o.Cidr.Equals(route.Cidr)) is { } other)
            throw Refusal.Conflict($"The static route {other.Id} leads to {other.Cidr} by {other.NextHop} already; delete it first (deleteStaticRoute).");
        await VpnConnections.RequireApartAsync(commit, vpc, route.Cidr, ct);
        await PrivateGateways.RequireApartAsync(commit, vpc, route.Cidr, except: null, ct);
        if (route.GatewayId is { } gateway) await RequireOpenAsync(commit, gateway, ct);
        else await RequireSomebodyAsync(commit, vpc, route.NextHop, ct);
        if (others.Count >= Most) throw Refusal.Conflict($"The VPC {vpc.Name} has {Most} static routes, the most there can be; lead to wider networks.");
    }

    /// <summary>In the commit that removes a tier: what leads by somebody in it leads nowhere any more.</summary>
    public static async Task RemoveLedByAsync(DbContext commit, Id<RouterScope> scope, Subnet tier, CancellationToken ct)
    {
        await RoutersInStep.RaiseAsync(commit, scope, ct);
        var routes = await commit.Set<StaticRoute>().AsNoTracking().Where(r => r.ScopeId == scope).ToListAsync(ct);
        var gone = routes.Where(r => tier.HasRoomFor(r.NextHop)).Select(r => r.Id).ToList();
        await commit.Set<StaticRoute>().Where(r => gone.Contains(r.Id)).ExecuteDeleteAsync(ct);
    }

    private static async Task RequireOpenAsync(DbContext commit, Id<PrivateGateway> gateway, CancellationToken ct)
    {
        if (!await commit.Set<PrivateGateway>().AnyAsync(g => g.Id == gateway && g.State != GatewayState.Deleting, ct))
            throw Refusal.Conflict($"The private gateway {gateway} is being deleted; lead by another (listPrivateGateways).");
    }

    private static async Task RequireSomebodyAsync(DbContext commit, Vpc vpc, Ipv4Address nextHop, CancellationToken ct)
    {
        var tiers = await commit.Set<Network>().AsNoTracking().Where(n => n.VpcId == vpc.Id).ToListAsync(ct);
        var tier = tiers.Find(t => t.Subnet.HasRoomFor(nextHop))
            ?? throw Refusal.Parameter($"nexthop {nextHop} is no address in a tier of the VPC {vpc.Name} or at a private gateway of it (listNetworks, listPrivateGateways).");
        if (tier.State == NetworkState.Shutdown) throw Refusal.Conflict($"The tier {tier.Name} is being shut down; try again in a moment.");
        if (await commit.Set<NetworkRule>().Where(r => r.InternalNetworkId == tier.Id && r.InternalIp == nextHop).Select(r => (Guid?)r.Id.Value).FirstOrDefaultAsync(ct) is { } balancer)
            throw Refusal.Conflict($"The load balancer {balancer} listens on nexthop {nextHop}, which forwards nothing; lead by a guest's address.");
    }

    internal sealed class Mapping : IEntityTypeConfiguration<StaticRoute>
    {
        public void Configure(EntityTypeBuilder<StaticRoute> entity)
        {
            entity.HasIndex(r => r.VpcId);
            entity.HasIndex(r => r.ScopeId);
            entity.HasOne<PrivateGateway>().WithMany().HasForeignKey(r => r.GatewayId).OnDelete(DeleteBehavior.Restrict);
            entity.HasIndex(r => new { r.AccountId, r.CreatedAt });
            entity.HasOne<Vpc>().WithMany().HasForeignKey(r => r.VpcId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
