using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure.Placement;

/// <summary>What the planner knows of a zone's hosts, read again when it is older than a second.</summary>
public sealed class HostRoom(IServiceScopeFactory scopes, TimeProvider clock)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Id<Zone>, (long At, Task<IReadOnlyList<HostCandidate>> Hosts)> _zones = new();

    /// <summary>All hosts of a zone.</summary>
    public Task<IReadOnlyList<HostCandidate>> OfAsync(Id<Zone> zone, CancellationToken ct)
    {
        var now = clock.GetTimestamp();
        var known = _zones.AddOrUpdate(zone,
            id => (now, ReadAsync(id)),
            (id, old) => clock.GetElapsedTime(old.At, now) < Freshness && !old.Hosts.IsFaulted ? old : (now, ReadAsync(id)));
        return known.Hosts.WaitAsync(ct);
    }

    /// <summary>Makes the next plan read again: a reservation was refused, or a host changed.</summary>
    public void Forget() => _zones.Clear();

    private async Task<IReadOnlyList<HostCandidate>> ReadAsync(Id<Zone> zone)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CloudDb>();
        return await (
            from host in db.Set<Host>()
            where host.ZoneId == zone
            join cluster in db.Set<Cluster>() on host.ClusterId equals cluster.Id
            join pod in db.Set<Pod>() on host.PodId equals pod.Id
            join capacity in db.Set<HostCapacity>() on host.Id equals capacity.HostId
            join sight in db.Set<HostSight>() on host.Id equals sight.HostId
            select new HostCandidate
            {
                Id = host.Id,
                ClusterId = host.ClusterId,
                Enabled = host.AllocationState == AllocationState.Enabled && cluster.AllocationState == AllocationState.Enabled
                    && pod.AllocationState == AllocationState.Enabled,
                State = sight.BootId == sight.ConnectedBootId ? sight.State : HostState.Connecting,
                Tags = host.Tags,
                Images = sight.Images,
                Cpus = host.Cpus,
                CpuTotalMhz = capacity.CpuTotalMhz,
                CpuPromisedMhz = capacity.CpuPromisedMhz,
                MemoryTotalMib = capacity.MemoryTotalMib,
                MemoryPromisedMib = capacity.MemoryPromisedMib,
            }).ToListAsync();
    }
}
