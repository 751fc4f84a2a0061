using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Starts a stopped virtual machine.</summary>
[Command("Starts a virtual machine", AllowedTo.Everyone)]
internal sealed record StartVirtualMachine : IAsyncCommand<VirtualMachineWire>
{
    [Description("The virtual machine")]
    public required Id<VirtualMachine> Id { get; init; }

    [Description("The host to start it on (administrators)")]
    public Id<Host>? HostId { get; init; }
}

internal sealed class StartVirtualMachineHandler(CloudDb db, Machines machines, WorkflowQueue queue) : IHandle<StartVirtualMachine, JobTicket>
{
    public async Task<JobTicket> HandleAsync(StartVirtualMachine command, Caller caller, CancellationToken ct)
    {
        var vm = await db.FindVisibleAsync(caller, command.Id, ct);
        if (command.HostId is { } host)
        {
            if (!caller.IsRootAdmin) throw Refusal.Permission("Only administrators choose the host; leave hostid out.");
            await db.FindAsync(caller, host, ct, nameof(command.HostId));
        }
        vm.RequireState("start", VmState.Stopped, VmState.Stopping);
        return new(queue.Enqueue(await StartVm.ForAsync(vm, machines, command.HostId, ct), caller.Asks).Id);
    }
}
