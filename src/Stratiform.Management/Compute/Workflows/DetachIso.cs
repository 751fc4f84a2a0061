using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Workflows;

/// <summary>Empties a virtual machine's drive.</summary>
public sealed class DetachIso(Machines machines) : Workflow<DetachIso.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="VmId">The virtual machine.</param>
    /// <param name="Forced">True opens a drive that the guest keeps shut.</param>
    public sealed record Memory(Id<VirtualMachine> VmId, bool Forced);

    public static Order<DetachIso> For(VirtualMachine vm, bool forced) => new()
    {
        State = new Memory(vm.Id, forced),
        Subjects = [vm.Subject],
        InstanceKind = nameof(VirtualMachine),
        InstanceId = vm.Id.Value,
    };

    // Forgotten last: until nothing has it open it cannot be deleted.
    protected override void Define(Plan plan) => plan
        .Do(EjectDisc).Undo(InsertAgain)
        .Do(ForgetIso);

    private Task<VirtualMachine> VmAsync(CancellationToken ct) => machines.FindAsync(State.VmId, ct);

    private async Task EjectDisc(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        vm.RequireIso();
        await machines.EnsureInDriveAsync(vm, iso: null, State.Forced, ct);
    }

    private async Task InsertAgain(CancellationToken ct)
    {
        if (await machines.FindIfThereAsync(State.VmId, ct) is { } vm) await machines.EnsureInDriveAsync(vm, vm.IsoId, forced: true, ct);
    }

    private async Task ForgetIso(CancellationToken ct) => (await VmAsync(ct)).Insert(null);
}
