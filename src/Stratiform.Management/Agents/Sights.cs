using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Agents;

/// <summary>Writes what hosts are seen to run: only changes, each event in a few statements.</summary>
public sealed class Sights(CloudDb db, TimeProvider clock)
{
    /// <summary>Takes over an event of a host.</summary>
    /// <returns>True when something differs from what was known.</returns>
    public async Task<bool> WriteAsync(Id<Host> host, WatchEvent seen, CancellationToken ct)
    {
        var (id, now, boot) = (host.Value, clock.GetUtcNow(), seen.BootId);
        var domains = seen.Domains.Select(d => d.Id).ToArray();
        var powers = seen.Domains.Select(d => d.Power.ToString()).ToArray();
        var fences = seen.Domains.Select(d => d.Fence).ToArray();
        var changed = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO domain_sight (domain_id, host_id, power, boot_id, fence, seen_at)
            SELECT domain, {id}, power, {boot}, fence, {now} FROM unnest({domains}, {powers}, {fences}) AS seen (domain, power, fence)
            ON CONFLICT (domain_id) DO UPDATE SET host_id = excluded.host_id, power = excluded.power, boot_id = excluded.boot_id,
                fence = excluded.fence, seen_at = excluded.seen_at
            WHERE domain_sight.fence <= excluded.fence
                AND (domain_sight.power, domain_sight.host_id, domain_sight.boot_id, domain_sight.fence)
                    IS DISTINCT FROM (excluded.power, excluded.host_id, excluded.boot_id, excluded.fence)
            """,
            ct);
        foreach (var pool in seen.Pools) await WriteAsync(pool, ct);
        if (seen.Images is { } images) changed += await WriteAsync(host, [.. images], ct);
        if (seen.Kind != WatchKind.Snapshot) return changed > 0;
        // What a full snapshot does not name is not there.
        changed += await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE domain_sight SET power = 'Absent', boot_id = {boot}, seen_at = {now}
            WHERE host_id = {id} AND power <> 'Absent' AND domain_id <> ALL ({domains})
            """,
            ct);
        return changed + await NoteBootAsync(host, boot, now, ct) > 0;
    }

    /// <summary>Writes whether a host is heard.</summary>
    public Task MarkAsync(Id<Host> host, HostState state, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return db.Set<HostSight>().Where(s => s.HostId == host && s.State != state)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.State, state).SetProperty(s => s.Since, now), ct);
    }

    // After a boot nothing is left of the host's bridges; who needs one plugs it in again.
    private async Task<int> NoteBootAsync(Id<Host> host, string boot, DateTimeOffset now, CancellationToken ct)
    {
        var rebooted = await db.Set<HostSight>().Where(s => s.HostId == host && s.BootId != boot)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.BootId, boot).SetProperty(s => s.Since, now), ct);
        if (rebooted > 0)
        {
            var id = host.Value;
            await db.Database.ExecuteSqlAsync($"UPDATE network_on_host SET ready = false WHERE host_id = {id}", ct);
        }
        return rebooted;
    }

    private Task<int> WriteAsync(Id<Host> host, string[] images, CancellationToken ct) =>
        db.Set<HostSight>().Where(s => s.HostId == host && (s.Images == null || s.Images != images))
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.Images, images), ct);

    // To a host image stores are pools too.
    private async Task WriteAsync(PoolReport pool, CancellationToken ct)
    {
        var id = pool.PoolId;
        var known = await db.Database.ExecuteSqlAsync(
            $"UPDATE storage_pool SET capacity_bytes = {pool.CapacityBytes}, used_bytes = {pool.UsedBytes} WHERE id = {id}", ct);
        if (known > 0) return;
        await db.Database.ExecuteSqlAsync(
            $"UPDATE image_store SET capacity_bytes = {pool.CapacityBytes}, used_bytes = {pool.UsedBytes} WHERE id = {id}", ct);
    }
}
