using System.Net;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>Whether VPN connections go together.</summary>
internal static class VpnConnections
{
    /// <summary>
    /// Refuses a far end whose networks overlap those of the VPC, or of its other connections: where would a packet go? In a commit, after the
    /// scope's generation was raised, which lets those who change a VPC's connections pass one after the other.
    /// </summary>
    /// <exception cref="CloudException">They do (537), or the far end is the VPC itself (431).</exception>
    public static async Task RequireFitAsync(DbContext db, VpnConnection connection, VpnPeer peer, CancellationToken ct)
    {
        var vpc = await db.Set<Vpc>().AsNoTracking().SingleAsync(v => v.ScopeId == connection.ScopeId, ct);
        if (peer.OverlapWith(vpc.Cidr) is { } inside)
            throw Refusal.Conflict($"The network {inside} of the customer gateway {peer.Name} overlaps the VPC {vpc.Name} ({vpc.Cidr}); both ends need addresses of their own.");
        var own = await db.Set<PublicIpAddress>().Where(a => a.ScopeId == connection.ScopeId).Select(a => a.Address).ToListAsync(ct);
        if (own.Any(a => a.ToString() == peer.Gateway))
            throw Refusal.Parameter($"The customer gateway {peer.Name} has an address of the VPC {vpc.Name} itself ({peer.Gateway}); name the other end's.");
        await RemoteAccess.RequireNoClientsInAsync(db, connection.ScopeId, peer.Networks, ct);
        var others = await (
            from other in db.Set<VpnConnection>().AsNoTracking()
            where other.ScopeId == connection.ScopeId && other.Id != connection.Id
            join gateway in db.Set<VpnCustomerGateway>().AsNoTracking() on other.CustomerGatewayId equals gateway.Id
            select gateway).ToListAsync(ct);
        var routes = await db.Set<StaticRoute>().AsNoTracking().Where(r => r.ScopeId == connection.ScopeId).ToListAsync(ct);
        if (routes.Find(r => peer.OverlapWith(r.Cidr) is not null) is { } route)
            throw Refusal.Conflict($"The customer gateway {peer.Name} overlaps {route.Cidr}, where the static route {route.Id} of the VPC {vpc.Name} leads; delete that first (deleteStaticRoute).");
        var gateways = await db.Set<PrivateGateway>().AsNoTracking().Where(g => g.ScopeId == connection.ScopeId).ToListAsync(ct);
        if (gateways.Find(g => peer.OverlapWith(g.Cidr) is not null) is { } beside)
            throw Refusal.Conflict($"The customer gateway {peer.Name} overlaps {beside.Cidr}, where the private gateway {beside.Id} of the VPC {vpc.Name} is; delete that first (deletePrivateGateway).");
        foreach (var other in others)
        {
            if (other.Cidrs.Select(peer.OverlapWith).FirstOrDefault(n => n is not null) is { } shared)
                throw Refusal.Conflict($"The network {shared} of the customer gateway {peer.Name} overlaps {other.Name}, which the VPC {vpc.Name} is connected with.");
        }
    }

    /// <summary>Refuses a network that shares addresses with one that the VPC is connected with. In a commit, as the other one.</summary>
    /// <exception cref="CloudException">It does (537); the text names the far end.</exception>
    public static async Task RequireApartAsync(DbContext db, Vpc vpc, IPNetwork network, CancellationToken ct)
    {
        var connected = db.Set<VpnConnection>().Where(c => c.ScopeId == vpc.ScopeId);
        var ends = await db.Set<VpnCustomerGateway>().AsNoTracking().Where(g => connected.Any(c => c.CustomerGatewayId == g.Id)).ToListAsync(ct);
        if (ends.Find(e => e.Peer.OverlapWith(network) is not null) is { } end)
            throw Refusal.Conflict($"The network {network} overlaps {end.Name}, which the VPC {vpc.Name} is connected with by VPN; delete that connection first (deleteVpnConnection).");
    }
}
