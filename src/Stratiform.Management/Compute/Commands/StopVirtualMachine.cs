using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Stops a running virtual machine.</summary>
[Command("Stops a virtual machine", AllowedTo.Everyone)]
internal sealed record StopVirtualMachine : IAsyncCommand<VirtualMachineWire>
{
    [Description("The virtual machine")]
    public required Id<VirtualMachine> Id { get; init; }

    [Description("True cuts its power at once, even in the middle of a start")]
    public bool? Forced { get; init; }
}

internal sealed class StopVirtualMachineHandler(CloudDb db, Machines machines, WorkflowQueue queue) : IHandle<StopVirtualMachine, JobTicket>
{
    public async Task<JobTicket> HandleAsync(StopVirtualMachine command, Caller caller, CancellationToken ct)
    {
        var vm = await db.FindVisibleAsync(caller, command.Id, ct);
        vm.RequireState("stop", VmState.Running, VmState.Starting, VmState.Stopping);
        var order = StopVm.For(vm, await machines.SubjectsAsync(vm, ct), command.Forced == true);
        return new(queue.Enqueue(order, caller.Asks).Id);
    }
}
