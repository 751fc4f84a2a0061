using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Storage;

/// <summary>Chooses primary storage for disks, and takes and gives back their share of it.</summary>
public sealed class PoolChoice(CloudDb db)
{
    // Thin disks promise more than they fill.
    internal const double OverprovisioningFactor = 2;

    /// <summary>Pools of a zone in use, with what they can still promise.</summary>
    public async Task<IReadOnlyList<PoolCandidate>> OfZoneAsync(Id<Infrastructure.Zone> zone, CancellationToken ct) =>
        await db.Set<StoragePool>().Where(p => p.ZoneId == zone && p.State == PoolState.Up)
            .Select(p => new PoolCandidate(
                p.Id, p.ClusterId, p.HostId, p.Tags, (long)(p.CapacityBytes * OverprovisioningFactor) - p.PromisedBytes))
            .ToListAsync(ct);

    /// <summary>Takes a volume's share, if there is room at this moment; nothing happens when it has it.</summary>
    /// <exception cref="TransientException">The room is gone: choose again.</exception>
    public static async Task TakeAsync(DbContext db, Id<Volume> volume, Id<StoragePool> pool, long sizeBytes, CancellationToken ct)
    {
        var (v, p) = (volume.Value, pool.Value);
        var taken = await db.Database.ExecuteSqlAsync(
            $"""
            WITH room AS (
                UPDATE storage_pool SET promised_bytes = promised_bytes + {sizeBytes}
                WHERE id = {p} AND promised_bytes + {sizeBytes} <= capacity_bytes * {OverprovisioningFactor}
                    AND NOT EXISTS (SELECT 1 FROM pool_reservation WHERE volume_id = {v})
                RETURNING id)
            INSERT INTO pool_reservation (volume_id, pool_id, size_bytes) SELECT {v}, id, {sizeBytes} FROM room
            """,
            ct);
        if (taken == 0 && !await db.Set<PoolReservation>().AnyAsync(r => r.VolumeId == volume && r.PoolId == pool, ct))
            throw new TransientException("the pool's room was taken by another");
    }

    /// <summary>Gives a volume's share back; nothing happens when there is none.</summary>
    public static Task ReleaseAsync(DbContext db, Id<Volume> volume, CancellationToken ct)
    {
        var v = volume.Value;
        return db.Database.ExecuteSqlAsync(
            $"""
            WITH gone AS (DELETE FROM pool_reservation WHERE volume_id = {v} RETURNING pool_id, size_bytes)
            UPDATE storage_pool p SET promised_bytes = p.promised_bytes - gone.size_bytes FROM gone WHERE p.id = gone.pool_id
            """,
            ct);
    }
}

/// <summary>What is known of a pool when one is chosen.</summary>
/// <param name="Id">The pool.</param>
/// <param name="ClusterId">The cluster that shares it.</param>
/// <param name="HostId">The host whose own it is.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="FreeBytes">What it can still promise.</param>
public sealed record PoolCandidate(
    Id<StoragePool> Id, Id<Infrastructure.Cluster>? ClusterId, Id<Infrastructure.Host>? HostId, string[] Tags, long FreeBytes)
{
    /// <summary>Whether the host can use it: its own, its cluster's, or the zone's.</summary>
    public bool IsReachedBy(HostCandidate host) => HostId is { } own ? own == host.Id : ClusterId is null || ClusterId == host.ClusterId;
}
