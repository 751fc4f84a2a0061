using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Chooses the card by which a virtual machine's way out goes.</summary>
[Command("Makes a card the default one of its virtual machine: the guest's way out, once it asks for its addresses again", AllowedTo.Everyone)]
internal sealed record UpdateDefaultNicForVirtualMachine : IAsyncCommand<VirtualMachineWire>
{
    [Description("The virtual machine")]
    public required Id<VirtualMachine> VirtualMachineId { get; init; }

    [Description("The card")]
    public required Id<Nic> NicId { get; init; }
}

internal sealed class UpdateDefaultNicForVirtualMachineHandler(CloudDb db, WorkflowQueue queue) : IHandle<UpdateDefaultNicForVirtualMachine, JobTicket>
{
    public async Task<JobTicket> HandleAsync(UpdateDefaultNicForVirtualMachine command, Caller caller, CancellationToken ct)
    {
        var (nic, vm) = await db.FindCardAsync(caller, command.NicId, command.VirtualMachineId, ct);
        vm.RequireState("choose the default card of", VmState.Running, VmState.Stopped);
        return new(queue.Enqueue(SetDefaultNic.For(vm, nic), caller.Asks).Id);
    }
}
