using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Database;
using Stratiform.Management.Networking;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Takes a virtual machine out of a network, while it runs too.</summary>
[Command("Removes a card from a virtual machine", AllowedTo.Everyone)]
internal sealed record RemoveNicFromVirtualMachine : IAsyncCommand<VirtualMachineWire>
{
    [Description("The virtual machine")]
    public required Id<VirtualMachine> VirtualMachineId { get; init; }

    [Description("The card; not its default one")]
    public required Id<Nic> NicId { get; init; }
}

internal sealed class RemoveNicFromVirtualMachineHandler(CloudDb db, WorkflowQueue queue) : IHandle<RemoveNicFromVirtualMachine, JobTicket>
{
    public async Task<JobTicket> HandleAsync(RemoveNicFromVirtualMachine command, Caller caller, CancellationToken ct)
    {
        var (nic, vm) = await db.FindCardAsync(caller, command.NicId, command.VirtualMachineId, ct);
        await GuestCards.RequireSpareAsync(db, vm, nic, ct);
        return new(queue.Enqueue(RemoveNic.For(vm, nic), caller.Asks).Id);
    }
}
