using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Compute;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.SystemVms.Commands;

/// <summary>
/// Gives a system VM another size. A running one boots anew for it, once its transfers have ended and another does its work; the job ends
/// when it runs.
/// </summary>
[Command("Gives a system VM another size")]
internal sealed record ScaleSystemVm : IAsyncCommand<SystemVmWire>
{
    [Description("The system VM")]
    public required Id<SystemVm> Id { get; init; }

    [Description("The offering that it is to be made of")]
    public required Id<ServiceOffering> ServiceOfferingId { get; init; }
}

internal sealed class ScaleSystemVmHandler(CloudDb db, SystemOfferings offerings, WorkflowQueue queue) : IHandle<ScaleSystemVm, JobTicket>
{
    public async Task<JobTicket> HandleAsync(ScaleSystemVm command, Caller caller, CancellationToken ct)
    {
        var vm = await db.FindAsync(caller, command.Id, ct);
        var offering = await db.FindAsync(caller, command.ServiceOfferingId, ct, nameof(command.ServiceOfferingId));
        SystemOfferings.RequireForWorkers(offering);
        if (vm.State != VmState.Stopped)
        {
            vm.RequireState("scale", VmState.Running);
            return new(queue.Enqueue(Workflows.ScaleSystemVm.For(vm, offering), caller.Asks).Id);
        }
        vm.Choose(offering, (await offerings.WantedAsync(ct)).Id);
        return new(queue.RecordDone(caller.Asks, nameof(SystemVm), vm.Id.Value).Id);
    }
}
