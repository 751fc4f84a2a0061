using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>Where portable addresses may be, and what keeps one where it is.</summary>
internal static class PortableIps
{
    /// <summary>Refuses a zone whose routers have no way out by which others would find a portable address.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">None of its physical networks carries public traffic (431).</exception>
    public static async Task RequireReachedByPortableAsync(this CloudDb db, Id<Zone> zone, CancellationToken ct)
    {
        if (await db.PublicWiresAsync(zone, ct) is not null) return;
        var name = await db.Set<Zone>().IgnoreQueryFilters().Where(z => z.Id == zone).Select(z => z.Name).SingleAsync(ct);
        throw Refusal.Parameter($"Portable addresses do not reach the zone {name}, of which no physical network carries public traffic; add the traffic type Public (addTrafficType), or use a network of another zone.");
    }

    /// <summary>Refuses to move an address to a network where it cannot be its owner's, or cannot be reached.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">The network is another account's (431), lacks what it needs (431), or something keeps the address where it is (537).</exception>
    public static async Task RequireMovableAsync(this CloudDb db, PublicIpAddress address, Network to, CancellationToken ct)
    {
        var owner = await db.Set<RouterScope>().Where(s => s.Id == address.ScopeId).Select(s => s.AccountId).SingleAsync(ct);
        if (to.AccountId != owner)
            throw Refusal.Parameter($"The network {to.Name} is of another account than the public address {address.Address}; release it (disassociateIpAddress), and acquire one for that account.");
        if (to.VpcId is null) await db.RequireServiceAsync(to, NetworkServices.SourceNat, ct);
        await db.RequireReachedByPortableAsync(to.ZoneId, ct);
        await RequireUnusedAsync(db, address.Id, ct);
    }

    /// <summary>Refuses to let go of an address that its network or VPC has a use for.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It has (537); the text names it.</exception>
    public static async Task RequireUnusedAsync(DbContext db, Id<PublicIpAddress> id, CancellationToken ct)
    {
        var address = await db.Set<PublicIpAddress>().AsNoTracking().SingleAsync(a => a.Id == id, ct);
        if (await db.Set<RemoteAccessVpn>().AnyAsync(v => v.AddressId == id, ct))
            throw Refusal.Conflict($"Clients dial {address.Address} for a remote access VPN; delete that first (deleteRemoteAccessVpn).");
        if (address.IsSourceNat)
            throw Refusal.Conflict($"Guests go out by {address.Address} where it is now; let them go out by another address first (sourcenatipaddress of updateNetwork and updateVPC).");
        if (address.StaticNatNicId is not null)
            throw Refusal.Conflict($"All of {address.Address} leads to a virtual machine where it is now; end that first (disableStaticNat).");
        await StaticNat.RequireNoForwardingAsync(db, id, ct);
        if (await db.Set<NetworkRule>().Where(r => r.AddressId == id).Select(r => (Guid?)r.Id.Value).FirstOrDefaultAsync(ct) is { } rule)
            throw Refusal.Conflict($"The firewall rule {rule} lets packets in by {address.Address} where it is now; delete it first (deleteFirewallRule).");
    }

    /// <summary>Whether a network or VPC is there that can hold addresses.</summary>
    public static async Task<bool> IsThereAsync(DbContext db, Id<RouterScope> scope, CancellationToken ct) =>
        await db.Set<Network>().AnyAsync(n => n.ScopeId == scope && n.VpcId == null, ct)
        || await db.Set<Vpc>().AnyAsync(v => v.ScopeId == scope && v.State == VpcState.Enabled, ct);
}
