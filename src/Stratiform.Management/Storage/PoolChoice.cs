using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Storage;

/// <summary>Chooses primary storage for disks, and takes and gives back their share of it.</summary>
public sealed class PoolChoice(CloudDb db, LiveSettings settings)
{
    /// <summary>Bytes promised for each byte that is there.</summary>
    public double OverprovisioningFactor => settings.Get(StorageSettings.OverprovisioningFactor);

    /// <summary>Pools of a zone in use, with what they can still promise.</summary>
    public async Task<IReadOnlyList<PoolCandidate>> OfZoneAsync(Id<Infrastructure.Zone> zone, CancellationToken ct)
    {
        var (factor, full) = (OverprovisioningFactor, settings.Get(StorageSettings.DisableThreshold));
        return await db.Set<StoragePool>().Where(p => p.ZoneId == zone && (p.State == PoolState.Up || p.State == PoolState.Disabled))
            .Select(p => new PoolCandidate(p.Id, p.ClusterId, p.HostId, p.Tags,
                p.State == PoolState.Up && p.UsedBytes <= p.CapacityBytes * full ? (long)(p.CapacityBytes * factor) - p.PromisedBytes : -1))
            .ToListAsync(ct);
    }

    /// <summary>Takes a volume's share, if there is room at this moment; nothing happens when it has it.</summary>
    /// <exception cref="TransientException">The room is gone: choose again.</exception>
    public async Task TakeAsync(DbContext commit, Id<Volume> volume, Id<StoragePool> pool, long sizeBytes, CancellationToken ct)
    {
        var (v, p, factor) = (volume.Value, pool.Value, OverprovisioningFactor);
        var taken = await commit.Database.ExecuteSqlAsync(
            $"""
            WITH room AS (
                UPDATE storage_pool SET promised_bytes = promised_bytes + {sizeBytes}
                WHERE id = {p} AND state = 'Up' AND promised_bytes + {sizeBytes} <= capacity_bytes * {factor}
                    AND NOT EXISTS (SELECT 1 FROM pool_reservation WHERE volume_id = {v})
                RETURNING id)
            INSERT INTO pool_reservation (volume_id, pool_id, size_bytes) SELECT {v}, id, {sizeBytes} FROM room
            """,
            ct);
        if (taken == 0 && !await commit.Set<PoolReservation>().AnyAsync(r => r.VolumeId == volume && r.PoolId == pool, ct))
            throw new TransientException("the pool's room was taken by another");
    }

    /// <summary>Makes a volume's share as large as the volume turned out to be, if there is room; nothing happens when it is.</summary>
    /// <exception cref="CloudException">The pool has no room for it (533).</exception>
    public async Task GrowAsync(DbContext commit, Id<Volume> volume, long sizeBytes, CancellationToken ct)
    {
        var (v, factor) = (volume.Value, OverprovisioningFactor);
        await commit.Database.ExecuteSqlAsync(
            $"""
            WITH room AS (
                UPDATE storage_pool p SET promised_bytes = p.promised_bytes + {sizeBytes} - mine.size_bytes
                FROM pool_reservation mine
                WHERE mine.volume_id = {v} AND mine.size_bytes < {sizeBytes} AND p.id = mine.pool_id
                    AND p.promised_bytes + {sizeBytes} - mine.size_bytes <= p.capacity_bytes * {factor}
                RETURNING p.id)
            UPDATE pool_reservation r SET size_bytes = {sizeBytes} FROM room WHERE r.volume_id = {v}
            """,
            ct);
        if (await commit.Set<PoolReservation>().AnyAsync(r => r.VolumeId == volume && r.SizeBytes < sizeBytes, ct))
            throw Refusal.Capacity("The pool has no room for a disk of the template's size; add storage or free some.");
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
/// <param name="FreeBytes">What it can still promise; less than nothing when it takes no more disks.</param>
public sealed record PoolCandidate(
    Id<StoragePool> Id, Id<Infrastructure.Cluster>? ClusterId, Id<Infrastructure.Host>? HostId, string[] Tags, long FreeBytes)
{
    /// <summary>Whether the host can use it: its own, its cluster's, or the zone's.</summary>
    public bool IsReachedBy(HostCandidate host) => HostId is { } own ? own == host.Id : ClusterId is null || ClusterId == host.ClusterId;
}
