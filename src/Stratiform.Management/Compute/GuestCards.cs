using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute;

/// <summary>Finds the cards of virtual machines, and what they may be given.</summary>
internal static class GuestCards
{
    /// <summary>Cards that a virtual machine can have: as many as have a place on its bus beside its disks.</summary>
    public const int Most = 16;

    /// <summary>Its card, for rules to lead to.</summary>
    /// <param name="db">The state.</param>
    /// <param name="vm">The virtual machine.</param>
    /// <param name="network">The network.</param>
    /// <param name="ct">Cancels the look-up.</param>
    /// <exception cref="CloudException">It has none there, or is going (431).</exception>
    public static async Task<Nic> FindAsync(CloudDb db, VirtualMachine vm, Network network, CancellationToken ct)
    {
        if (vm.State is VmState.Destroyed or VmState.Expunging or VmState.Error)
            throw Refusal.Parameter($"The virtual machine {vm.Name} is {vm.State}; choose another one.");
        return await db.Set<Nic>().SingleOrDefaultAsync(n => n.GuestId == vm.Id.Value && n.NetworkId == network.Id, ct)
            ?? throw Refusal.Parameter($"The virtual machine {vm.Name} is not in the network {network.Name}, into which the public address leads.");
    }

    /// <summary>The address of its card that rules lead to.</summary>
    /// <param name="db">The state.</param>
    /// <param name="vm">The virtual machine.</param>
    /// <param name="network">The network.</param>
    /// <param name="address">As a client sends it; null for the card's own.</param>
    /// <param name="ct">Cancels the look-up.</param>
    /// <exception cref="CloudException">It has no card there, or not that address (431).</exception>
    public static async Task<CardAddress> TargetAsync(CloudDb db, VirtualMachine vm, Network network, string? address, CancellationToken ct)
    {
        var nic = await FindAsync(db, vm, network, ct);
        if (address is null) return new(nic.Id);
        var ip = Ipv4Address.Of(WireIp.Require(address, "vmguestip"));
        if (nic.Ip == ip) return new(nic.Id);
        var further = await db.Set<NicAddress>().SingleOrDefaultAsync(a => a.NicId == nic.Id && a.Ip == ip, ct)
            ?? throw Refusal.Parameter($"The virtual machine {vm.Name} has not the address {address} in the network {network.Name}; its addresses are in listNics.");
        return new(nic.Id, further.Id);
    }

    /// <summary>The card of a parameter, with its virtual machine.</summary>
    /// <param name="db">The state.</param>
    /// <param name="caller">Through whose eyes.</param>
    /// <param name="id">The card.</param>
    /// <param name="of">The virtual machine that it is said to be of; null for any.</param>
    /// <param name="ct">Cancels the look-up.</param>
    /// <param name="parameter">The parameter, if <paramref name="id"/> is not written as <c>command.Parameter</c>.</param>
    /// <exception cref="CloudException">It does not exist for the caller, or is another's (431).</exception>
    public static async Task<(Nic Nic, VirtualMachine Vm)> FindCardAsync(
        this CloudDb db, Caller caller, Id<Nic> id, Id<VirtualMachine>? of, CancellationToken ct, [CallerArgumentExpression(nameof(id))] string parameter = "")
    {
        var asked = of is { } said ? await db.FindVisibleAsync(caller, said, ct, "virtualmachineid") : null;
        var found = await (
            from nic in db.Set<Nic>()
            where nic.Id == id
            join vm in db.Visible<VirtualMachine>(caller) on nic.GuestId equals (Guid)(object)vm.Id
            select new { Nic = nic, Vm = vm }).SingleOrDefaultAsync(ct);
        if (found is null) throw Visibility.Unknown(caller, parameter, id);
        return asked is null || asked.Id == found.Vm.Id ? (found.Nic, found.Vm)
            : throw Refusal.Parameter($"The card {id} is not one of {asked.DisplayName}; its cards are in listNics.");
    }

    /// <summary>Refuses a second card in one network.</summary>
    /// <exception cref="CloudException">It has one there (431).</exception>
    public static void RequireNoneIn(Network network, VirtualMachine vm, IEnumerable<Nic> cards)
    {
        if (cards.Any(n => n.NetworkId == network.Id)) throw Refusal.Parameter($"The virtual machine {vm.DisplayName} has a card in {network.Name} already.");
    }

    /// <summary>Refuses to let go of a card that something depends on.</summary>
    /// <exception cref="CloudException">It is the default one (431), or rules lead to it (537).</exception>
    public static async Task RequireSpareAsync(CloudDb db, VirtualMachine vm, Nic nic, CancellationToken ct)
    {
        vm.RequireState("remove a card from", VmState.Running, VmState.Stopped);
        if (nic.IsDefault)
            throw Refusal.Parameter($"It is the default card of {vm.DisplayName}; make another one the default first (updateDefaultNicForVirtualMachine).");
        if (await db.Set<NetworkRule>().Where(r => r.NicId == nic.Id).Select(r => (Guid?)r.Id.Value).FirstOrDefaultAsync(ct) is { } rule)
            throw Refusal.Conflict($"The port forwarding rule {rule} leads to the card; delete it first (deletePortForwardingRule).");
        if (await db.Set<LoadBalancerMember>().Where(m => m.NicId == nic.Id).Select(m => (Guid?)m.RuleId.Value).FirstOrDefaultAsync(ct) is { } balancer)
            throw Refusal.Conflict($"The load balancer {balancer} spreads to the card; take it out first (removeFromLoadBalancerRule).");
        if (await db.Set<PublicIpAddress>().FirstOrDefaultAsync(a => a.StaticNatNicId == nic.Id, ct) is { } address)
            throw Refusal.Conflict($"The public address {address.Address} leads to the card; end that first (disableStaticNat).");
    }

    /// <summary>The address that somebody wishes for a card.</summary>
    /// <exception cref="CloudException">It is none of the network's for guests, or taken (431).</exception>
    public static async Task<Ipv4Address> RequireFreeAsync(CloudDb db, Network network, string ip, CancellationToken ct)
    {
        if (!network.IsRouted) throw Refusal.Parameter($"The network {network.Name} is L2 and gives no addresses; leave ipaddress out.");
        var address = Ipv4Address.Of(WireIp.Require(ip, "ipaddress"));
        if (!(await GivenAddresses.OfAsync(db, network, ct)).Have(address) || address == Ipv4Address.Of(network.Subnet.Gateway))
            throw Refusal.Parameter($"The address {ip} is not one that guests of {network.Name} ({network.Subnet.Cidr}) can have.");
        return await Addresses.Taken(db, network.Id).AnyAsync(taken => taken == address, ct) ? throw Addresses.IsTaken(network, address) : address;
    }

    /// <summary>
    /// Refuses a name that somebody else in these networks, or in their VPCs, has: names are what DNS answers, and two of one name would
    /// hide each other.
    /// </summary>
    /// <exception cref="CloudException">Somebody has it (431).</exception>
    public static async Task RequireFreeNameAsync(CloudDb db, VirtualMachine vm, IReadOnlyList<Network> networks, CancellationToken ct)
    {
        var ids = networks.Select(n => n.Id).ToList();
        var vpcs = networks.Select(n => n.VpcId).OfType<Id<Vpc>>().ToList();
        var taken = await (
            from nic in db.Set<Nic>()
            where db.Set<Network>().Any(n => n.Id == nic.NetworkId && (ids.Contains(n.Id) || n.VpcId != null && vpcs.Contains(n.VpcId.Value)))
            join other in db.Set<VirtualMachine>() on nic.GuestId equals (Guid)(object)other.Id
            where other.Name == vm.Name && other.Id != vm.Id
            select other.Id).AnyAsync(ct);
        if (taken) throw Refusal.Parameter($"A virtual machine named {vm.Name} is in one of these networks already; choose another name.");
    }
}
