using System.Collections.Concurrent;
using Stratiform.Protocol;

namespace Stratiform.Agent.Storage;

/// <summary>The pools of one simulated host. What lies on them is the disks', which several hosts may share.</summary>
public sealed class FakePools(FakeDisks disks) : IPoolDriver
{
    private readonly ConcurrentDictionary<Guid, FakePool> _pools = new();

    /// <inheritdoc/>
    public IReadOnlyCollection<IStoragePool> Pools => [.. _pools.Values];

    /// <summary>While set, nothing new fits on any pool of this host.</summary>
    public bool IsFull { get; set; }

    /// <summary>Whether this host reaches stores itself.</summary>
    public bool ReachesStores { get; set; } = true;

    /// <summary>While set, its agent is one from before hosts read stores.</summary>
    public bool IsOld { get; set; }

    /// <inheritdoc/>
    public IStoragePool Require(Guid poolId) => _pools.GetValueOrDefault(poolId)
        ?? throw new HostException(HostErrorCode.NotFound, $"The pool {poolId} is not usable on this host.");

    /// <inheritdoc/>
    public Task<IStoragePool> EnsureAsync(Guid poolId, string path, CancellationToken ct)
    {
        if (!Path.IsPathFullyQualified(path))
            throw new HostException(HostErrorCode.Invalid, $"The pool {poolId} needs an absolute path, not {path}.");
        if (disks.MissingParents.Contains(Path.GetDirectoryName(path) ?? ""))
            throw new HostException(HostErrorCode.NotFound, $"{path} cannot be made: its parent does not exist.");
        var pool = _pools.GetOrAdd(poolId, id => new FakePool(this, disks, disks.Open(id), id, path));
        if (pool.Directory != path)
            throw new HostException(HostErrorCode.Invalid, $"The pool {poolId} is at {pool.Directory}, not at {path}.");
        return Task.FromResult<IStoragePool>(pool);
    }

    /// <inheritdoc/>
    public Task EnsureAbsentAsync(Guid poolId, CancellationToken ct)
    {
        _pools.TryRemove(poolId, out _);
        return Task.CompletedTask;
    }
}
