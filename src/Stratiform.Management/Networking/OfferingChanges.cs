using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>Which offering a network may get instead of its own: one of the same kind that has all that the network uses.</summary>
internal static class OfferingChanges
{
    /// <summary>Refuses an offering that the network cannot have as it is.</summary>
    /// <exception cref="CloudException">It is of another kind, or lacks what the network uses (431).</exception>
    public static async Task RequireFitsAsync(CloudDb db, Network network, NetworkOffering next, CancellationToken ct)
    {
        var now = await db.Set<NetworkOffering>().IgnoreQueryFilters().AsNoTracking().SingleAsync(o => o.Id == network.OfferingId, ct);
        if (next.State != AllocationState.Enabled) throw Refusal.Parameter($"The network offering {next.Name} is disabled; choose another.");
        if ((next.Type, next.ForVpc) != (now.Type, now.ForVpc))
            throw Refusal.Parameter($"The network offering {next.Name} is for {KindOf(next)}, and {network.Name} is one of {KindOf(now)}; choose one of its kind (listNetworkOfferings).");
        foreach (var lasting in (string[])[NetworkServices.SourceNat, NetworkServices.SecurityGroup])
        {
            if (next.Has(lasting) != now.Has(lasting))
                throw Refusal.Parameter($"The network offering {next.Name} {(next.Has(lasting) ? "has" : "lacks")} {lasting}, and {network.Name} was made {(next.Has(lasting) ? "without" : "with")} it; choose another, or create a network of it.");
        }
        // A tier has those of its VPC.
        if (network.VpcId is null && next.IsRedundant != now.IsRedundant)
            throw Refusal.Parameter($"The network offering {next.Name} gives {RoutersOf(next)}, and {network.Name} was made with {RoutersOf(now)}; choose another"
                + (next.IsRedundant ? ", and give it two with restartNetwork makeredundant=true." : "."));
        if (network.VpcId is { } vpc)
        {
            var offering = await db.Set<VpcOffering>().IgnoreQueryFilters().SingleAsync(o => db.Set<Vpc>().Any(v => v.Id == vpc && v.OfferingId == o.Id), ct);
            offering.RequireFor(next);
        }
        await RequireAllUsedAsync(db, network, now, next, ct);
    }

    /// <summary>Those that are enabled and of the kind of the network's own.</summary>
    public static IQueryable<NetworkOffering> OfKind(CloudDb db, IQueryable<NetworkOffering> offerings, Network network) =>
        from next in offerings
        from now in db.Set<NetworkOffering>().IgnoreQueryFilters().Where(o => o.Id == network.OfferingId)
        where next.State == AllocationState.Enabled && next.Id != now.Id && next.Type == now.Type && next.ForVpc == now.ForVpc
            && (network.VpcId != null || next.IsRedundant == now.IsRedundant)
            && next.Services.Contains(NetworkServices.SourceNat) == now.Services.Contains(NetworkServices.SourceNat)
            && next.Services.Contains(NetworkServices.SecurityGroup) == now.Services.Contains(NetworkServices.SecurityGroup)
        select next;

    private static async Task RequireAllUsedAsync(CloudDb db, Network network, NetworkOffering now, NetworkOffering next, CancellationToken ct)
    {
        var rules = await db.Set<NetworkRule>().Where(r => r.NetworkId == network.Id && r.State != RuleState.Revoke)
            .GroupBy(r => r.Purpose).Select(g => new { Purpose = g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Purpose, g => g.Count, ct);
        int Of(RulePurpose purpose) => rules.GetValueOrDefault(purpose);

        if (next.EgressAllowed != now.EgressAllowed)
            Require(false, Of(RulePurpose.Egress), "egress rule", "treats what guests send otherwise, which turns such rules into their opposite");
        Require(next.Has("Firewall"), Of(RulePurpose.Firewall) + Of(RulePurpose.Egress), "firewall rule", "lacks Firewall");
        Require(next.Has("PortForwarding"), Of(RulePurpose.PortForwarding), "port forwarding rule", "lacks PortForwarding");
        Require(next.Has(NetworkServices.Lb) && !next.InternalLb, Of(RulePurpose.LoadBalancing), "load balancer", "lacks public ones");
        Require(next.Has(NetworkServices.Lb) && next.InternalLb, Of(RulePurpose.InternalBalancing), "internal load balancer", "lacks internal ones");
        var led = db.Set<PublicIpAddress>().Where(a => a.ScopeId == network.ScopeId && a.StaticNatNicId != null && db.Set<Nic>().Any(n => n.Id == a.StaticNatNicId && n.NetworkId == network.Id));
        Require(next.Has("StaticNat"), await led.CountAsync(ct), "static NAT", "lacks StaticNat");
        if (network.VpcId is null)
            Require(next.Has(NetworkServices.Vpn), await db.Set<RemoteAccessVpn>().CountAsync(v => v.ScopeId == network.ScopeId, ct), "remote access VPN", "lacks Vpn");

        void Require(bool has, int used, string thing, string why)
        {
            if (!has && used > 0)
                throw Refusal.Parameter($"The network {network.Name} has {InTheWay.Some(used, thing)}, and the network offering {next.Name} {why}; delete {(used == 1 ? "it" : "them")} first, or choose another.");
        }
    }

    private static string RoutersOf(NetworkOffering offering) => offering.IsRedundant ? "two routers" : "one router";

    private static string KindOf(NetworkOffering offering) => offering.ForVpc ? "tiers of VPCs" : $"{offering.Type} networks";
}
