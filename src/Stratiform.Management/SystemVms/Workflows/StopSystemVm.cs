using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Compute;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Management.Networking;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.SystemVms.Workflows;

/// <summary>
/// Cuts a worker off, to stay off, to boot again or to be gone. It keeps nothing that would have to be saved: its transfers go on
/// elsewhere. Nothing is undone: one that is half off stays Stopping, where SystemVmSync finds it and goes on.
/// </summary>
public sealed class StopSystemVm(CloudDb db, Hosts hosts, TimeProvider clock) : Workflow<StopSystemVm.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="SystemVmId">The worker.</param>
    /// <param name="Then">What becomes of it.</param>
    public sealed record Memory(Id<SystemVm> SystemVmId, AfterStop Then);

    public static Order<StopSystemVm> For(SystemVm vm, AfterStop then) => new()
    {
        State = new Memory(vm.Id, then),
        Subjects = [vm.Subject],
        InstanceKind = nameof(SystemVm),
        InstanceId = vm.Id.Value,
        Overtakes = then == AfterStop.Remove,
    };

    protected override void Define(Plan plan) => plan
        .Do(MarkStopping)
        .Do(DestroyDomain)
        .Do(MarkOff)
        .Run(Restart);

    private Task<SystemVm?> VmAsync(CancellationToken ct) => db.Set<SystemVm>().SingleOrDefaultAsync(v => v.Id == State.SystemVmId, ct);

    private async Task MarkStopping(CancellationToken ct)
    {
        if (await VmAsync(ct) is not { } vm) return;
        vm.MarkStopping(State.Then);
        InCommit((commit, token) => Workers.LoseAsync(commit, vm.Id, clock.GetUtcNow(), token));
    }

    private async Task DestroyDomain(CancellationToken ct)
    {
        if (await VmAsync(ct) is { HostId: { } host } vm) await hosts.EnsureAsync(host, vm.Subject, new EnsureNoDomain(vm.Id.Value), ct);
    }

    private async Task MarkOff(CancellationToken ct)
    {
        if (await VmAsync(ct) is not { } vm) return;
        InCommit((commit, token) => Reservations.ReleaseAsync(commit, vm.Id.Value, token));
        vm.MarkStopped();
        if (vm.NextOfferingId is { } next) vm.TakeSize(await db.Set<ServiceOffering>().IgnoreQueryFilters().SingleAsync(o => o.Id == next, ct));
        if (State.Then != AfterStop.Remove) return;
        vm.Remove(clock.GetUtcNow());
        InCommit((commit, token) => Addresses.ReleaseOfSystemVmAsync(commit, vm.Id.Value, token));
    }

    private async Task<IReadOnlyList<Order<StartSystemVm>>> Restart(CancellationToken ct) =>
        State.Then == AfterStop.Restart && await VmAsync(ct) is { } vm ? [StartSystemVm.For(vm)] : [];
}
