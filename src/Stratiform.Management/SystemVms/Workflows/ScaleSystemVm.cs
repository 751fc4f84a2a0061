using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Compute;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.SystemVms.Reconcilers;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.SystemVms.Workflows;

/// <summary>
/// Gives a running worker another size. It takes nothing new from now on, and boots anew when its last transfer has ended and others
/// can do its work. One that cannot boot in its new size goes back to the one it had.
/// </summary>
public sealed class ScaleSystemVm(CloudDb db, SystemOfferings offerings, WorkerCounts counts, Duties duties) : Workflow<ScaleSystemVm.Memory>
{
    // As long as the longest transfer, and a little.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(7);

    /// <summary>What the steps remember.</summary>
    /// <param name="SystemVmId">The worker.</param>
    /// <param name="OfferingId">What it is to be made of.</param>
    /// <param name="FormerId">What it was made of.</param>
    /// <param name="FormerOver">Instead of what an operator had chosen that.</param>
    public sealed record Memory(
        Id<SystemVm> SystemVmId, Id<ServiceOffering> OfferingId, Id<ServiceOffering>? FormerId = null, Id<ServiceOffering>? FormerOver = null);

    public static Order<ScaleSystemVm> For(SystemVm vm, ServiceOffering offering) => new()
    {
        State = new Memory(vm.Id, offering.Id),
        // Its size alone: meanwhile the worker is told of stores, stopped and booted.
        Subjects = [new(SubjectKinds.SystemVmSize, vm.Id.Value)],
        InstanceKind = nameof(SystemVm),
        InstanceId = vm.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(ChooseSize).Undo(KeepSize)
        .Until(OthersDoItsWork, Patience)
        .Run(Restart);

    private Task<SystemVm?> IfThereAsync(CancellationToken ct) => db.Set<SystemVm>().SingleOrDefaultAsync(v => v.Id == State.SystemVmId, ct);

    private async Task<SystemVm> VmAsync(CancellationToken ct) =>
        await IfThereAsync(ct) ?? throw Refusal.Parameter($"The system VM {State.SystemVmId} was removed.");

    private Task<ServiceOffering> OfferingAsync(Id<ServiceOffering> id, CancellationToken ct) =>
        db.Set<ServiceOffering>().IgnoreQueryFilters().AsNoTracking().SingleAsync(o => o.Id == id, ct);

    private async Task ChooseSize(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        if (State.FormerId is null) State = State with { FormerId = vm.OfferingId, FormerOver = vm.ChosenOver };
        vm.Choose(await OfferingAsync(State.OfferingId, ct), (await offerings.WantedAsync(ct)).Id);
        InCommit((_, token) => duties.NudgeAsync<SystemVmSync>(token));
    }

    private async Task KeepSize(CancellationToken ct)
    {
        if (State.FormerId is { } former && await IfThereAsync(ct) is { } vm && (vm.NextOfferingId == State.OfferingId || vm.IsOffWith(State.OfferingId)))
            vm.Choose(await OfferingAsync(former, ct), State.FormerOver);
    }

    // What boots for another reason meanwhile has its size with that.
    private async Task<bool> OthersDoItsWork(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        if (vm.NextOfferingId is null) return true;
        return vm.Sessions == 0 && await counts.OfAsync(vm.ZoneId, ct) is { } count && count.Working >= count.Wanted;
    }

    private async Task<IReadOnlyList<Order<StopSystemVm>>> Restart(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        return vm.NextOfferingId is null ? [] : [StopSystemVm.For(vm, AfterStop.Restart)];
    }
}
