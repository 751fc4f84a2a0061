using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.SystemVms.Commands;

/// <summary>Removes a system VM in any state. Its work goes on elsewhere, and another one comes if the zone needs it.</summary>
[Command("Destroys a system VM")]
internal sealed record DestroySystemVm : IAsyncCommand<SystemVmWire>
{
    [Description("The system VM")]
    public required Id<SystemVm> Id { get; init; }
}

internal sealed class DestroySystemVmHandler(CloudDb db, WorkflowQueue queue) : IHandle<DestroySystemVm, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DestroySystemVm command, Caller caller, CancellationToken ct)
    {
        var vm = await db.FindAsync(caller, command.Id, ct);
        return new(queue.Enqueue(Workflows.StopSystemVm.For(vm, AfterStop.Remove), caller.Asks).Id);
    }
}
