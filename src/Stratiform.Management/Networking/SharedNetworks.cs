using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>Who may use a shared network, in the API's words.</summary>
public enum NetworkAclType
{
    /// <summary>One account.</summary>
    Account,

    /// <summary>All accounts of a domain.</summary>
    Domain,
}

/// <summary>What is said of a shared network when it is made.</summary>
public sealed record SharedUse
{
    /// <summary>The domain whose accounts may use it.</summary>
    public required Id<Domain> DomainId { get; init; }

    /// <summary>So may those of the domains below.</summary>
    public required bool WithSubdomains { get; init; }

    /// <summary>The one account that may; null for all of the domain.</summary>
    public Id<Account>? AccountId { get; init; }

    public required Ipv4Address First { get; init; }
    public required Ipv4Address Last { get; init; }

    /// <summary>Its VXLAN; null for the hosts' own bridge.</summary>
    public int? Vni { get; init; }
}

/// <summary>Networks that a caller may put guests into: those in its reach, and those that are shared with it.</summary>
internal static class SharedNetworks
{
    /// <summary>Which networks of others an account may use: the cloud's that are for it, and those that it has the permission for.</summary>
    public static IQueryable<Network> SharedNetworksFor(this CloudDb db, Id<Account> account, Id<Domain> domain, string path) =>
        db.Set<Network>().Where(n => db.Set<NetworkPermission>().Any(p => p.NetworkId == n.Id && p.AccountId == account)
            || n.IsShared && (n.ForAccountId == account || n.ForAccountId == null
            && (n.ForDomainId == domain || n.ForSubdomains && db.Set<Domain>().Any(d => d.Id == n.ForDomainId && path.StartsWith(d.Path)))));

    /// <summary>Which networks of other accounts this one has the permission for.</summary>
    public static IQueryable<Network> NetworksGivenTo(this CloudDb db, Id<Account> account) =>
        db.Set<Network>().Where(n => db.Set<NetworkPermission>().Any(p => p.NetworkId == n.Id && p.AccountId == account));

    /// <summary>As the other one, for the caller's account.</summary>
    public static IQueryable<Network> SharedNetworksFor(this CloudDb db, Caller caller) =>
        db.SharedNetworksFor(caller.AccountId, caller.DomainId, caller.DomainPath);

    /// <summary>The address that a shared network's router is to have.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">The network's router has its gateway, or it has none, or not this one (431).</exception>
    public static Ipv4Address RequireRouterIp(Network network, string text)
    {
        if (!network.IsShared) throw Refusal.Parameter("routerip is of shared networks; others' routers have their gateway, so give gateway.");
        var ip = Ipv4Address.Of(WireIp.Require(text, "routerip"));
        return network.Subnet.HasRoomFor(ip) ? ip : throw Refusal.Parameter($"The address {ip} is not one that a router in {network.Subnet.Cidr} can have; {network.Subnet.Gateway} is the way out.");
    }

    /// <summary>The physical network that carries a zone's networks where nobody names one.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">There is none (431).</exception>
    public static async Task<PhysicalNetwork> GuestWiresAsync(this CloudDb db, Id<Zone> zone, CancellationToken ct) =>
        await db.Set<PhysicalNetwork>()
            .Where(n => n.ZoneId == zone && n.State == AllocationState.Enabled
                && db.Set<NetworkTraffic>().Any(t => t.PhysicalNetworkId == n.Id && t.Traffic == TrafficType.Guest))
            .OrderBy(n => n.Id).FirstOrDefaultAsync(ct)
        ?? throw Refusal.Parameter("The zone has no enabled physical network for guests; ask its operator.");

    /// <summary>The network of a parameter, for a guest to be in.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It does not exist for the caller (431).</exception>
    public static async Task<Network> FindUsableAsync(
        this CloudDb db, Caller caller, Id<Network> id, CancellationToken ct, [CallerArgumentExpression(nameof(id))] string parameter = "") =>
        await db.SharedNetworksFor(caller).SingleOrDefaultAsync(n => n.Id == id, ct) ?? await db.FindVisibleAsync(caller, id, ct, parameter);

    /// <summary>Refuses a network that guests of this account may not be in.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is another's, or not shared with it (531).</exception>
    public static async Task RequireUsableAsync(this CloudDb db, Network network, Id<Account> account, CancellationToken ct)
    {
        if (network.AccountId == account) return;
        var owner = await db.Set<Account>().Where(a => a.Id == account)
            .Join(db.Set<Domain>(), a => a.DomainId, d => d.Id, (a, d) => new { d.Id, d.Path }).SingleAsync(ct);
        if (!await db.SharedNetworksFor(account, owner.Id, owner.Path).AnyAsync(n => n.Id == network.Id, ct))
        {
            throw Refusal.Permission(network.IsShared
                ? $"The network {network.Name} is not shared with the account that owns the virtual machine."
                : $"The network {network.Name} belongs to another account, which can let this one use it (createNetworkPermissions).");
        }
    }

    /// <summary>What a client says of a shared network.</summary>
    /// <param name="db">The state.</param>
    /// <param name="command">The client's words.</param>
    /// <param name="caller">The client.</param>
    /// <param name="wires">The physical network.</param>
    /// <param name="subnet">Its addresses.</param>
    /// <param name="ct">Cancels the look-up.</param>
    /// <exception cref="Stratiform.Workflows.CloudException">The caller is no administrator of the cloud (531), or something is wrong (431).</exception>
    public static async Task<SharedUse> ReadAsync(
        CloudDb db, Commands.CreateNetwork command, Caller caller, PhysicalNetwork wires, Subnet subnet, CancellationToken ct)
    {
        if (!caller.IsRootAdmin) throw Refusal.Permission("Only administrators of the cloud create shared networks; use an offering of type Isolated or L2.");
        if (command.Gateway is null) throw Refusal.Parameter("A shared network is part of one that is there already; give its gateway and netmask.");
        var (first, last) = Range(command, subnet);
        var account = command.AclType == NetworkAclType.Account || command.AclType is null && command.Account is not null
            ? await db.OwnerAsync(caller, command.Account, command.DomainId, ct) : null;
        if (account is null && command.Account is not null) throw Refusal.Parameter("account goes with acltype=Account; leave one of them out.");
        var vni = await VniAsync(db, command, wires, ct);
        if (command.DomainId is { } said) await db.FindDomainPathAsync(caller, said, ct);
        return new()
        {
            AccountId = account?.AccountId,
            DomainId = account?.DomainId ?? command.DomainId ?? await db.Set<Domain>().Where(d => d.ParentId == null).Select(d => d.Id).SingleAsync(ct),
            WithSubdomains = account is null && command.SubdomainAccess != false,
            First = first,
            Last = last,
            Vni = vni,
        };
    }

    private static (Ipv4Address First, Ipv4Address Last) Range(Commands.CreateNetwork command, Subnet subnet)
    {
        if (command.StartIp is not { } from) throw Refusal.Parameter("Say which addresses the shared network may give: startip and endip.");
        var start = Ipv4Address.Of(WireIp.Require(from, nameof(command.StartIp)));
        var end = command.EndIp is { } to ? Ipv4Address.Of(WireIp.Require(to, nameof(command.EndIp))) : start;
        var (first, last) = Ipv4.HostsOf(subnet.Cidr);
        if (start.Number < first || end.Number > last) throw Refusal.Parameter($"The range {start} to {end} does not lie in {subnet.Cidr}, the network of its gateway.");
        if (end <= start) throw Refusal.Parameter($"The range {start} to {end} is too small: one address is the router's that serves DHCP, the others are for guests.");
        var gateway = Ipv4Address.Of(subnet.Gateway);
        return gateway < start || gateway > end ? (start, end) : throw Refusal.Parameter($"The range contains the gateway {gateway}, which is not ours to give.");
    }

    private static async Task<int?> VniAsync(CloudDb db, Commands.CreateNetwork command, PhysicalNetwork wires, CancellationToken ct)
    {
        var text = command.Vlan ?? throw Refusal.Parameter("Say where the shared network is: vlan=untagged for the hosts' own bridge for guests, or the number of a VXLAN.");
        var there = db.Set<Network>().Where(n => n.PhysicalNetworkId == wires.Id);
        if (Vni(text) is not { } vni)
        {
            return !await there.AnyAsync(n => n.IsShared && n.Vni == null, ct) ? null
                : throw Refusal.Parameter($"Another shared network of {wires.Name} is untagged already; give the number of a VXLAN.");
        }
        return !await there.AnyAsync(n => n.Vni == vni, ct) ? vni
            : throw Refusal.Parameter($"Another network of {wires.Name} has the VXLAN {vni}; choose another number.");
    }

    /// <summary>The VXLAN of a parameter; null for the hosts' own bridge.</summary>
    /// <param name="text">The parameter vlan.</param>
    /// <exception cref="Stratiform.Workflows.CloudException">It is neither (431).</exception>
    public static int? Vni(string text)
    {
        if (text[(text.LastIndexOf('/') + 1)..].Equals("untagged", StringComparison.OrdinalIgnoreCase)) return null;
        var number = text.StartsWith("vxlan://", StringComparison.OrdinalIgnoreCase) ? text["vxlan://".Length..] : text;
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var vni) || vni is < 1 or > 16_777_215)
            throw Refusal.Parameter($"vlan {text}: give untagged, or the number of a VXLAN, 1 to 16777215; there are no VLANs here.");
        return vni;
    }
}
