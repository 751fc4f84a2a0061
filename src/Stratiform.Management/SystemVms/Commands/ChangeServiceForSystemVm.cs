using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Compute;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.SystemVms.Commands;

/// <summary>Gives a stopped system VM another size, which it has when it is started.</summary>
[Command("Gives a stopped system VM another size")]
internal sealed record ChangeServiceForSystemVm : ICommand<Shown<SystemVmWire>>
{
    [Description("The system VM")]
    public required Id<SystemVm> Id { get; init; }

    [Description("The offering that it is to be made of")]
    public required Id<ServiceOffering> ServiceOfferingId { get; init; }
}

internal sealed class ChangeServiceForSystemVmHandler(CloudDb db, SystemOfferings offerings) : IHandle<ChangeServiceForSystemVm, Shown<SystemVmWire>>
{
    public async Task<Shown<SystemVmWire>> HandleAsync(ChangeServiceForSystemVm command, Caller caller, CancellationToken ct)
    {
        var vm = await db.FindAsync(caller, command.Id, ct);
        var offering = await db.FindAsync(caller, command.ServiceOfferingId, ct, nameof(command.ServiceOfferingId));
        SystemOfferings.RequireForWorkers(offering);
        vm.RequireState("change the offering of", VmState.Stopped);
        vm.Choose(offering, (await offerings.WantedAsync(ct)).Id);
        return new(vm.Id.Value);
    }
}
