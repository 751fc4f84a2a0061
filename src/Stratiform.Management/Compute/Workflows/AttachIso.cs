using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Images.Workflows;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Workflows;

/// <summary>Puts an ISO into a virtual machine's drive: at once while it runs, else when it starts.</summary>
public sealed class AttachIso(CloudDb db, Machines machines) : Workflow<AttachIso.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="VmId">The virtual machine.</param>
    /// <param name="IsoId">The ISO.</param>
    /// <param name="Forced">True takes another one out, even if the guest keeps the drive shut.</param>
    /// <param name="Noted">True once the virtual machine knows it.</param>
    /// <param name="Before">What was in the drive before.</param>
    public sealed record Memory(Id<VirtualMachine> VmId, Id<Template> IsoId, bool Forced, bool Noted = false, Id<Template>? Before = null);

    public static Order<AttachIso> For(VirtualMachine vm, Id<Template> iso, bool forced) => new()
    {
        State = new Memory(vm.Id, iso, forced),
        Subjects = [vm.Subject],
        InstanceKind = nameof(VirtualMachine),
        InstanceId = vm.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(NoteIso).Undo(NoteBefore)
        .Run(IsoToCopy)
        .Do(InsertDisc).Undo(InsertBefore);

    private Task<VirtualMachine> VmAsync(CancellationToken ct) => machines.FindAsync(State.VmId, ct);

    // Noted before it is there: from now on it cannot be deleted.
    private async Task NoteIso(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        vm.RequireRoomFor(State.IsoId, State.Forced);
        State = State with { Noted = true, Before = vm.IsoId };
        vm.Insert(State.IsoId);
        InCommit((commit, token) => Template.RequireThereAsync(commit, State.IsoId, token));
    }

    private async Task NoteBefore(CancellationToken ct)
    {
        if (State.Noted && await machines.FindIfThereAsync(State.VmId, ct) is { } vm) vm.Insert(await BeforeAsync(ct));
    }

    // Nothing held it since: it may have been deleted.
    private async Task<Id<Template>?> BeforeAsync(CancellationToken ct) =>
        State.Before is { } before && await db.Set<Template>().AnyAsync(t => t.Id == before, ct) ? before : null;

    private async Task<IReadOnlyList<Order<CopyImageToPool>>> IsoToCopy(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        return vm.State == VmState.Running ? await machines.IsoToCopyAsync(vm, State.IsoId, ct) : [];
    }

    private async Task InsertDisc(CancellationToken ct) => await machines.EnsureInDriveAsync(await VmAsync(ct), State.IsoId, State.Forced, ct);

    private async Task InsertBefore(CancellationToken ct) => await machines.EnsureInDriveAsync(await VmAsync(ct), await BeforeAsync(ct), forced: true, ct);
}
