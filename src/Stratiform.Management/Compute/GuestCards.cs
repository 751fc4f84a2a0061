using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;

namespace Stratiform.Management.Compute;

/// <summary>Finds the card by which a virtual machine is in a network.</summary>
internal static class GuestCards
{
    /// <summary>Its card, for rules to lead to.</summary>
    /// <param name="db">The state.</param>
    /// <param name="vm">The virtual machine.</param>
    /// <param name="network">The network.</param>
    /// <param name="address">The card's address, as a client sends it; null for any.</param>
    /// <param name="ct">Cancels the look-up.</param>
    /// <exception cref="Stratiform.Workflows.CloudException">It has none there, or is going (431).</exception>
    public static async Task<Nic> FindAsync(CloudDb db, VirtualMachine vm, Network network, string? address, CancellationToken ct)
    {
        if (vm.State is VmState.Destroyed or VmState.Expunging or VmState.Error)
            throw Refusal.Parameter($"The virtual machine {vm.Name} is {vm.State}; choose another one.");
        var nic = await db.Set<Nic>().SingleOrDefaultAsync(n => n.GuestId == vm.Id.Value && n.NetworkId == network.Id, ct)
            ?? throw Refusal.Parameter($"The virtual machine {vm.Name} is not in the network {network.Name}, to which the public address belongs.");
        if (address is null || nic.Ip == Ipv4Address.Of(WireIp.Require(address, "vmguestip"))) return nic;
        throw Refusal.Parameter($"The virtual machine {vm.Name} has not the address {address} in the network {network.Name}; leave vmguestip out.");
    }
}
