using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Compute;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Settings;
using Stratiform.Protocol;

namespace Stratiform.Management.SystemVms;

/// <summary>
/// How many workers zones have and want, and of which size. An enabled zone with a store wants them; any other lets them go. Those of
/// another size than the setting names are replaced one by one: a new one boots first, then an outdated one leaves, and the next one's
/// turn comes when that has gone. So there are never fewer at work than wanted, and when a new one cannot boot, the old ones stay.
/// </summary>
public sealed class WorkerCounts(CloudDb db, SystemOfferings offerings, LiveSettings settings, TimeProvider clock)
{
    /// <summary>One zone's.</summary>
    public async Task<WorkerCount?> OfAsync(Id<Zone> zone, CancellationToken ct) =>
        (await ReadAsync(db.Set<Zone>().Where(z => z.Id == zone), ct)).SingleOrDefault();

    /// <summary>All zones', in one statement.</summary>
    public Task<IReadOnlyList<WorkerCount>> AllAsync(CancellationToken ct) => ReadAsync(db.Set<Zone>(), ct);

    /// <summary>Those that take transfers, and are not of the size that the setting names, unless an operator chose it instead.</summary>
    public static IQueryable<SystemVm> Outdated(IQueryable<SystemVm> workers, Id<ServiceOffering> wanted) =>
        Counted(workers).Where(v => v.OfferingId != wanted && v.ChosenOver != wanted);

    /// <summary>Those that work, or will when they have booted.</summary>
    private static IQueryable<SystemVm> Counted(IQueryable<SystemVm> workers) =>
        workers.Where(v => !v.IsLeaving && !v.IsHeld && v.NextOfferingId == null);

    private async Task<IReadOnlyList<WorkerCount>> ReadAsync(IQueryable<Zone> zones, CancellationToken ct)
    {
        var scale = WorkerScale.Of(settings);
        var scalesDown = settings.Get(SystemVmSettings.ScaleDown);
        var quiet = clock.GetUtcNow() - TimeSpan.FromSeconds(settings.Get(SystemVmSettings.QuietSeconds));
        var size = (await offerings.WantedAsync(ct)).Id;
        var workers = Counted(db.Set<SystemVm>());
        var working = Workers.Working(db).Where(v => !v.IsLeaving && v.NextOfferingId == null);
        var outdated = Outdated(db.Set<SystemVm>(), size);
        var rows = await zones.Select(z => new
        {
            z.Id,
            IsServed = z.AllocationState == AllocationState.Enabled && db.Set<ImageStore>().Any(s => s.ZoneId == z.Id),
            HasHost = db.Set<Host>().Any(h => h.ZoneId == z.Id && db.Set<HostSight>().Any(s => s.HostId == h.Id && s.State == HostState.Up)),
            Workers = workers.Count(v => v.ZoneId == z.Id),
            Unused = workers.Count(v => v.ZoneId == z.Id && v.Sessions == 0),
            Idle = workers.Count(v => v.ZoneId == z.Id && v.State == VmState.Running && v.Sessions == 0 && v.IdleSince < quiet),
            Working = working.Count(v => v.ZoneId == z.Id),
            Outdated = outdated.Count(v => v.ZoneId == z.Id),
            Off = outdated.Count(v => v.ZoneId == z.Id && v.State != VmState.Running),
            Leaving = db.Set<SystemVm>().Count(v => v.ZoneId == z.Id && v.IsLeaving && v.OfferingId != size && v.ChosenOver != size),
            Active = db.Set<TransferSession>().Count(s => s.ZoneId == z.Id && s.WantsWorker),
        }).ToListAsync(ct);
        return
        [
            .. rows.Select(r => r.IsServed
                ? new WorkerCount(r.Id, r.Workers, scalesDown ? r.Idle : 0, r.Active, r.HasHost ? scale.Wanted(r.Active) : Math.Min(r.Workers, scale.Wanted(r.Active)))
                {
                    Working = r.Working,
                    Outdated = r.HasHost && r.Leaving == 0 ? r.Outdated : 0,
                    OutdatedOff = r.Off,
                }
                : new WorkerCount(r.Id, r.Workers, r.Unused, r.Active, Wanted: 0)),
        ];
    }
}

/// <summary>A zone's workers.</summary>
/// <param name="ZoneId">The zone.</param>
/// <param name="Workers">How many it has, booting ones included.</param>
/// <param name="Idle">How many of them may go.</param>
/// <param name="Active">Transfers that have a worker or wait for one.</param>
/// <param name="Wanted">How many it wants; no more than it has while no host of it is up.</param>
public sealed record WorkerCount(Id<Zone> ZoneId, int Workers, int Idle, int Active, int Wanted)
{
    /// <summary>How many of them work at this moment.</summary>
    public int Working { get; init; }

    /// <summary>How many are of another size than they should be; 0 while one of these is leaving.</summary>
    public int Outdated { get; init; }

    /// <summary>How many of these are off or booting.</summary>
    public int OutdatedOff { get; init; }

    /// <summary>How many are missing, one more while there are outdated ones; less than 0 when that many may go.</summary>
    public int Difference => Outdated > 0 ? Math.Max(0, Wanted + 1 - Workers) : Wanted >= Workers ? Wanted - Workers : -Math.Min(Workers - Wanted, Idle);

    /// <summary>Whether an outdated one may leave: enough others work.</summary>
    public bool Replaces => Outdated > 0 && Working - (OutdatedOff > 0 ? 0 : 1) >= Wanted;
}
