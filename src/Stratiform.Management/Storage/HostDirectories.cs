using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;
using Host = Stratiform.Management.Infrastructure.Host;

namespace Stratiform.Management.Storage;

/// <summary>Gives hosts the directories that they are to see, and takes them away.</summary>
public sealed class HostDirectories(CloudDb db, Hosts agents)
{
    /// <summary>All that a host must see: its pools, and its zone's image stores.</summary>
    public async Task<IReadOnlyList<IHostDirectory>> OfAsync(Host host, CancellationToken ct)
    {
        var pools = await db.Set<StoragePool>()
            .Where(p => p.ZoneId == host.ZoneId && (p.HostId == host.Id || p.HostId == null && (p.ClusterId == null || p.ClusterId == host.ClusterId)))
            .ToListAsync(ct);
        return [.. pools, .. await db.Set<ImageStore>().Where(s => s.ZoneId == host.ZoneId).ToListAsync(ct)];
    }

    /// <summary>The hosts see it.</summary>
    public async Task EnsureAsync(IHostDirectory place, IReadOnlyList<Id<Host>> hosts, CancellationToken ct)
    {
        foreach (var host in hosts) place.Measure(await agents.EnsureAsync(host, SubjectOf(host), new EnsurePool(place.Key, place.Path), ct));
    }

    /// <summary>The hosts have forgotten it; its content stays theirs.</summary>
    public async Task EnsureNoneAsync(Guid key, IReadOnlyList<Id<Host>> hosts, CancellationToken ct)
    {
        foreach (var host in hosts) await agents.EnsureAsync(host, SubjectOf(host), new EnsureNoPool(key), ct);
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

    /// <summary>The directory of a pool's or store's URL.</summary>
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
