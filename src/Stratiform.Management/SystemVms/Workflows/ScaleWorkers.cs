using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Compute;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.SystemVms.Workflows;

/// <summary>
/// Gives a zone as many workers as its transfers ask for, or lets idle and outdated ones go. Who boots and who is removed follows from
/// the rows.
/// </summary>
public sealed class ScaleWorkers(CloudDb db, WorkerCounts counts, SystemOfferings offerings, LiveSettings settings, Duties duties, TimeProvider clock)
    : Workflow<ScaleWorkers.Memory>
{
    /// <summary>What the step remembers.</summary>
    /// <param name="ZoneId">The zone.</param>
    public sealed record Memory(Id<Zone> ZoneId);

    public static Order<ScaleWorkers> For(Id<Zone> zone) => new()
    {
        State = new Memory(zone),
        Subjects = [new(SubjectKinds.Zone, zone.Value)],
        InstanceKind = nameof(Zone),
        InstanceId = zone.Value,
    };

    protected override void Define(Plan plan) => plan.Do(AddOrLetGo);

    // Read anew: the reconciler that saw the difference saw it a moment ago.
    private async Task AddOrLetGo(CancellationToken ct)
    {
        if (await counts.OfAsync(State.ZoneId, ct) is not { } count) return;
        var size = await offerings.WantedAsync(ct);
        for (var missing = count.Difference; missing > 0; missing--) db.Add(new SystemVm(State.ZoneId, size, clock.GetUtcNow()));
        if (count.Difference < 0) foreach (var vm in await IdleAsync(count, size, ct)) vm.Leave();
        if (count.Replaces) (await OutdatedAsync(size, ct))?.Leave();
        InCommit((_, token) => duties.NudgeAsync<Reconcilers.SystemVmSync>(token));
    }

    // What does not work costs nothing; else the one that is soonest done.
    private Task<SystemVm?> OutdatedAsync(ServiceOffering size, CancellationToken ct) =>
        WorkerCounts.Outdated(db.Set<SystemVm>().Where(v => v.ZoneId == State.ZoneId), size.Id)
            .OrderBy(v => v.State == VmState.Running).ThenBy(v => v.Sessions).ThenBy(v => v.Id).FirstOrDefaultAsync(ct);

    // Outdated ones first, then the newest, so that old addresses stay. A seat that is taken meanwhile keeps it until the transfer ends.
    private Task<List<SystemVm>> IdleAsync(WorkerCount count, ServiceOffering size, CancellationToken ct)
    {
        var since = clock.GetUtcNow() - TimeSpan.FromSeconds(settings.Get(SystemVmSettings.QuietSeconds));
        var idle = db.Set<SystemVm>().Where(v => v.ZoneId == State.ZoneId && !v.IsLeaving && !v.IsHeld && v.NextOfferingId == null && v.Sessions == 0);
        if (count.Wanted > 0) idle = idle.Where(v => v.State == VmState.Running && v.IdleSince < since);
        return idle.OrderByDescending(v => v.OfferingId != size.Id && v.ChosenOver != size.Id).ThenByDescending(v => v.Id).Take(-count.Difference).ToListAsync(ct);
    }
}
