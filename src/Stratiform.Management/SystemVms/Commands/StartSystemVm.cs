using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.SystemVms.Commands;

/// <summary>Boots a system VM that was stopped.</summary>
[Command("Starts a system VM")]
internal sealed record StartSystemVm : IAsyncCommand<SystemVmWire>
{
    [Description("The system VM")]
    public required Id<SystemVm> Id { get; init; }
}

internal sealed class StartSystemVmHandler(CloudDb db, WorkflowQueue queue) : IHandle<StartSystemVm, JobTicket>
{
    public async Task<JobTicket> HandleAsync(StartSystemVm command, Caller caller, CancellationToken ct)
    {
        var vm = await db.FindAsync(caller, command.Id, ct);
        vm.RequireState("start", VmState.Stopped);
        return new(queue.Enqueue(Workflows.StartSystemVm.For(vm), caller.Asks).Id);
    }
}
