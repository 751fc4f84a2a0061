using Microsoft.EntityFrameworkCore;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Infrastructure.Placement;

/// <summary>Takes and gives back a guest's share of a host: counter and row move in one statement, in the step's commit.</summary>
public static class Reservations
{
    /// <summary>Takes the share, if there is room at this moment.</summary>
    /// <exception cref="TransientException">The room is gone: plan again.</exception>
    public static async Task TakeAsync(DbContext db, PlacementRequest request, Id<Host> host, CancellationToken ct)
    {
        var (owner, id) = (request.OwnerId, host.Value);
        var taken = await db.Database.ExecuteSqlAsync(
            $"""
            WITH room AS (
                UPDATE host_capacity SET cpu_promised_mhz = cpu_promised_mhz + {request.CpuMhz},
                    memory_promised_mib = memory_promised_mib + {request.MemoryMib}
                WHERE host_id = {id} AND cpu_promised_mhz + {request.CpuMhz} <= cpu_total_mhz
                    AND memory_promised_mib + {request.MemoryMib} <= memory_total_mib
                RETURNING host_id)
            INSERT INTO host_reservation (owner_id, host_id, cpu_mhz, memory_mib)
            SELECT {owner}, host_id, {request.CpuMhz}, {request.MemoryMib} FROM room
            """,
            ct);
        if (taken == 0) throw new TransientException("the host's room was taken by another");
    }

    /// <summary>Gives the share back; nothing happens when there is none.</summary>
    public static Task ReleaseAsync(DbContext db, Guid owner, CancellationToken ct) => db.Database.ExecuteSqlAsync(
        $"""
        WITH gone AS (DELETE FROM host_reservation WHERE owner_id = {owner} RETURNING host_id, cpu_mhz, memory_mib)
        UPDATE host_capacity c SET cpu_promised_mhz = c.cpu_promised_mhz - gone.cpu_mhz,
            memory_promised_mib = c.memory_promised_mib - gone.memory_mib
        FROM gone WHERE c.host_id = gone.host_id
        """,
        ct);
}
