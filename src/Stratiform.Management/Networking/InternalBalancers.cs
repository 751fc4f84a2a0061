using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>Load balancers within VPCs: where they may listen, and what they need of tiers.</summary>
internal static class InternalBalancers
{
    /// <summary>The one scheme that createLoadBalancer knows.</summary>
    public const string Scheme = "Internal";

    private const int Dns = 53;

    /// <summary>Refuses other schemes.</summary>
    /// <exception cref="CloudException">It is another (431).</exception>
    public static void RequireInternal(string scheme)
    {
        if (!scheme.Trim().Equals(Scheme, StringComparison.OrdinalIgnoreCase))
            throw Refusal.Parameter($"scheme {scheme} is not supported here; use {Scheme}, or createLoadBalancerRule for a public address.");
    }

    /// <summary>Refuses networks that are no tiers of one VPC.</summary>
    /// <exception cref="CloudException">One is none, or they are of two VPCs (431).</exception>
    public static void RequireOneVpc(Network members, Network tier)
    {
        foreach (var network in (Network[])[members, tier])
        {
            if (network.VpcId is null)
                throw Refusal.Parameter($"The network {network.Name} is no tier of a VPC; internal load balancers are within VPCs, others have public addresses (createLoadBalancerRule).");
        }
        if (members.VpcId != tier.VpcId)
            throw Refusal.Parameter($"The network {tier.Name} is not in the VPC of {members.Name}; members are reached from addresses of their own VPC.");
    }

    /// <summary>Refuses tiers whose offering has load balancers of the other kind, or none.</summary>
    /// <exception cref="CloudException">It has (431).</exception>
    public static async Task RequireLbAsync(this CloudDb db, Network network, bool isInternal, CancellationToken ct)
    {
        var offering = await db.Set<NetworkOffering>().IgnoreQueryFilters().AsNoTracking().SingleAsync(o => o.Id == network.OfferingId, ct);
        offering.Require(NetworkServices.Lb);
        if (offering.InternalLb == isInternal) return;
        throw Refusal.Parameter(isInternal
            ? $"The network's offering {offering.Name} has load balancers of public addresses (createLoadBalancerRule); use a tier whose offering has internal ones (lbSchemes=internal)."
            : $"The network's offering {offering.Name} has internal load balancers (createLoadBalancer); use a network whose offering has public ones.");
    }

    /// <summary>A port that a load balancer may listen on.</summary>
    /// <exception cref="CloudException">It is none, or its router's own (431).</exception>
    public static int Port(int number, string name) => WireRules.Port(number, name) != Dns ? number
        : throw Refusal.Parameter($"{name} {Dns} is where the router answers the VPC's questions for names; use another one.");

    /// <summary>The address that somebody wishes for one: free, or another load balancer's of the tier.</summary>
    /// <exception cref="CloudException">It is outside of what the tier gives, or taken (431).</exception>
    public static async Task<Ipv4Address> RequireAddressAsync(CloudDb db, Network tier, string text, CancellationToken ct)
    {
        var ip = Ipv4Address.Of(WireIp.Require(text, "sourceipaddress"));
        var (first, last) = tier.Given;
        if (ip.Number < first || ip.Number > last || !tier.Subnet.HasRoomFor(ip))
        {
            throw Refusal.Parameter($"sourceipaddress {ip} is not one that a load balancer in {tier.Name} ({tier.Subnet.Cidr}) can have; "
                + $"there are {Ipv4.AddressOf(first)} to {Ipv4.AddressOf(last)}, but for the gateway {tier.Subnet.Gateway}.");
        }
        if (await db.Set<NetworkRule>().AnyAsync(r => r.InternalNetworkId == tier.Id && r.InternalIp == ip, ct)) return ip;
        return await Addresses.Taken(db, tier.Id).AnyAsync(taken => taken == ip, ct) ? throw Addresses.IsTaken(tier, ip) : ip;
    }

    /// <summary>Refuses one that something stands in the way of, in the commit that adds it.</summary>
    /// <exception cref="CloudException">Its port is taken, or a route leads by its address, and which is said, or a tier is going (537), or somebody has the address (431).</exception>
    /// <exception cref="DbUpdateConcurrencyException">Somebody took the address that was chosen: there are others.</exception>
    public static async Task RequireRoomAsync(DbContext commit, NetworkRule rule, Network tier, bool isChosen, CancellationToken ct)
    {
        await RoutersInStep.RaiseForChangeAsync(commit, rule.NetworkId, ct);
        var ip = rule.InternalIp!.Value;
        var isAlone = await Addresses.IsAloneAsync(commit, tier.Id, ip, ct);
        if (isChosen && (!isAlone || await commit.Set<NetworkRule>().AnyAsync(r => r.InternalNetworkId == tier.Id && r.InternalIp == ip && r.Id != rule.Id, ct)))
            throw new DbUpdateConcurrencyException($"The address {ip} was taken meanwhile.");
        if (!isAlone) throw Addresses.IsTaken(tier, ip);
        if (await commit.Set<StaticRoute>().AsNoTracking().FirstOrDefaultAsync(r => r.ScopeId == tier.ScopeId && r.NextHop == ip, ct) is { } route)
        {
            throw isChosen ? new DbUpdateConcurrencyException($"A route leads by {ip}.")
                : Refusal.Conflict($"The static route {route.Id} leads to {route.Cidr} by {ip}; delete it first (deleteStaticRoute), or use another address.");
        }
        if (!await commit.Set<Network>().AnyAsync(n => n.Id == tier.Id && n.State != NetworkState.Shutdown && n.State != NetworkState.Destroy, ct))
            throw Refusal.Conflict($"The network {tier.Name} is being shut down; try again in a moment.");
        await RuleConflicts.RequireNoneAsync(commit, rule, ct);
    }

    /// <summary>Refuses to delete a tier that has the address of a load balancer whose members are elsewhere; its own go with it.</summary>
    /// <exception cref="CloudException">It has (536).</exception>
    public static async Task RequireNoneOfOthersInAsync(CloudDb db, Network tier, CancellationToken ct)
    {
        var found = await db.Set<NetworkRule>().AsNoTracking().Where(r => r.InternalNetworkId == tier.Id && r.NetworkId != tier.Id)
            .OrderBy(r => r.Id).FirstOrDefaultAsync(ct);
        if (found is not null)
        {
            throw Refusal.InUse(string.Create(CultureInfo.InvariantCulture,
                $"The load balancer {found.Id} of another tier listens on {found.InternalIp} of the network {tier.Name}; delete it first (deleteLoadBalancer)."));
        }
    }

    /// <summary>Tiers with addresses of load balancers whose members are in other tiers, where guests are or have just been.</summary>
    public static IQueryable<Network> HoldingForOthers(CloudDb db) => db.Set<Network>().Where(tier => db.Set<NetworkRule>().Any(r =>
        r.InternalNetworkId == tier.Id && r.NetworkId != tier.Id
        && db.Set<Network>().Any(n => n.Id == r.NetworkId && (n.State == NetworkState.Implemented || n.State == NetworkState.Implementing))));

    /// <summary>The load balancer of a parameter, of either kind.</summary>
    /// <exception cref="CloudException">It does not exist for the caller (431).</exception>
    public static async Task<NetworkRule> FindBalancerAsync(
        this CloudDb db, Caller caller, Id<NetworkRule> id, CancellationToken ct, [CallerArgumentExpression(nameof(id))] string parameter = "") =>
        await db.Visible<NetworkRule>(caller).SingleOrDefaultAsync(
            r => r.Id == id && (r.Purpose == RulePurpose.LoadBalancing || r.Purpose == RulePurpose.InternalBalancing), ct)
        ?? throw Visibility.Unknown(caller, parameter, id);
}
