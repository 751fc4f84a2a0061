using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Management.Settings;
using Stratiform.Management.SystemVms.Reconcilers;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.SystemVms;

/// <summary>Shares transfers out among a zone's secondary storage VMs: counter and session move in one statement.</summary>
public sealed class Workers(CloudDb db, LiveSettings settings, Duties duties) : IWorkers
{
    public async Task<WorkerSeat?> FindAsync(Id<Zone> zone, Guid session, CancellationToken ct)
    {
        var max = settings.Get(SystemVmSettings.SessionMax);
        var waiting = await db.Set<TransferSession>().Where(s => s.Id == session).Select(s => new { s.WorkerId }).SingleOrDefaultAsync(ct);
        if (waiting is { WorkerId: null })
        {
            var taken = await SeatAsync(zone, session, max, ct);
            return taken is null ? null : await SeatAsync(db.Set<SystemVm>().Where(v => (Guid)(object)v.Id == taken && v.HostId != null), ct);
        }
        var holder = waiting?.WorkerId;
        return await FirstAsync(Working(zone).Where(v => (Guid)(object)v.Id == holder || !v.IsLeaving && v.NextOfferingId == null && v.Sessions < max), holder, ct);
    }

    public Task<WorkerSeat?> AnyAsync(Id<Zone> zone, CancellationToken ct) => FirstAsync(Working(zone), holder: null, ct);

    // The newest goes first, see ScaleWorkers.
    public Task<WorkerSeat?> LastingAsync(Id<Zone> zone, CancellationToken ct) =>
        SeatAsync(Working(zone).Where(v => !v.IsLeaving && v.NextOfferingId == null).OrderBy(v => v.Id), ct);

    public Task<bool> AnyRunsAsync(Id<Zone> zone, CancellationToken ct) =>
        db.Set<SystemVm>().AnyAsync(v => v.ZoneId == zone && v.State == VmState.Running, ct);

    public async Task TakeAsync(DbContext commit, Guid session, WorkerSeat seat, CancellationToken ct)
    {
        var (worker, max) = (seat.WorkerId, settings.Get(SystemVmSettings.SessionMax));
        if (await commit.Set<TransferSession>().AnyAsync(s => s.Id == session && s.WorkerId == worker, ct)) return;
        await ReleaseAsync(commit, session, ct);
        var taken = await commit.Database.ExecuteSqlAsync(
            $"""
            WITH seat AS (
                UPDATE system_vm SET sessions = sessions + 1, idle_since = NULL
                WHERE id = {worker} AND state = 'Running' AND NOT is_leaving AND next_offering_id IS NULL AND sessions < {max}
                RETURNING id)
            UPDATE transfer_session SET worker_id = seat.id FROM seat WHERE transfer_session.id = {session}
            """,
            ct);
        if (taken == 0) throw new TransientException("the secondary storage VM's last seat was taken by another");
    }

    public async Task LeaveAsync(DbContext commit, Guid session, CancellationToken ct)
    {
        await ReleaseAsync(commit, session, ct);
        await commit.Set<TransferSession>().Where(s => s.Id == session).ExecuteDeleteAsync(ct);
    }

    public async Task StoresChangedAsync(DbContext commit, Id<Zone> zone, CancellationToken ct)
    {
        await commit.Set<SystemVm>().Where(v => v.ZoneId == zone).ExecuteUpdateAsync(set => set.SetProperty(v => v.WantedSetup, v => v.WantedSetup + 1), ct);
        await NudgeAsync(ct);
    }

    public Task NudgeAsync(CancellationToken ct) => duties.NudgeAsync<SystemVmSync>(ct);

    // Who comes second to a worker's row passes on to the next worker; where all are being taken from, one waits for its turn.
    private async Task<Guid?> SeatAsync(Id<Zone> zone, Guid session, int max, CancellationToken ct) =>
        await SeatAsync("SKIP LOCKED", zone, session, max, ct) ?? await SeatAsync("", zone, session, max, ct);

    /// <summary>Finds the worker with the most room and takes a seat of it, in one statement; null when there is none.</summary>
    private async Task<Guid?> SeatAsync(string whenLocked, Id<Zone> zone, Guid session, int max, CancellationToken ct)
    {
        var statement =
            $$"""
            WITH waiting AS (SELECT id FROM transfer_session WHERE id = {0} AND worker_id IS NULL),
            seat AS (
                SELECT v.id FROM system_vm v
                WHERE EXISTS (SELECT 1 FROM waiting) AND v.zone_id = {1} AND v.removed_at IS NULL AND v.state = 'Running' AND NOT v.is_leaving
                    AND v.next_offering_id IS NULL AND v.applied_setup >= v.wanted_setup AND v.sessions < {2}
                    AND EXISTS (SELECT 1 FROM host_sight s WHERE s.host_id = v.host_id AND s.state = 'Up')
                ORDER BY v.sessions, v.id LIMIT 1
                FOR UPDATE OF v {{whenLocked}}),
            taken AS (
                UPDATE transfer_session SET worker_id = seat.id FROM seat
                WHERE transfer_session.id = {0} AND transfer_session.worker_id IS NULL
                RETURNING worker_id)
            UPDATE system_vm SET sessions = sessions + 1, idle_since = NULL FROM taken WHERE system_vm.id = taken.worker_id
            RETURNING system_vm.id AS "Value"
            """;
        var found = await db.Database.SqlQueryRaw<Guid>(statement, session, zone.Value, max).ToListAsync(ct);
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>The worker's transfers look for another: what it had begun is lost with it.</summary>
    public static async Task LoseAsync(DbContext commit, Id<SystemVm> worker, DateTimeOffset now, CancellationToken ct)
    {
        var id = worker.Value;
        await commit.Database.ExecuteSqlAsync($"UPDATE system_vm SET sessions = 0, idle_since = {now} WHERE id = {id}", ct);
        await commit.Database.ExecuteSqlAsync($"UPDATE transfer_session SET worker_id = NULL WHERE worker_id = {id}", ct);
    }

    // The worker's row first, as in TakeAsync, so that two never wait for each other.
    private static Task<int> ReleaseAsync(DbContext commit, Guid session, CancellationToken ct) => commit.Database.ExecuteSqlAsync(
        $"""
        WITH left_one AS (
            UPDATE system_vm SET sessions = sessions - 1, idle_since = CASE WHEN sessions = 1 THEN now() ELSE idle_since END
            WHERE id = (SELECT worker_id FROM transfer_session WHERE id = {session})
            RETURNING id)
        UPDATE transfer_session SET worker_id = NULL FROM left_one WHERE transfer_session.id = {session}
        """,
        ct);

    /// <summary>Those that can be given something. Hosts that are silent may be up all the same: their workers are passed over, not given up.</summary>
    internal static IQueryable<SystemVm> Working(CloudDb db) => db.Set<SystemVm>().Where(v =>
        v.State == VmState.Running && v.AppliedSetup >= v.WantedSetup && db.Set<HostSight>().Any(s => s.HostId == v.HostId && s.State == HostState.Up));

    private IQueryable<SystemVm> Working(Id<Zone> zone) => Working(db).Where(v => v.ZoneId == zone);

    private Task<WorkerSeat?> FirstAsync(IQueryable<SystemVm> workers, Guid? holder, CancellationToken ct) =>
        SeatAsync(workers.OrderBy(v => (Guid)(object)v.Id == holder ? 0 : 1).ThenBy(v => v.Sessions).ThenBy(v => v.Id), ct);

    private async Task<WorkerSeat?> SeatAsync(IQueryable<SystemVm> workers, CancellationToken ct)
    {
        var first = await workers.AsNoTracking().Select(v => new
        {
            v.Id,
            v.HostId,
            v.StorageIp,
            v.ManagementIp,
            v.DomainFence,
            PublicIp = db.Set<PublicIpAddress>().Where(a => a.SystemVmId == (Guid?)(object)v.Id).Select(a => (Ipv4Address?)a.Address).FirstOrDefault(),
        }).FirstOrDefaultAsync(ct);
        return first is null
            ? null
            : new(first.Id.Value, first.HostId!.Value, (first.StorageIp ?? first.ManagementIp)?.ToString() ?? "", first.PublicIp?.ToString() ?? "", first.DomainFence);
    }
}
