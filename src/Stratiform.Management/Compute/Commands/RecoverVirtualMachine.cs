using System.ComponentModel;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Brings a destroyed virtual machine back, stopped.</summary>
[Command("Recovers a destroyed virtual machine", AllowedTo.Everyone)]
internal sealed record RecoverVirtualMachine : ICommand<Shown<VirtualMachineWire>>
{
    [Description("The virtual machine")]
    public required Id<VirtualMachine> Id { get; init; }
}

internal sealed class RecoverVirtualMachineHandler(CloudDb db, Limits limits, CommandCommit commit, TimeProvider clock) : IHandle<RecoverVirtualMachine, Shown<VirtualMachineWire>>
{
    public async Task<Shown<VirtualMachineWire>> HandleAsync(RecoverVirtualMachine command, Caller caller, CancellationToken ct)
    {
        var vm = await db.FindVisibleAsync(caller, command.Id, ct);
        vm.RequireState("recover", VmState.Destroyed);
        vm.Recover(clock.GetUtcNow());
        commit.Add((into, token) => limits.TakeAsync(into, vm.AccountId, Machines.SharesOf(vm), token));
        return new(vm.Id.Value);
    }
}
