using Stratiform.Protocol;

namespace Stratiform.Agent.Reporting;

/// <summary>What a host was like at one moment.</summary>
internal sealed record Sight
{
    private const int NoticeableShare = 256;

    public static Sight Nothing { get; } = new() { BootId = "" };

    public required string BootId { get; init; }

    public IReadOnlyDictionary<Guid, DomainReport> Domains { get; init; } = new Dictionary<Guid, DomainReport>();

    public IReadOnlyDictionary<Guid, PoolReport> Pools { get; init; } = new Dictionary<Guid, PoolReport>();

    /// <summary>System-VM images that are installed.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>Domains seen for the first time, whose owner is not known yet: look again.</summary>
    public IReadOnlySet<Guid> Strangers { get; init; } = new HashSet<Guid>();

    /// <summary>
    /// Looks at the host. Fences are taken before states, for the domains of <paramref name="before"/>; others are shown
    /// by the next look, so that no old state travels under a new fence.
    /// </summary>
    public static async Task<Sight> TakeAsync(AgentHost host, Sight before, CancellationToken ct)
    {
        var owners = before.Domains.Keys.ToDictionary(id => id, host.OwnerOf);
        var domains = new Dictionary<Guid, DomainReport>();
        var strangers = new HashSet<Guid>();
        foreach (var (report, _) in await host.Drivers.Hypervisor.ReadAllAsync(ct))
        {
            if (!owners.TryGetValue(report.Id, out var owner)) strangers.Add(report.Id);
            domains[report.Id] = report with { Subject = owner.Subject ?? "", Fence = owner.Fence };
        }
        var pools = new Dictionary<Guid, PoolReport>();
        foreach (var pool in host.Drivers.Pools.Pools) pools[pool.Id] = await SpaceAsync(pool, before, ct);
        return new Sight { BootId = host.Drivers.Machine.BootId, Domains = domains, Pools = pools, Strangers = strangers, Images = host.Drivers.Hypervisor.Images };
    }

    /// <summary>What differs from an earlier sight; a domain that is gone is absent, under its last owner.</summary>
    public (IReadOnlyList<DomainReport> Domains, IReadOnlyList<PoolReport> Pools) Since(Sight earlier)
    {
        var gone = earlier.Domains.Values.Where(domain => !Domains.ContainsKey(domain.Id))
            .Select(domain => domain with { Power = PowerState.Absent, ProcessId = 0 });
        var changed = Domains.Values.Where(domain => !Strangers.Contains(domain.Id)
            && (earlier.Strangers.Contains(domain.Id) || earlier.Domains.GetValueOrDefault(domain.Id) != domain));
        var pools = Pools.Values.Where(pool => earlier.Pools.GetValueOrDefault(pool.PoolId) != pool);
        return ([.. changed, .. gone], [.. pools]);
    }

    /// <summary>The images, if they are others than in an earlier sight.</summary>
    public IReadOnlyList<string>? ImagesSince(Sight earlier) => Images.SequenceEqual(earlier.Images) ? null : Images;

    // A pool's use changes with every write of every guest: only what an operator would notice is news.
    private static async Task<PoolReport> SpaceAsync(Storage.IStoragePool pool, Sight before, CancellationToken ct)
    {
        var now = await pool.ReadSpaceAsync(ct);
        return before.Pools.GetValueOrDefault(pool.Id) is { } old && old.CapacityBytes == now.CapacityBytes
            && Math.Abs(old.UsedBytes - now.UsedBytes) < now.CapacityBytes / NoticeableShare ? old : now;
    }
}
