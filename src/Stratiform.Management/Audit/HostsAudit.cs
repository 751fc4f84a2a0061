using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Compute;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Management.Storage;
using Stratiform.Management.SystemVms;
using Stratiform.Protocol;

namespace Stratiform.Management.Audit;

/// <summary>Compares what hosts have with what the database wants there: domains, networks, volumes and images of pools, jobs.</summary>
internal sealed class HostsAudit(CloudDb db)
{
    public async Task CompareAsync(IReadOnlyList<HostAnswer> answers, Findings findings, CancellationToken ct)
    {
        foreach (var silent in answers.Where(a => a.Inventory is null)) findings.CannotRead(silent.Name, silent.Error);
        var read = answers.Where(a => a.Inventory is not null).ToList();
        await DomainsAsync(read, findings, ct);
        await NetworksAsync(read, findings, ct);
        await PoolsAsync(read, findings, ct);
        Jobs(read, findings);
    }

    private async Task DomainsAsync(IReadOnlyList<HostAnswer> read, Findings findings, CancellationToken ct)
    {
        var vms = await db.Set<VirtualMachine>().Where(v => v.HostId != null).Select(v => new { v.Id, v.State, v.HostId }).ToListAsync(ct);
        var routers = await db.Set<Router>().Where(r => r.HostId != null).Select(r => new { Id = r.ServingId, r.State, r.HostId }).ToListAsync(ct);
        // New ones may not be there yet, old ones not any more.
        var twins = (await db.Set<RouterTwin>().AsNoTracking().ToListAsync(ct)).ToLookup(t => t.HostId, t => t.DomainId);
        var workers = await db.Set<SystemVm>().Where(v => v.HostId != null).Select(v => new { v.Id, v.State, v.HostId }).ToListAsync(ct);
        var placed = vms.Select(v => (Id: v.Id.Value, v.State, Host: v.HostId!.Value))
            .Concat(routers.Select(r => (r.Id, r.State, Host: r.HostId!.Value)))
            .Concat(workers.Select(v => (Id: v.Id.Value, v.State, Host: v.HostId!.Value))).ToLookup(g => g.Host);
        foreach (var host in read)
        {
            var there = host.Inventory!.Domains.Where(d => d.Power != PowerState.Absent).Select(d => d.Id).ToHashSet();
            var wanted = placed[host.Id].Where(g => g.State == VmState.Running).Select(g => g.Id).ToHashSet();
            findings.Compare(host.Place, LeakKinds.Domain, there, wanted, twins[host.Id].ToHashSet());
        }
    }

    private async Task NetworksAsync(IReadOnlyList<HostAnswer> read, Findings findings, CancellationToken ct)
    {
        var plugged = (await db.Set<NetworkOnHost>().ToListAsync(ct)).ToLookup(n => n.HostId);
        HashSet<Guid> ofEveryHost = [.. HostNetworks.All.Select(n => n.NetworkId)];
        foreach (var host in read)
        {
            var wanted = plugged[host.Id].Where(n => n.Ready).Select(n => n.NetworkId.Value).ToHashSet();
            // A row that is not ready was lost with the host's boot, or never came to be; either way nothing hangs on it.
            HashSet<Guid> known = [.. ofEveryHost, .. plugged[host.Id].Select(n => n.NetworkId.Value)];
            findings.Compare(host.Place, LeakKinds.Network, host.Inventory!.Networks.ToHashSet(), wanted, known);
        }
    }

    private async Task PoolsAsync(IReadOnlyList<HostAnswer> read, Findings findings, CancellationToken ct)
    {
        var pools = (await db.Set<StoragePool>().Select(p => new { p.Id, p.Name }).ToListAsync(ct)).Select(p => (p.Id.Value, p.Name)).ToDictionary();
        var volumes = (await db.Set<Volume>().Where(v => v.PoolId != null).Select(v => new { v.Id, v.PoolId, v.State }).ToListAsync(ct))
            .ToLookup(v => v.PoolId!.Value.Value);
        var images = (await db.Set<PoolImage>().Select(i => new { i.Id, i.PoolId, i.Ready }).ToListAsync(ct))
            .Select(i => (Id: i.Id.Value, Pool: i.PoolId.Value, i.Ready)).ToLookup(i => i.Pool);
        var seen = new HashSet<Guid>();
        foreach (var (host, pool) in read.SelectMany(h => h.Inventory!.Pools.Select(p => (h, p))))
        {
            var id = pool.Space.PoolId;
            if (!pools.TryGetValue(id, out var name)) findings.Add(host.Place, "pool", id, "the host has it, and the database does not know it");
            else if (seen.Add(id))
            {
                var ready = volumes[id].Where(v => v.State == VolumeState.Ready).Select(v => v.Id.Value).ToHashSet();
                // One that is going may be gone already.
                var going = volumes[id].Where(v => v.State == VolumeState.Expunging).Select(v => v.Id.Value).ToHashSet();
                findings.Compare(new(name, id), LeakKinds.Volume, pool.Volumes.ToHashSet(), ready, going);
                var whole = images[id].Where(i => i.Ready).Select(i => i.Id).ToHashSet();
                // A row that is not ready is verified by the next copy, or collected with its template; either way it owns the image.
                findings.Compare(new(name, id), LeakKinds.Image, pool.Images.ToHashSet(), whole, images[id].Select(i => i.Id).ToHashSet());
            }
        }
        foreach (var (id, name) in pools.Where(p => !seen.Contains(p.Key) && (volumes[p.Key].Any() || images[p.Key].Any())))
            findings.CannotRead(name, "no host that reaches the pool could be read");
    }

    // A job's name ends with the id of what it works for.
    private static void Jobs(IReadOnlyList<HostAnswer> read, Findings findings)
    {
        foreach (var (host, job) in read.SelectMany(h => h.Inventory!.Jobs.Select(j => (h, j))))
        {
            _ = Guid.TryParse(job[(job.LastIndexOf('/') + 1)..], out var subject);
            findings.Add(host.Place, "job", subject, $"the job {job} runs");
        }
    }
}
