using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>What stands in the way of leading all of a public address to one guest.</summary>
internal static class StaticNat
{
    /// <summary>Refuses an address some of whose ports lead somewhere already.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">They do (537).</exception>
    public static async Task RequireNoForwardingAsync(DbContext db, Id<PublicIpAddress> address, CancellationToken ct)
    {
        var found = await db.Set<NetworkRule>().AsNoTracking()
            .FirstOrDefaultAsync(r => r.AddressId == address && (r.Purpose == RulePurpose.PortForwarding || r.Purpose == RulePurpose.LoadBalancing), ct);
        if (found is null) return;
        var (rule, command) = found.Purpose == RulePurpose.LoadBalancing
            ? ("load balancer", "deleteLoadBalancerRule") : ("port forwarding rule", "deletePortForwardingRule");
        throw Refusal.Conflict($"The {rule} {found.Id} uses the address already; delete it first ({command}) or use another address.");
    }
}
