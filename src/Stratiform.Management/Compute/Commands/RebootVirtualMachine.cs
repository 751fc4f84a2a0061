using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Restarts a running virtual machine.</summary>
[Command("Reboots a virtual machine", AllowedTo.Everyone)]
internal sealed record RebootVirtualMachine : IAsyncCommand<VirtualMachineWire>
{
    [Description("The virtual machine")]
    public required Id<VirtualMachine> Id { get; init; }

    [Description("True cuts its power instead of asking its guest")]
    public bool? Forced { get; init; }
}

internal sealed class RebootVirtualMachineHandler(CloudDb db, Machines machines, WorkflowQueue queue) : IHandle<RebootVirtualMachine, JobTicket>
{
    public async Task<JobTicket> HandleAsync(RebootVirtualMachine command, Caller caller, CancellationToken ct)
    {
        var vm = await db.FindVisibleAsync(caller, command.Id, ct);
        vm.RequireState("reboot", VmState.Running);
        var order = RebootVm.For(vm, await machines.SubjectsAsync(vm, ct), command.Forced == true);
        return new(queue.Enqueue(order, caller.Asks).Id);
    }
}
