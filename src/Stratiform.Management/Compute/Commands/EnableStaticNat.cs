using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Leads all of a public address to a virtual machine, which goes out by it too; a portable one moves to its network for that. Firewall rules say what may come in.</summary>
[Command("Leads all of a public address to a virtual machine", AllowedTo.Everyone)]
internal sealed record EnableStaticNat : ICommand<SuccessAfter>
{
    [Description("The public address")]
    public required Id<PublicIpAddress> IpAddressId { get; init; }

    [Description("The virtual machine")]
    public required Id<VirtualMachine> VirtualMachineId { get; init; }

    [Description("The network of the public address; the tier, where a VPC holds it; any other of its owner's for a portable one, which moves there")]
    public Id<Network>? NetworkId { get; init; }

    [Description("The virtual machine's address, if it has several")]
    public string? VmGuestIp { get; init; }
}

internal sealed class EnableStaticNatHandler(CloudDb db, WorkflowQueue queue) : IHandle<EnableStaticNat, SuccessAfter>
{
    public async Task<SuccessAfter> HandleAsync(EnableStaticNat command, Caller caller, CancellationToken ct)
    {
        var (address, network) = await db.FindForStaticNatAsync(caller, command.IpAddressId, command.NetworkId, ct);
        await db.RequireServiceAsync(network, "StaticNat", ct);
        var moves = network.ScopeId != address.ScopeId;
        if (moves) await db.RequireMovableAsync(address, network, ct);
        else if (address.IsSourceNat)
            throw Refusal.Parameter($"All guests of {network.Name} go out by {address.Address}; acquire another address for one guest alone (associateIpAddress).");
        var vm = await db.FindVisibleAsync(caller, command.VirtualMachineId, ct);
        var to = await GuestCards.TargetAsync(db, vm, network, command.VmGuestIp, ct);
        await StaticNat.RequireNoForwardingAsync(db, address.Id, ct);
        if (address.LeadsTo is { } leads && leads != to)
            throw Refusal.Conflict($"The public address {address.Address} leads elsewhere; end that first (disableStaticNat).");
        var other = await db.Set<PublicIpAddress>().FirstOrDefaultAsync(
            a => a.StaticNatNicId == to.NicId && a.StaticNatFurtherId == to.FurtherId && a.Id != address.Id, ct);
        if (other is not null)
            throw Refusal.Conflict($"The virtual machine {vm.Name} has the public address {other.Address} already; end that first (disableStaticNat), or name another address of it (vmguestip).");
        return new(moves ? queue.Enqueue(TransferAddress.For(address, network, to), caller.Asks).Id : queue.Enqueue(SetStaticNat.For(address, to), caller.Asks).Id);
    }
}
