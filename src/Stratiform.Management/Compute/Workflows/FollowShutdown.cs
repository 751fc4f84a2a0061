using Stratiform.Management.Agents;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Workflows;

/// <summary>
/// Stops a virtual machine whose guest was seen to shut itself down, if it is still off. A sight may be of the moment between the
/// two halves of a reboot; what the host says while nobody else may touch the domain decides.
/// </summary>
public sealed class FollowShutdown(Machines machines, Hosts hosts) : Workflow<FollowShutdown.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="VmId">The virtual machine.</param>
    public sealed record Memory(Id<VirtualMachine> VmId);

    public static Order<FollowShutdown> For(Id<VirtualMachine> vm, IReadOnlyList<Subject> subjects) => new()
    {
        State = new Memory(vm),
        Subjects = subjects,
        InstanceKind = nameof(VirtualMachine),
        InstanceId = vm.Value,
    };

    protected override void Define(Plan plan) => plan.Run(StopIfOff);

    private async Task<IReadOnlyList<Order<StopVm>>> StopIfOff(CancellationToken ct)
    {
        var vm = await machines.FindAsync(State.VmId, ct);
        if (vm is not { State: VmState.Running, HostId: { } host }) return [];
        var seen = await hosts.ReadAsync(host, new ReadDomain(vm.Id.Value), ct);
        return seen.Power == PowerState.ShutOff ? [StopVm.For(vm, await machines.SubjectsAsync(vm, ct), forced: false)] : [];
    }
}
