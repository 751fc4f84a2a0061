using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.SystemVms.Workflows;

/// <summary>Gives a zone as many workers as its transfers ask for, or lets idle ones go. Who boots and who is removed follows from the rows.</summary>
public sealed class ScaleWorkers(CloudDb db, WorkerCounts counts, LiveSettings settings, Duties duties, TimeProvider clock)
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
        for (var missing = count.Difference; missing > 0; missing--) db.Add(new SystemVm(State.ZoneId, clock.GetUtcNow()));
        if (count.Difference < 0) foreach (var vm in await IdleAsync(count, ct)) vm.Leave();
        InCommit((_, token) => duties.NudgeAsync<Reconcilers.SystemVmSync>(token));
    }

    // The newest first, so that old addresses stay. A seat that is taken meanwhile keeps it until the transfer ends.
    private Task<List<SystemVm>> IdleAsync(WorkerCount count, CancellationToken ct)
    {
        var since = clock.GetUtcNow() - TimeSpan.FromSeconds(settings.Get(SystemVmSettings.QuietSeconds));
        var idle = db.Set<SystemVm>().Where(v => v.ZoneId == State.ZoneId && !v.IsLeaving && !v.IsHeld && v.Sessions == 0);
        if (count.Wanted > 0) idle = idle.Where(v => v.State == VmState.Running && v.IdleSince < since);
        return idle.OrderByDescending(v => v.Id).Take(-count.Difference).ToListAsync(ct);
    }
}
