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
            .FirstOrDefaultAsync(r => r.AddressId == address && r.Purpose == RulePurpose.PortForwarding, ct);
        if (found is not null)
        {
            throw Refusal.Conflict(
                $"The port forwarding rule {found.Id} uses the address already; delete it first (deletePortForwardingRule) or use another address.");
        }
    }

    /// <summary>What a card that goes must leave: rules that lead to it and addresses that are its own.</summary>
    public static async Task ForgetAsync(DbContext commit, Id<Nic> nic, CancellationToken ct)
    {
        await commit.Set<NetworkRule>().Where(r => commit.Set<NetworkRule>().Any(f => f.NicId == nic && f.Id == r.OpenedFor)).ExecuteDeleteAsync(ct);
        await commit.Set<NetworkRule>().Where(r => r.NicId == nic).ExecuteDeleteAsync(ct);
        await commit.Set<PublicIpAddress>().Where(a => a.StaticNatNicId == nic)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.StaticNatNicId, (Id<Nic>?)null), ct);
    }
}
