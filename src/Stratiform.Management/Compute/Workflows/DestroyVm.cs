using Stratiform.Management.Accounts;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Workflows;

/// <summary>Destroys a virtual machine: it can be recovered until it is expunged, unless that was asked for at once.</summary>
public sealed class DestroyVm(Machines machines, TimeProvider clock) : Workflow<DestroyVm.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="VmId">The virtual machine.</param>
    /// <param name="Expunge">True expunges it as well.</param>
    public sealed record Memory(Id<VirtualMachine> VmId, bool Expunge);

    public static Order<DestroyVm> For(VirtualMachine vm, IReadOnlyList<Subject> subjects, bool expunge) => new()
    {
        State = new Memory(vm.Id, expunge),
        Subjects = subjects,
        Overtakes = true,
        InstanceKind = nameof(VirtualMachine),
        InstanceId = vm.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(DestroyDomain).Undo(MarkAsSeen)
        .Do(MarkDestroyed)
        .Run(ExpungeIfAsked);

    private Task<VirtualMachine> VmAsync(CancellationToken ct) => machines.FindAsync(State.VmId, ct);

    private async Task DestroyDomain(CancellationToken ct) => await machines.EnsureNoDomainAsync(await VmAsync(ct), ct);

    // A virtual machine that is off cannot be called running: then it was stopped, at least.
    private async Task MarkAsSeen(CancellationToken ct)
    {
        if (await machines.FindIfThereAsync(State.VmId, ct) is not { State: VmState.Running } vm) return;
        if (await machines.MayBeOnAsync(vm, ct)) return;
        await machines.EnsureNoDomainAsync(vm, ct);
        vm.LeaveHost();
        vm.Become(VmState.Stopped, clock.GetUtcNow());
        InCommit((commit, token) => Reservations.ReleaseAsync(commit, vm.Id.Value, token));
    }

    private async Task MarkDestroyed(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        vm.LeaveHost();
        vm.Destroy(clock.GetUtcNow());
        InCommit((commit, token) => Reservations.ReleaseAsync(commit, vm.Id.Value, token));
        InCommit((commit, token) => Limits.ReleaseAsync(commit, vm.Id.Value, token));
    }

    private async Task<IReadOnlyList<Order<ExpungeVm>>> ExpungeIfAsked(CancellationToken ct)
    {
        if (!State.Expunge) return [];
        var vm = await VmAsync(ct);
        return [ExpungeVm.For(vm, await machines.SubjectsAsync(vm, ct))];
    }
}
