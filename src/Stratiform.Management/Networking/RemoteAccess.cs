using System.Net;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>What remote access VPNs and their users have to do with each other, and with what else there is.</summary>
internal static class RemoteAccess
{
    private static readonly int[] Ports = [500, 4500];

    /// <summary>
    /// Lets those who change an account's users or add a VPN of it pass one after the other, in their commits: each sees what the others did.
    /// It comes before generations are raised.
    /// </summary>
    public static Task TakeTurnAsync(DbContext commit, Id<Account> account, CancellationToken ct)
    {
        var id = account.Value;
        return commit.Database.ExecuteSqlAsync($"SELECT FROM account WHERE id = {id} FOR NO KEY UPDATE", ct);
    }

    /// <summary>What the routers serve that let the account's users in, in a fixed order.</summary>
    public static IQueryable<Id<RouterScope>> ScopesOf(DbContext db, Id<Account> account) =>
        db.Set<RemoteAccessVpn>().Where(v => v.AccountId == account).OrderBy(v => v.ScopeId).Select(v => v.ScopeId);

    /// <summary>Notes in a commit that the account's users have changed, which all of these routers have to learn.</summary>
    public static async Task RaiseAsync(DbContext commit, Id<Account> account, CancellationToken ct)
    {
        await TakeTurnAsync(commit, account, ct);
        foreach (var scope in await ScopesOf(commit, account).ToListAsync(ct)) await RoutersInStep.RaiseAsync(commit, scope, ct);
    }

    /// <summary>Refuses a VPN that something stands in the way of, in the commit that adds it, after the scope's generation was raised.</summary>
    /// <exception cref="CloudException">Something does (431 or 537); the text names it.</exception>
    public static async Task RequireFitAsync(DbContext commit, RemoteAccessVpn vpn, CancellationToken ct)
    {
        if (!await commit.Set<PublicIpAddress>().AnyAsync(a => a.Id == vpn.AddressId && a.ScopeId == vpn.ScopeId && !a.IsReleasing, ct))
            throw Refusal.Conflict("The public address is being released; try again in a moment.");
        var inside = await CidrOfAsync(commit, vpn.ScopeId, ct);
        if (vpn.Range.Overlaps(inside))
            throw Refusal.Parameter($"iprange {vpn.Range} overlaps {inside}, where the guests are; give clients addresses of their own (iprange).");
        await RequireNoFarNetworkAsync(commit, vpn, ct);
        var others = await commit.Set<NetworkRule>().AsNoTracking()
            .Where(r => r.AddressId == vpn.AddressId && r.Protocol == "udp" && r.State != RuleState.Revoke).ToListAsync(ct);
        if (others.Find(IsInTheWay) is { } found)
            throw Refusal.Conflict($"The port forwarding rule {found.Id} has ports of the address by which VPN clients dial (UDP 500 and 4500); delete it first (deletePortForwardingRule).");
    }

    /// <summary>Refuses a rule that would lead what clients dial elsewhere.</summary>
    /// <exception cref="CloudException">It would (537).</exception>
    public static async Task RequireNotDialledAsync(DbContext commit, NetworkRule rule, CancellationToken ct)
    {
        if (IsInTheWay(rule) && await commit.Set<RemoteAccessVpn>().AnyAsync(v => v.AddressId == rule.AddressId, ct))
            throw Refusal.Conflict("VPN clients dial UDP 500 and 4500 of the address; delete its remote access VPN first (deleteRemoteAccessVpn), or use other ports or another address.");
    }

    /// <summary>Refuses to lead to a network some of whose addresses clients are given, in a commit.</summary>
    /// <exception cref="CloudException">They are (537).</exception>
    public static async Task RequireNoClientsInAsync(DbContext commit, Id<RouterScope> scope, IEnumerable<IPNetwork> networks, CancellationToken ct)
    {
        if (await commit.Set<RemoteAccessVpn>().AsNoTracking().SingleOrDefaultAsync(v => v.ScopeId == scope, ct) is not { } vpn) return;
        foreach (var network in networks.Where(n => vpn.Range.Overlaps(n)))
            throw Refusal.Conflict($"The network {network} overlaps {vpn.Range}, which the VPC's remote access VPN gives to its clients.");
    }

    /// <summary>What the router of a scope lets clients do; null without a VPN.</summary>
    public static async Task<ClientsWish?> WishAsync(CloudDb db, Secrets secrets, Id<RouterScope> scope, CancellationToken ct)
    {
        var vpn = await db.Set<RemoteAccessVpn>().AsNoTracking().SingleOrDefaultAsync(v => v.ScopeId == scope && v.State != RemoteAccessState.Removed, ct);
        if (vpn is null) return null;
        var users = await db.Set<VpnUser>().AsNoTracking()
            .Where(u => u.AccountId == vpn.AccountId && u.State != RuleState.Revoke).OrderBy(u => u.Key).ToListAsync(ct);
        return new(vpn, secrets.UnwrapText(vpn.WrappedKey), await CidrOfAsync(db, scope, ct))
        {
            Users = [.. users.Select(u => new ClientUser(u.Id, u.Name, secrets.UnwrapText(u.WrappedPassword)))],
        };
    }

    private static async Task<IPNetwork> CidrOfAsync(DbContext db, Id<RouterScope> scope, CancellationToken ct) =>
        await db.Set<Vpc>().Where(v => v.ScopeId == scope).Select(v => (IPNetwork?)v.Cidr).SingleOrDefaultAsync(ct)
        ?? await db.Set<Network>().Where(n => n.ScopeId == scope).Select(n => n.Cidr!.Value).SingleAsync(ct);

    private static async Task RequireNoFarNetworkAsync(DbContext commit, RemoteAccessVpn vpn, CancellationToken ct)
    {
        var routes = await commit.Set<StaticRoute>().AsNoTracking().Where(r => r.ScopeId == vpn.ScopeId).ToListAsync(ct);
        if (routes.Find(r => vpn.Range.Overlaps(r.Cidr)) is { } route)
            throw Refusal.Conflict($"iprange {vpn.Range} overlaps {route.Cidr}, to which the static route {route.Id} leads; choose another range.");
        var beside = await commit.Set<PrivateGateway>().AsNoTracking().Where(g => g.ScopeId == vpn.ScopeId).ToListAsync(ct);
        if (beside.Find(g => vpn.Range.Overlaps(g.Cidr)) is { } door)
            throw Refusal.Conflict($"iprange {vpn.Range} overlaps {door.Cidr}, where the private gateway {door.Id} is; choose another range.");
        var gateways = await (
            from connection in commit.Set<VpnConnection>()
            where connection.ScopeId == vpn.ScopeId
            join gateway in commit.Set<VpnCustomerGateway>().AsNoTracking() on connection.CustomerGatewayId equals gateway.Id
            select gateway).ToListAsync(ct);
        if (gateways.Find(g => g.Cidrs.Any(c => vpn.Range.Overlaps(c))) is { } far)
            throw Refusal.Conflict($"iprange {vpn.Range} overlaps the networks of the customer gateway {far.Name}, with which the VPC is connected; choose another range.");
    }

    private static bool IsInTheWay(NetworkRule rule) =>
        rule is { TakesPorts: true, Protocol: "udp" } && Ports.Any(p => (rule.StartPort ?? 0) <= p && p <= (rule.EndPort ?? ushort.MaxValue));
}
