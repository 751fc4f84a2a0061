using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Settings;
using Stratiform.Protocol;

namespace Stratiform.Management.SystemVms;

/// <summary>How many workers zones have and want. An enabled zone with a store wants them; any other lets them go.</summary>
public sealed class WorkerCounts(CloudDb db, LiveSettings settings, TimeProvider clock)
{
    /// <summary>One zone's.</summary>
    public async Task<WorkerCount?> OfAsync(Id<Zone> zone, CancellationToken ct) =>
        (await ReadAsync(db.Set<Zone>().Where(z => z.Id == zone), ct)).SingleOrDefault();

    /// <summary>All zones', in one statement.</summary>
    public Task<IReadOnlyList<WorkerCount>> AllAsync(CancellationToken ct) => ReadAsync(db.Set<Zone>(), ct);

    private async Task<IReadOnlyList<WorkerCount>> ReadAsync(IQueryable<Zone> zones, CancellationToken ct)
    {
        var scale = WorkerScale.Of(settings);
        var scalesDown = settings.Get(SystemVmSettings.ScaleDown);
        var quiet = clock.GetUtcNow() - TimeSpan.FromSeconds(settings.Get(SystemVmSettings.QuietSeconds));
        var workers = db.Set<SystemVm>().Where(v => !v.IsLeaving && !v.IsHeld);
        var rows = await zones.Select(z => new
        {
            z.Id,
            IsServed = z.AllocationState == AllocationState.Enabled && db.Set<ImageStore>().Any(s => s.ZoneId == z.Id),
            HasHost = db.Set<Host>().Any(h => h.ZoneId == z.Id && db.Set<HostSight>().Any(s => s.HostId == h.Id && s.State == HostState.Up)),
            Workers = workers.Count(v => v.ZoneId == z.Id),
            Unused = workers.Count(v => v.ZoneId == z.Id && v.Sessions == 0),
            Idle = workers.Count(v => v.ZoneId == z.Id && v.State == VmState.Running && v.Sessions == 0 && v.IdleSince < quiet),
            Active = db.Set<TransferSession>().Count(s => s.ZoneId == z.Id),
        }).ToListAsync(ct);
        return
        [
            .. rows.Select(r => r.IsServed
                ? new WorkerCount(r.Id, r.Workers, scalesDown ? r.Idle : 0, r.Active, r.HasHost ? scale.Wanted(r.Active) : Math.Min(r.Workers, scale.Wanted(r.Active)))
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
    /// <summary>How many are missing; less than 0 when that many may go.</summary>
    public int Difference => Wanted >= Workers ? Wanted - Workers : -Math.Min(Workers - Wanted, Idle);
}
