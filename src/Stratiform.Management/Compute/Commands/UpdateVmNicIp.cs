using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Gives a card of a stopped virtual machine another address.</summary>
[Command("Changes the address of a stopped virtual machine's card", AllowedTo.Everyone)]
internal sealed record UpdateVmNicIp : IAsyncCommand<VirtualMachineWire>
{
    [Description("The card")]
    public required Id<Nic> NicId { get; init; }

    [Description("The address; any other free one unless said")]
    public string? IpAddress { get; init; }
}

internal sealed class UpdateVmNicIpHandler(CloudDb db, WorkflowQueue queue) : IHandle<UpdateVmNicIp, JobTicket>
{
    public async Task<JobTicket> HandleAsync(UpdateVmNicIp command, Caller caller, CancellationToken ct)
    {
        var (nic, vm) = await db.FindCardAsync(caller, command.NicId, null, ct);
        vm.RequireState("change an address of", VmState.Stopped);
        var network = await db.FindAsync(caller, nic.NetworkId, ct);
        if (!network.IsRouted) throw Refusal.Parameter($"The network {network.Name} is L2 and gives no addresses; set them inside the guest.");
        var ip = command.IpAddress is { } text ? await GuestCards.RequireFreeAsync(db, network, text, ct) : (Ipv4Address?)null;
        return new(queue.Enqueue(SetNicAddress.For(vm, nic, ip), caller.Asks).Id);
    }
}
