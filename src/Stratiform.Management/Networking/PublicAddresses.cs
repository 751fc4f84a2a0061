using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>Public addresses through a caller's eyes: those that its networks and VPCs hold.</summary>
internal static class PublicAddresses
{
    /// <summary>The address of a parameter, with the network that holds it; null where a VPC does.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It does not exist for the caller (431).</exception>
    public static async Task<(PublicIpAddress Address, Network? Network)> FindHeldAsync(
        this CloudDb db, Caller caller, Id<PublicIpAddress> id, CancellationToken ct, [CallerArgumentExpression(nameof(id))] string parameter = "")
    {
        var found = await (
            from address in db.Set<PublicIpAddress>()
            where address.Id == id
            join scope in db.Visible<RouterScope>(caller) on address.ScopeId equals scope.Id
            join network in db.Set<Network>().Where(n => n.VpcId == null) on address.ScopeId equals network.ScopeId into networks
            from network in networks.DefaultIfEmpty()
            select new { Address = address, Network = network }).SingleOrDefaultAsync(ct);
        return found is null ? throw Visibility.Unknown(caller, parameter, id) : (found.Address, found.Network);
    }

    /// <summary>The address of a parameter, with the network that rules of it lead into: its own, or the tier of its VPC that is said.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It does not exist for the caller, or the network is another one (431).</exception>
    public static async Task<(PublicIpAddress Address, Network Network)> FindForRulesAsync(
        this CloudDb db, Caller caller, Id<PublicIpAddress> id, Id<Network>? said, CancellationToken ct, [CallerArgumentExpression(nameof(id))] string parameter = "")
    {
        var (address, own) = await db.FindHeldAsync(caller, id, ct, parameter);
        if (own is not null)
        {
            return said is null || said == own.Id ? (address, own)
                : throw Refusal.Parameter($"The public address {address.Address} belongs to the network {own.Name}; leave networkid out.");
        }
        if (said is not { } tierId) throw Refusal.Parameter($"The public address {address.Address} belongs to a VPC; say to which of its tiers it leads: give networkid.");
        var tier = await db.FindVisibleAsync(caller, tierId, ct, "networkid");
        return tier.ScopeId == address.ScopeId ? (address, tier)
            : throw Refusal.Parameter($"The network {tier.Name} is no tier of the VPC to which the public address {address.Address} belongs.");
    }

    /// <summary>As the other one, of an address that may be portable: then the network can be any other, to which it moves.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It does not exist for the caller, or does not lead into that network (431).</exception>
    public static async Task<(PublicIpAddress Address, Network Network)> FindForStaticNatAsync(
        this CloudDb db, Caller caller, Id<PublicIpAddress> id, Id<Network>? said, CancellationToken ct, [CallerArgumentExpression(nameof(id))] string parameter = "")
    {
        var (address, own) = await db.FindHeldAsync(caller, id, ct, parameter);
        return address.IsPortable && said is { } other && other != own?.Id
            ? (address, await db.FindVisibleAsync(caller, other, ct, "networkid"))
            : await db.FindForRulesAsync(caller, id, said, ct, parameter);
    }

    /// <summary>Whether a rule that leads ports on opens the firewall for them; in a VPC the tier's ACL list says who comes in.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">Networks are said that no firewall rule would let in (431).</exception>
    public static bool OpensFirewall(Network network, bool? openFirewall, IReadOnlyList<string>? cidrs)
    {
        if (network.VpcId is null && openFirewall != false) return true;
        if (cidrs is null) return false;
        throw Refusal.Parameter(network.VpcId is null
            ? "cidrlist is of the firewall rule, which openfirewall=false leaves out; give it to createFirewallRule."
            : "A VPC has no firewall rules; say in the tier's ACL list who may come in (createNetworkACL), and leave cidrlist out.");
    }

    /// <summary>The rule of a parameter, which is of this purpose.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It does not exist for the caller (431).</exception>
    public static async Task<NetworkRule> FindRuleAsync(
        this CloudDb db, Caller caller, Id<NetworkRule> id, RulePurpose purpose, CancellationToken ct, [CallerArgumentExpression(nameof(id))] string parameter = "") =>
        await db.Visible<NetworkRule>(caller).SingleOrDefaultAsync(r => r.Id == id && r.Purpose == purpose, ct)
        ?? throw Visibility.Unknown(caller, parameter, id);

    /// <summary>Refuses what the network's offering does not give.</summary>
    public static async Task RequireServiceAsync(this CloudDb db, Network network, string service, CancellationToken ct) =>
        (await db.Set<NetworkOffering>().IgnoreQueryFilters().AsNoTracking().SingleAsync(o => o.Id == network.OfferingId, ct)).Require(service);
}
