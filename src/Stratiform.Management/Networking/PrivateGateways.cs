using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>What private gateways must agree about with all else that a VPC leads to.</summary>
internal static class PrivateGateways
{
    /// <summary>Refuses a gateway that something stands in the way of, in the commit that adds it.</summary>
    /// <exception cref="CloudException">Something does, and is named (537), or somebody has its address (431).</exception>
    public static async Task RequireRoomAsync(DbContext commit, Vpc vpc, Network network, PrivateGateway gateway, CancellationToken ct)
    {
        await Vpc.RaiseForChangeAsync(commit, vpc, ct);
        if (!await Addresses.IsAloneAsync(commit, network.Id, gateway.Ip, ct)) throw Addresses.IsTaken(network, gateway.Ip);
        if (await commit.Set<Network>().AnyAsync(n => n.Id == network.Id && n.State == NetworkState.Shutdown, ct))
            throw Refusal.Conflict($"The network {network.Name} is being shut down; try again in a moment.");
        await RequireApartAsync(commit, vpc, gateway.Cidr, gateway.Id, ct);
        await VpnConnections.RequireApartAsync(commit, vpc, gateway.Cidr, ct);
        await RemoteAccess.RequireNoClientsInAsync(commit, vpc.ScopeId, [gateway.Cidr], ct);
        var routes = await commit.Set<StaticRoute>().AsNoTracking().Where(r => r.VpcId == vpc.Id).ToListAsync(ct);
        if (routes.Find(r => Ipv4.Overlap(r.Cidr, gateway.Cidr)) is { } route)
            throw Refusal.Conflict($"The network {gateway.Cidr} overlaps {route.Cidr}, where the static route {route.Id} leads; delete that first (deleteStaticRoute).");
    }

    /// <summary>Refuses a network that shares addresses with that of a private gateway of the VPC. In a commit, after its generation was raised.</summary>
    /// <exception cref="CloudException">It does (537); the text names the gateway.</exception>
    public static async Task RequireApartAsync(
        DbContext commit, Vpc vpc, System.Net.IPNetwork network, Id<PrivateGateway>? except, CancellationToken ct)
    {
        var gateways = await commit.Set<PrivateGateway>().AsNoTracking().Where(g => g.VpcId == vpc.Id && g.Id != except).ToListAsync(ct);
        if (gateways.Find(g => Ipv4.Overlap(g.Cidr, network)) is { } other)
            throw Refusal.Conflict($"The network {network} overlaps {other.Cidr}, where the private gateway {other.Id} of the VPC {vpc.Name} is; choose another range.");
    }

    /// <summary>Refuses one that static routes lead by.</summary>
    /// <exception cref="CloudException">Some do (536).</exception>
    public static async Task RequireUnusedAsync(DbContext db, PrivateGateway gateway, CancellationToken ct)
    {
        if (await db.Set<StaticRoute>().AsNoTracking().Where(r => r.GatewayId == gateway.Id).OrderBy(r => r.Id).FirstOrDefaultAsync(ct) is { } route)
            throw Refusal.InUse($"The static route {route.Id} leads to {route.Cidr} by the private gateway {gateway.Ip}; delete it first (deleteStaticRoute).");
    }

    /// <summary>Refuses to take down a network that private gateways are in.</summary>
    /// <exception cref="CloudException">Some are (536).</exception>
    public static async Task RequireNoneInAsync(CloudDb db, Network network, CancellationToken ct)
    {
        if (await db.AnyGatewayInAsync(network.Id, ct))
            throw Refusal.InUse($"A private gateway of a VPC is in the network {network.Name}; delete it first (deletePrivateGateway).");
    }

    public static Task<bool> AnyGatewayInAsync(this CloudDb db, Id<Network> network, CancellationToken ct) =>
        db.Set<PrivateGateway>().AnyAsync(g => g.NetworkId == network, ct);

    /// <summary>The operator's network on given wires, which is new if no gateway is in it yet.</summary>
    /// <exception cref="CloudException">The wires are another network's (431).</exception>
    public static async Task<Network> OperatorsOnAsync(CloudDb db, string vlan, PhysicalNetwork wires, DateTimeOffset now, CancellationToken ct)
    {
        var vni = SharedNetworks.Vni(vlan);
        var there = await db.Set<Network>().Where(n => n.PhysicalNetworkId == wires.Id && n.Vni == vni && (n.IsShared || vni != null))
            .OrderByDescending(n => n.IsPrivate).FirstOrDefaultAsync(ct);
        if (there is { IsPrivate: false })
            throw Refusal.Parameter($"The network {there.Name} of {wires.Name} is there already; {(there.IsShared ? "name it by associatednetworkid" : "choose another number")}.");
        if (there is not null) return there;
        var cloud = await db.Set<Account>().SingleAsync(a => a.Id == Bootstrap.SystemAccountId, ct);
        return db.Add(new Network(wires, vni, cloud, now) { NetworkDomain = "" }).Entity;
    }
}
