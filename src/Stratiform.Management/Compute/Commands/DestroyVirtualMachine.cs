using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Destroys a virtual machine; it can be recovered for a day unless it is expunged at once.</summary>
[Command("Destroys a virtual machine", AllowedTo.Everyone)]
internal sealed record DestroyVirtualMachine : IAsyncCommand<VirtualMachineWire>
{
    [Description("The virtual machine")]
    public required Id<VirtualMachine> Id { get; init; }

    [Description("True removes its disks at once")]
    public bool? Expunge { get; init; }
}

internal sealed class DestroyVirtualMachineHandler(CloudDb db, Machines machines, WorkflowQueue queue) : IHandle<DestroyVirtualMachine, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DestroyVirtualMachine command, Caller caller, CancellationToken ct)
    {
        var vm = await db.FindVisibleAsync(caller, command.Id, ct);
        var order = DestroyVm.For(vm, await machines.SubjectsAsync(vm, ct), command.Expunge == true);
        return new(queue.Enqueue(order, caller.Asks).Id);
    }
}
