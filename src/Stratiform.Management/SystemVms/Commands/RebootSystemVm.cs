using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.SystemVms.Commands;

/// <summary>Boots a system VM anew. Its work goes on elsewhere.</summary>
[Command("Reboots a system VM")]
internal sealed record RebootSystemVm : IAsyncCommand<SystemVmWire>
{
    [Description("The system VM")]
    public required Id<SystemVm> Id { get; init; }

    [Description("A system VM keeps nothing, so its power is cut in any case")]
    public bool? Forced { get; init; }
}

internal sealed class RebootSystemVmHandler(CloudDb db, WorkflowQueue queue) : IHandle<RebootSystemVm, JobTicket>
{
    public async Task<JobTicket> HandleAsync(RebootSystemVm command, Caller caller, CancellationToken ct)
    {
        var vm = await db.FindAsync(caller, command.Id, ct);
        vm.RequireState("reboot", VmState.Running);
        return new(queue.Enqueue(Workflows.StopSystemVm.For(vm, AfterStop.Restart), caller.Asks).Id);
    }
}
