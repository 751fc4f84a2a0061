using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>Public addresses through a caller's eyes: those that its networks hold.</summary>
internal static class PublicAddresses
{
    /// <summary>The address of a parameter, with the network that holds it.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It does not exist for the caller (431).</exception>
    public static async Task<(PublicIpAddress Address, Network Network)> FindHeldAsync(
        this CloudDb db, Caller caller, Id<PublicIpAddress> id, CancellationToken ct, [CallerArgumentExpression(nameof(id))] string parameter = "")
    {
        var found = await (
            from address in db.Set<PublicIpAddress>()
            where address.Id == id
            join network in db.Visible<Network>(caller).Where(n => n.VpcId == null) on address.ScopeId equals network.ScopeId
            select new { Address = address, Network = network }).SingleOrDefaultAsync(ct);
        return found is null ? throw Visibility.Unknown(caller, parameter, id) : (found.Address, found.Network);
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
