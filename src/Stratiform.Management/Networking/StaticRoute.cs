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

/// <summary>What leads from a VPC's router to a network that lies behind somebody in one of its tiers.</summary>
public sealed class StaticRoute : IOwned
{
    /// <summary>As many as a VPC can have.</summary>
    public const int Most = 200;

    private StaticRoute() { }

    public StaticRoute(Vpc vpc, IPNetwork cidr, Ipv4Address nextHop, DateTimeOffset now)
    {
        Id = Protocol.Id.New<StaticRoute>();
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

    /// <summary>Who forwards there: an address of a tier.</summary>
    public Ipv4Address NextHop { get; private set; }

    public RuleState State { get; private set; } = RuleState.Add;
    public DateTimeOffset CreatedAt { get; private set; }

    public Subject Subject => new(SubjectKinds.StaticRoute, Id.Value);

    public void MarkActive() => State = RuleState.Active;

    public void MarkRevoked() => State = RuleState.Revoke;

    /// <summary>
    /// Refuses a route that leads by nobody, that something stands in the way of, or that the VPC has no room for, in the commit that adds it.
    /// </summary>
    /// <exception cref="CloudException">The next hop is nobody (431), or something is in the way (537); the text names it.</exception>
    public static async Task RequireRoomAsync(DbContext commit, Vpc vpc, StaticRoute route, CancellationToken ct)
    {
        await Vpc.RaiseForChangeAsync(commit, vpc, ct);
        var others = await commit.Set<StaticRoute>().AsNoTracking().Where(r => r.VpcId == vpc.Id && r.Id != route.Id).ToListAsync(ct);
        if (others.Find(o => o.Cidr.Equals(route.Cidr)) is { } other)
            throw Refusal.Conflict($"The static route {other.Id} leads to {other.Cidr} by {other.NextHop} already; delete it first (deleteStaticRoute).");
        await VpnConnections.RequireApartAsync(commit, vpc, route.Cidr, ct);
        await RequireSomebodyAsync(commit, vpc, route.NextHop, ct);
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

    private static async Task RequireSomebodyAsync(DbContext commit, Vpc vpc, Ipv4Address nextHop, CancellationToken ct)
    {
        var tiers = await commit.Set<Network>().AsNoTracking().Where(n => n.VpcId == vpc.Id).ToListAsync(ct);
        var tier = tiers.Find(t => t.Subnet.HasRoomFor(nextHop))
            ?? throw Refusal.Parameter($"nexthop {nextHop} is no address in a tier of the VPC {vpc.Name}; its tiers are in listNetworks.");
        if (tier.State == NetworkState.Shutdown) throw Refusal.Conflict($"The tier {tier.Name} is being shut down; try again in a moment.");
    }

    internal sealed class Mapping : IEntityTypeConfiguration<StaticRoute>
    {
        public void Configure(EntityTypeBuilder<StaticRoute> entity)
        {
            entity.HasIndex(r => r.VpcId);
            entity.HasIndex(r => r.ScopeId);
            entity.HasIndex(r => new { r.AccountId, r.CreatedAt });
            entity.HasOne<Vpc>().WithMany().HasForeignKey(r => r.VpcId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
