using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;
using Host = Stratiform.Management.Infrastructure.Host;

namespace Stratiform.Management.Storage;

/// <summary>Gives hosts the pools that they are to see, and takes them away.</summary>
public sealed class HostPools(CloudDb db, Hosts agents)
{
    /// <summary>All pools that a host must see.</summary>
    public async Task<IReadOnlyList<StoragePool>> OfAsync(Host host, CancellationToken ct) => await db.Set<StoragePool>()
        .Where(p => p.ZoneId == host.ZoneId && (p.HostId == host.Id || p.HostId == null && (p.ClusterId == null || p.ClusterId == host.ClusterId)))
        .ToListAsync(ct);

    /// <summary>The hosts see it.</summary>
    public async Task EnsureAsync(StoragePool pool, IReadOnlyList<Id<Host>> hosts, CancellationToken ct)
    {
        foreach (var host in hosts) pool.Measure(await agents.EnsureAsync(host, SubjectOf(host), new EnsurePool(pool.Id.Value, pool.Path), ct));
    }

    /// <summary>The hosts have forgotten it; its content stays theirs.</summary>
    public async Task EnsureNoneAsync(Id<StoragePool> pool, IReadOnlyList<Id<Host>> hosts, CancellationToken ct)
    {
        foreach (var host in hosts) await agents.EnsureAsync(host, SubjectOf(host), new EnsureNoPool(pool.Value), ct);
    }

    /// <summary>Refuses while a host that has it does not answer.</summary>
    /// <param name="whole">What is to go, with its name.</param>
    /// <param name="hosts">The hosts that have it.</param>
    /// <param name="ct">Gives up.</param>
    public async Task RequireAnswersAsync(string whole, IReadOnlyList<Id<Host>> hosts, CancellationToken ct)
    {
        var silent = await db.Set<HostSight>().CountAsync(s => hosts.Contains(s.HostId) && s.State != HostState.Up, ct);
        if (silent == 0) return;
        throw Refusal.Unavailable($"{silent} of the {hosts.Count} hosts that have {whole} do not answer; wait for them, or delete them (deleteHost).");
    }

    /// <summary>The directory of a pool's URL.</summary>
    /// <exception cref="CloudException">It is none.</exception>
    public static string PathOf(string url)
    {
        var isDirectory = Uri.TryCreate(url, UriKind.Absolute, out var address)
            && address.Scheme is "sharedmountpoint" or "file" && address.AbsolutePath.Length > 1 && !url.Contains("..", StringComparison.Ordinal);
        return isDirectory ? Uri.UnescapeDataString(address!.AbsolutePath) : throw Refusal.Parameter(
            $"url {url} names no directory of the hosts, such as SharedMountPoint://localhost/var/lib/pool.");
    }

    private static Subject SubjectOf(Id<Host> host) => new(SubjectKinds.Host, host.Value);
}
