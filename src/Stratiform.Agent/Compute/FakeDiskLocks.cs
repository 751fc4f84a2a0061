using Stratiform.Agent.Storage;
using Stratiform.Protocol;

namespace Stratiform.Agent.Compute;

/// <summary>QEMU's locks on images, for simulated hosts: a disk is written by one domain, also where hosts share a pool.</summary>
public sealed class FakeDiskLocks
{
    private readonly Dictionary<string, Guid> _holders = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>The domain holds all the disks, or none and <see cref="HostErrorCode.Failed"/>.</summary>
    public void Take(Guid domainId, IReadOnlyList<DiskSource> disks)
    {
        lock (_lock)
        {
            if (disks.FirstOrDefault(disk => _holders.GetValueOrDefault(disk.Path, domainId) != domainId) is { } held)
                throw new HostException(HostErrorCode.Failed, $"Failed to get \"write\" lock of {held.Path}: another domain has it.");
            foreach (var disk in disks) _holders[disk.Path] = domainId;
        }
    }

    /// <summary>The domain holds no disk.</summary>
    public void Release(Guid domainId)
    {
        lock (_lock)
        {
            foreach (var path in _holders.Where(held => held.Value == domainId).Select(held => held.Key).ToList()) _holders.Remove(path);
        }
    }
}
