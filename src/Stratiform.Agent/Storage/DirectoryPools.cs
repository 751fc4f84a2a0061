using System.Collections.Concurrent;
using System.Text.Json;
using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Agent.Storage;

/// <summary>Pools that are directories of the host, one of its own disks or a mounted share. Remembers them in a file.</summary>
public sealed class DirectoryPools : IPoolDriver
{
    private readonly ConcurrentDictionary<Guid, DirectoryPool> _pools = new();
    private readonly string _state;
    private readonly string _jobs;

    /// <summary>Finds the pools that were usable when the agent ended.</summary>
    public DirectoryPools(string stateFolder)
    {
        _state = Path.Combine(stateFolder, "pools.json");
        _jobs = Path.Combine(stateFolder, "jobs");
        Directory.CreateDirectory(_jobs);
        if (!File.Exists(_state)) return;
        foreach (var place in JsonSerializer.Deserialize<List<EnsurePool>>(File.ReadAllText(_state), ProtocolJson.Options)!)
            _pools[place.PoolId] = new DirectoryPool(place.PoolId, place.Path, _jobs);
        foreach (var pool in _pools.Values) pool.ForgetDeadJobs();
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<IStoragePool> Pools => [.. _pools.Values];

    /// <inheritdoc/>
    public IStoragePool Require(Guid poolId) => _pools.GetValueOrDefault(poolId)
        ?? throw new HostException(HostErrorCode.NotFound, $"The pool {poolId} is not usable on this host.");

    /// <inheritdoc/>
    public Task<IStoragePool> EnsureAsync(Guid poolId, string path, CancellationToken ct)
    {
        if (!Path.IsPathFullyQualified(path) || path.Contains("..", StringComparison.Ordinal))
            throw new HostException(HostErrorCode.Invalid, $"The pool {poolId} needs an absolute path, not {path}.");
        if (_pools.TryGetValue(poolId, out var known) && known.Directory != path)
            throw new HostException(HostErrorCode.Invalid, $"The pool {poolId} is at {known.Directory}, not at {path}.");
        var pool = known ?? new DirectoryPool(poolId, path, _jobs);
        pool.Prepare();
        if (_pools.TryAdd(poolId, pool)) Remember();
        return Task.FromResult<IStoragePool>(pool);
    }

    /// <inheritdoc/>
    public Task EnsureAbsentAsync(Guid poolId, CancellationToken ct)
    {
        if (_pools.TryRemove(poolId, out _)) Remember();
        return Task.CompletedTask;
    }

    private void Remember()
    {
        lock (_pools)
        {
            var places = _pools.Values.Select(pool => new EnsurePool(pool.Id, pool.Directory)).OrderBy(place => place.PoolId);
            DurableFile.Write(_state, JsonSerializer.Serialize(places, ProtocolJson.Options));
        }
    }
}
