using Microsoft.EntityFrameworkCore;

namespace Stratiform.Workflows;

/// <summary>Who may run which workflow, as the database sees it: admission, claims, renewal, and the end of dead owners' claims.</summary>
internal sealed class Leases(DbContext db, EngineOptions options, TimeProvider clock)
{
    // Class of our advisory locks: each living engine holds the lock of its owner name.
    private const long LivingOwners = 0x5354_5241;

    /// <summary>Admits and leases up to <paramref name="atMost"/> due workflows, oldest due first.</summary>
    /// <remarks>
    /// Admission is one decision for all subjects: no older workflow that shares one is unfinished, but for one that waits for what
    /// this one's ancestors hold, since they wait for this one. The unique index on held subjects makes two servers that decide at
    /// once fail rather than agree.
    /// </remarks>
    public Task<List<WorkflowRow>> ClaimAsync(int atMost, string[] known, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return db.Set<WorkflowRow>().FromSql(
            $"""
            WITH next AS (
                SELECT w.id FROM workflow w
                WHERE w.ended_at IS NULL AND w.due <= {now} AND (w.phase <> 'Stuck' OR w.cancel_reason IS NOT NULL)
                  AND (w.lease_until IS NULL OR w.lease_until < clock_timestamp())
                  AND w.kind || '/' || w.version = ANY ({known})
                  AND (w.admitted OR w.cancel_reason IS NOT NULL OR NOT EXISTS (
                    SELECT 1 FROM workflow_subject mine JOIN workflow_subject other
                      ON other.subject = mine.subject AND other.workflow_id <> mine.workflow_id
                    WHERE mine.workflow_id = w.id
                      AND (other.held OR other.overtakes AND NOT mine.overtakes OR other.overtakes = mine.overtakes
                        AND (other.arrived_at, other.workflow_id) < (mine.arrived_at, mine.workflow_id)
                        AND NOT EXISTS (SELECT 1 FROM workflow_subject blocked
                            WHERE blocked.workflow_id = other.workflow_id AND blocked.subject = ANY (w.inherited)))))
                ORDER BY w.due LIMIT {atMost}
                FOR UPDATE OF w SKIP LOCKED),
            held AS (
                UPDATE workflow_subject s SET held = true FROM next, workflow w
                WHERE s.workflow_id = next.id AND w.id = next.id AND NOT s.held AND w.cancel_reason IS NULL)
            UPDATE workflow w SET admitted = w.admitted OR w.cancel_reason IS NULL, lease_owner = {options.Owner},
                lease_until = clock_timestamp() + {options.Lease}, fence = nextval('workflow_fence')
            FROM next WHERE w.id = next.id
            RETURNING w.*
            """).AsNoTracking().ToListAsync(ct);
    }

    /// <summary>Asks whoever holds what an overtaking workflow waits for to undo at its next step.</summary>
    public Task AskOvertakenAsync(CancellationToken ct) => db.Database.ExecuteSqlAsync(
        $"""
        UPDATE workflow w SET due = {clock.GetUtcNow()}, cancel_reason = 'superseded by ' || o.kind
        FROM workflow o JOIN workflow_subject mine ON mine.workflow_id = o.id
            JOIN workflow_subject other ON other.subject = mine.subject AND other.workflow_id <> mine.workflow_id AND other.held
        WHERE o.overtakes AND NOT o.admitted AND o.ended_at IS NULL
            AND w.id = other.workflow_id AND NOT w.overtakes AND w.cancel_reason IS NULL
        """,
        ct);

    /// <summary>Renews the leases of what runs here (by fence), and frees what bears our name but does not run (the database was away).</summary>
    /// <returns>Those that are still ours.</returns>
    public async Task<HashSet<long>> RenewAsync(long[] running, CancellationToken ct)
    {
        var ours = await db.Database.SqlQuery<long>(
            $"""
            UPDATE workflow SET lease_until = CASE WHEN fence = ANY ({running}) THEN clock_timestamp() + {options.Lease} END
            WHERE lease_owner = {options.Owner} AND ended_at IS NULL RETURNING fence AS "Value"
            """).ToListAsync(ct);
        return [.. ours];
    }

    /// <summary>Tells other engines that this one lives: a lock that the database lets go when the connection breaks.</summary>
    /// <param name="db">A context kept open for this alone.</param>
    public static Task AnnounceAsync(DbContext db, string owner, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock(hashtextextended({owner}, {LivingOwners}))", ct);

    /// <summary>Gives that lock back: the connection is about to serve others.</summary>
    public static Task FallSilentAsync(DbContext db, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock_all()", ct);

    /// <summary>Ends the leases of engines whose lock is free: they died, nobody needs to wait for the time to run out.</summary>
    public Task<int> EndLeasesOfTheDeadAsync(CancellationToken ct) => db.Database.ExecuteSqlAsync(
        $"""
        UPDATE workflow w SET lease_until = NULL
        FROM (SELECT DISTINCT lease_owner FROM workflow
              WHERE lease_owner IS NOT NULL AND lease_owner <> {options.Owner} AND lease_until IS NOT NULL AND ended_at IS NULL) AS found
        WHERE w.lease_owner = found.lease_owner AND w.ended_at IS NULL
            AND pg_try_advisory_xact_lock(hashtextextended(found.lease_owner, {LivingOwners}))
        """,
        ct);

    /// <summary>Frees everything this engine has leased: it stops in good order.</summary>
    public Task ReleaseAllAsync(CancellationToken ct) => db.Database.ExecuteSqlAsync(
        $"UPDATE workflow SET lease_until = NULL WHERE lease_owner = {options.Owner} AND ended_at IS NULL", ct);
}
