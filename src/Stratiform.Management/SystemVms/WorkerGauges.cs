using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Telemetry;

namespace Stratiform.Management.SystemVms;

/// <summary>What secondary storage VMs do, for collectors.</summary>
internal sealed class WorkerGauges(CloudDb db) : IGauges
{
    public async Task<IReadOnlyList<Gauge>> ReadAsync(CancellationToken ct)
    {
        var workers = await (
            from vm in db.Set<SystemVm>()
            join sight in db.Set<WorkerSight>() on vm.Id equals sight.WorkerId into sights
            from sight in sights.DefaultIfEmpty()
            orderby vm.Id
            select new { vm.Name, vm.Sessions, BytesIn = (long?)sight.BytesIn, BytesOut = (long?)sight.BytesOut, Memory = (long?)sight.MemoryBytes }).ToListAsync(ct);
        var waiting = await db.Set<TransferSession>().CountAsync(s => s.WorkerId == null && s.WantsWorker, ct);
        return
        [
            new("stratiform_transfers_waiting", "Transfers that wait for a secondary storage VM", [("", waiting)]),
            Of("stratiform_worker_transfers", "Transfers of a secondary storage VM", workers.Select(w => (w.Name, (long?)w.Sessions))),
            Of("stratiform_worker_bytes_in", "Bytes that a secondary storage VM has brought into stores since it booted", workers.Select(w => (w.Name, w.BytesIn))),
            Of("stratiform_worker_bytes_out", "Bytes that a secondary storage VM has served since it booted", workers.Select(w => (w.Name, w.BytesOut))),
            Of("stratiform_worker_memory_bytes", "Memory of a secondary storage VM's program", workers.Select(w => (w.Name, w.Memory))),
        ];

        static Gauge Of(string name, string description, IEnumerable<(string Worker, long? Reading)> readings) => new(
            name, description, [.. readings.Where(r => r.Reading.HasValue).Select(r => ($"worker=\"{r.Worker}\"", (double)r.Reading.GetValueOrDefault()))]);
    }
}
