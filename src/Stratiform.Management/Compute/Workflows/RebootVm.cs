using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Workflows;

/// <summary>Restarts a virtual machine where it is: asks its guest to shut down, then boots it anew.</summary>
public sealed class RebootVm(Machines machines, TimeProvider clock) : Workflow<RebootVm.Memory>
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>What the steps remember.</summary>
    /// <param name="VmId">The virtual machine.</param>
    /// <param name="Forced">True cuts the power at once.</param>
    /// <param name="AskedSince">When the guest was first asked.</param>
    public sealed record Memory(Id<VirtualMachine> VmId, bool Forced, DateTimeOffset? AskedSince = null);

    public static Order<RebootVm> For(VirtualMachine vm, IReadOnlyList<Subject> subjects, bool forced) => new()
    {
        State = new Memory(vm.Id, forced),
        Subjects = subjects,
        InstanceKind = nameof(VirtualMachine),
        InstanceId = vm.Id.Value,
    };

    // From the shutdown on the way is forward: whatever fails, the domain is asked for again.
    protected override void Define(Plan plan) => plan
        .Do(RequireRunning)
        .Until(GuestIsOffOrLate, within: Grace * 3).Undo(StartDomain)
        .Do(DestroyDomain)
        .Do(BootAgain)
        .Until(DomainIsRunning, TimeSpan.FromMinutes(2));

    private Task<VirtualMachine> VmAsync(CancellationToken ct) => machines.FindAsync(State.VmId, ct);

    private async Task RequireRunning(CancellationToken ct) => (await VmAsync(ct)).RequireState("reboot", VmState.Running);

    private async Task<bool> GuestIsOffOrLate(CancellationToken ct)
    {
        if (State.Forced) return true;
        State = State with { AskedSince = State.AskedSince ?? clock.GetUtcNow() };
        return await machines.ShutsDownAsync(await VmAsync(ct), ct) || clock.GetUtcNow() - State.AskedSince >= Grace;
    }

    private async Task DestroyDomain(CancellationToken ct) => await machines.EnsureNoDomainAsync(await VmAsync(ct), ct);

    private async Task BootAgain(CancellationToken ct) => await machines.EnsureDomainAsync(await VmAsync(ct), ct);

    // Its guest may have been asked to go off, and nobody knows when it will: cut and booted, it runs as it did, and is not found off later.
    private async Task StartDomain(CancellationToken ct)
    {
        await DestroyDomain(ct);
        await BootAgain(ct);
    }

    private async Task<bool> DomainIsRunning(CancellationToken ct) => await machines.RunsAsync(await VmAsync(ct), ct);
}
