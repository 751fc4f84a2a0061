using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Removes what is left of a destroyed virtual machine.</summary>
[Command("Expunges a destroyed virtual machine", AllowedTo.RootAdmin | AllowedTo.DomainAdmin | AllowedTo.ResourceAdmin)]
internal sealed record ExpungeVirtualMachine : IAsyncCommand<Success>
{
    [Description("The virtual machine")]
    public required Id<VirtualMachine> Id { get; init; }
}

internal sealed class ExpungeVirtualMachineHandler(CloudDb db, Machines machines, WorkflowQueue queue) : IHandle<ExpungeVirtualMachine, JobTicket>
{
    public async Task<JobTicket> HandleAsync(ExpungeVirtualMachine command, Caller caller, CancellationToken ct)
    {
        var vm = await db.FindVisibleAsync(caller, command.Id, ct);
        vm.RequireState("expunge", VmState.Destroyed, VmState.Error, VmState.Expunging);
        return new(queue.Enqueue(ExpungeVm.For(vm, await machines.SubjectsAsync(vm, ct)), caller.Asks).Id);
    }
}
