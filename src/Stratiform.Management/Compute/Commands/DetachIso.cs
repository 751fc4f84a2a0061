using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Takes the ISO out of a virtual machine's drive.</summary>
[Command("Detaches an ISO from a virtual machine", AllowedTo.Everyone)]
internal sealed record DetachIso : IAsyncCommand<VirtualMachineWire>
{
    [Description("The virtual machine")]
    public required Id<VirtualMachine> VirtualMachineId { get; init; }

    [Description("True takes it out even if the guest keeps its drive shut")]
    public bool? Forced { get; init; }
}

internal sealed class DetachIsoHandler(CloudDb db, WorkflowQueue queue) : IHandle<DetachIso, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DetachIso command, Caller caller, CancellationToken ct)
    {
        var vm = await db.FindVisibleAsync(caller, command.VirtualMachineId, ct);
        vm.RequireIso();
        return new(queue.Enqueue(Workflows.DetachIso.For(vm, command.Forced == true), caller.Asks).Id);
    }
}
