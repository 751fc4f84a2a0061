using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.SystemVms.Commands;

/// <summary>Stops a system VM until it is started. Another one takes its work, and its place if the zone needs it.</summary>
[Command("Stops a system VM")]
internal sealed record StopSystemVm : IAsyncCommand<SystemVmWire>
{
    [Description("The system VM")]
    public required Id<SystemVm> Id { get; init; }

    [Description("A system VM keeps nothing, so its power is cut in any case")]
    public bool? Forced { get; init; }
}

internal sealed class StopSystemVmHandler(CloudDb db, WorkflowQueue queue) : IHandle<StopSystemVm, JobTicket>
{
    public async Task<JobTicket> HandleAsync(StopSystemVm command, Caller caller, CancellationToken ct)
    {
        var vm = await db.FindAsync(caller, command.Id, ct);
        vm.RequireState("stop", VmState.Running);
        return new(queue.Enqueue(Workflows.StopSystemVm.For(vm, AfterStop.Hold), caller.Asks).Id);
    }
}
