using Stratiform.Management.Infrastructure;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Workflows;

/// <summary>Stops a virtual machine: asks its guest first, cuts the power after a while or at once when forced.</summary>
public sealed class StopVm(Machines machines, TimeProvider clock) : Workflow<StopVm.Memory>
{
    // How long a guest may take to shut down before its power is cut.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>What the steps remember.</summary>
    /// <param name="VmId">The virtual machine.</param>
    /// <param name="Forced">True cuts the power at once.</param>
    /// <param name="AskedSince">When the guest was first asked.</param>
    public sealed record Memory(Id<VirtualMachine> VmId, bool Forced, DateTimeOffset? AskedSince = null);

    public static Order<StopVm> For(VirtualMachine vm, IReadOnlyList<Subject> subjects, bool forced) => new()
    {
        State = new Memory(vm.Id, forced),
        Subjects = subjects,
        Overtakes = forced,
        InstanceKind = nameof(VirtualMachine),
        InstanceId = vm.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(MarkStopping).Undo(MarkAsSeen)
        .Until(GuestIsOffOrLate, within: Grace * 3)
        .Do(DestroyDomain)
        .Do(MarkStopped);

    private Task<VirtualMachine> VmAsync(CancellationToken ct) => machines.FindAsync(State.VmId, ct);

    private async Task MarkStopping(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        // A start that this stop overtook has been undone: nothing is left to stop.
        if (State.Forced && vm.State is VmState.Stopped or VmState.Error) return;
        vm.RequireState("stop", VmState.Running, VmState.Stopping);
        vm.Become(VmState.Stopping, clock.GetUtcNow());
    }

    // A guest that is off cannot be called running: then there is only the way on.
    private async Task MarkAsSeen(CancellationToken ct)
    {
        if (await machines.FindIfThereAsync(State.VmId, ct) is not { State: VmState.Stopping } vm) return;
        if (await machines.MayBeOnAsync(vm, ct))
        {
            vm.Become(VmState.Running, clock.GetUtcNow());
            return;
        }
        await machines.EnsureNoDomainAsync(vm, ct);
        await MarkStopped(ct);
    }

    private async Task<bool> GuestIsOffOrLate(CancellationToken ct)
    {
        if (State.Forced) return true;
        State = State with { AskedSince = State.AskedSince ?? clock.GetUtcNow() };
        return await machines.ShutsDownAsync(await VmAsync(ct), ct) || clock.GetUtcNow() - State.AskedSince >= Grace;
    }

    private async Task DestroyDomain(CancellationToken ct) => await machines.EnsureNoDomainAsync(await VmAsync(ct), ct);

    private async Task MarkStopped(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        if (vm.State == VmState.Error) return;
        vm.LeaveHost();
        vm.Become(VmState.Stopped, clock.GetUtcNow());
        InCommit((commit, token) => Reservations.ReleaseAsync(commit, vm.Id.Value, token));
    }
}
