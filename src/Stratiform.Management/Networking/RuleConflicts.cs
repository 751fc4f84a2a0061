using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>
/// Which rules cannot be in force together. Asked in the commit that adds one, after its router's generation was raised: that
/// lets those who add rules to one router pass one after the other.
/// </summary>
internal static class RuleConflicts
{
    /// <summary>Refuses a rule that another stands in the way of.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">One does (537); the text names it.</exception>
    public static async Task RequireNoneAsync(DbContext commit, NetworkRule rule, CancellationToken ct)
    {
        var address = rule.AddressId is { } id
            ? await commit.Set<PublicIpAddress>().AsNoTracking().SingleOrDefaultAsync(
                a => a.Id == id && commit.Set<Network>().Any(n => n.Id == rule.NetworkId && n.ScopeId == a.ScopeId), ct)
            : null;
        if (rule.AddressId is not null && address is not { IsReleasing: false })
            throw Refusal.Conflict("The public address is being released; acquire another one (associateIpAddress).");
        if (rule.TakesPorts && address?.StaticNatNicId is not null)
        {
            throw Refusal.Conflict(
                $"All ports of {address.Address} lead to one guest already; end that first (disableStaticNat) or use another address.");
        }
        await RemoteAccess.RequireNotDialledAsync(commit, rule, ct);
        if (rule.TakesPorts && address is not null) await RequireOneTierAsync(commit, rule, address, ct);
        var others = await commit.Set<NetworkRule>().AsNoTracking()
            .Where(r => (r.AddressId != null || r.InternalIp != null || r.NetworkId == rule.NetworkId) && r.AddressId == rule.AddressId && r.Id != rule.Id
                && r.InternalNetworkId == rule.InternalNetworkId && r.InternalIp == rule.InternalIp
                && r.Protocol == rule.Protocol && r.State != RuleState.Revoke)
            .ToListAsync(ct);
        if (others.FirstOrDefault(other => IsInTheWay(other, rule)) is { } found)
            throw Refusal.Conflict(Text(found, address?.Address.ToString()));
    }

    /// <summary>Refuses to take a further address from a card while a public address leads to it.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">One does (537); the text names it.</exception>
    public static async Task RequireNoneLeadsToAsync(DbContext db, Id<NicAddress> further, CancellationToken ct)
    {
        if (await db.Set<NetworkRule>().Where(r => r.FurtherId == further).Select(r => (Guid?)r.Id.Value).FirstOrDefaultAsync(ct) is { } rule)
            throw Refusal.Conflict($"The port forwarding rule {rule} leads to the address; delete it first (deletePortForwardingRule).");
        if (await db.Set<PublicIpAddress>().AsNoTracking().FirstOrDefaultAsync(a => a.StaticNatFurtherId == further, ct) is { } address)
            throw Refusal.Conflict($"The public address {address.Address} leads to the address; end that first (disableStaticNat).");
    }

    private static async Task RequireOneTierAsync(DbContext commit, NetworkRule rule, PublicIpAddress address, CancellationToken ct)
    {
        var elsewhere = await (
            from other in commit.Set<NetworkRule>()
            where other.AddressId == rule.AddressId && other.NetworkId != rule.NetworkId && other.State != RuleState.Revoke
            join tier in commit.Set<Network>() on other.NetworkId equals tier.Id
            join vpc in commit.Set<Vpc>() on tier.VpcId equals (Id<Vpc>?)vpc.Id
            join offering in commit.Set<VpcOffering>().IgnoreQueryFilters() on vpc.OfferingId equals offering.Id
            where !offering.ConserveMode
            select tier.Name).FirstOrDefaultAsync(ct);
        if (elsewhere is not null)
            throw Refusal.Conflict($"{address.Address} leads into the tier {elsewhere}, and the VPC's offering lets an address lead into one alone (conservemode=false); use another address.");
    }

    // A firewall rule that goes with a port forwarding ends with it, so another one may say the same.
    private static bool IsInTheWay(NetworkRule other, NetworkRule rule)
    {
        if (rule.TakesPorts) return other.TakesPorts && Overlap(other, rule);
        if (other.Purpose != rule.Purpose || other.OpenedFor is not null || rule.OpenedFor is not null) return false;
        var sameIcmp = other.IcmpType == rule.IcmpType && other.IcmpCode == rule.IcmpCode;
        return sameIcmp && Overlap(other, rule) && other.SourceCidrs.Intersect(rule.SourceCidrs).Any()
            && (rule.Purpose != RulePurpose.Egress || other.DestinationCidrs.Intersect(rule.DestinationCidrs).Any());
    }

    private static bool Overlap(NetworkRule a, NetworkRule b) =>
        (a.StartPort ?? 0) <= (b.EndPort ?? ushort.MaxValue) && (b.StartPort ?? 0) <= (a.EndPort ?? ushort.MaxValue);

    private static string Text(NetworkRule found, string? address)
    {
        var packets = found.Protocol + Ports(found);
        return found.Purpose switch
        {
            RulePurpose.PortForwarding => $"The port forwarding rule {found.Id} leads {packets} of {address} to a guest already; delete it first "
                + "(deletePortForwardingRule), change it (updatePortForwardingRule), or use other ports or another address.",
            RulePurpose.LoadBalancing => $"The load balancer {found.Id} spreads {packets} of {address} already; delete it first (deleteLoadBalancerRule), "
                + "or use other ports or another address.",
            RulePurpose.InternalBalancing => $"The load balancer {found.Id} listens on {packets} of {found.InternalIp} already; delete it first (deleteLoadBalancer), "
                + "or use another port or another address.",
            RulePurpose.Firewall => $"The firewall rule {found.Id} speaks of {packets} of {address} for the same networks already; "
                + "delete it first (deleteFirewallRule).",
            RulePurpose.Egress => $"The egress rule {found.Id} speaks of {packets} for the same networks already; delete it first (deleteEgressFirewallRule).",
        };
    }

    private static string Ports(NetworkRule rule) => (rule.StartPort, rule.EndPort) switch
    {
        ({ } start, { } end) when start == end => string.Create(CultureInfo.InvariantCulture, $" {start}"),
        ({ } start, { } end) => string.Create(CultureInfo.InvariantCulture, $" {start}-{end}"),
        _ => "",
    };
}
