using Stratiform.Protocol;

namespace Stratiform.Agent.Storage;

/// <summary>The pools that are usable on one host; they are remembered over restarts of the agent.</summary>
[Ability("pools")]
public interface IPoolDriver
{
    /// <summary>The pools usable here.</summary>
    IReadOnlyCollection<IStoragePool> Pools { get; }

    /// <summary>The pool, or <see cref="HostErrorCode.NotFound"/>.</summary>
    IStoragePool Require(Guid poolId);

    /// <summary>The pool is usable. Its place cannot change while it is.</summary>
    Task<IStoragePool> EnsureAsync(Guid poolId, string path, CancellationToken ct);

    /// <summary>The pool is forgotten; its content stays.</summary>
    Task EnsureAbsentAsync(Guid poolId, CancellationToken ct);
}

/// <summary>Keeps images and the volumes cloned from them.</summary>
public interface IStoragePool
{
    /// <summary>Its UUID.</summary>
    Guid Id { get; }

    /// <summary>Names of copies that are under way, and of volumes that are sent or were until somebody ended it.</summary>
    IReadOnlyList<string> Jobs { get; }

    /// <summary>Size and use of the pool.</summary>
    Task<PoolReport> ReadSpaceAsync(CancellationToken ct);

    /// <summary>Space, and what lies on the pool whole.</summary>
    Task<PoolInventory> ReadAsync(CancellationToken ct);

    /// <summary>The image lies on the pool, or is on its way: begins the copy or tells how far it is.</summary>
    /// <param name="image">What is wanted.</param>
    /// <param name="ct">Gives up the call, not the copy.</param>
    Task<ImageProgress> EnsureImageAsync(EnsureImage image, CancellationToken ct);

    /// <summary>As <see cref="EnsureImageAsync"/>, with an image that is read from its store itself; see <see cref="EnsureImageFromStore"/>.</summary>
    Task<ImageProgress> EnsureImageFromStoreAsync(EnsureImage image, CancellationToken ct);

    /// <summary>Where a domain finds the image as a disc; null when no whole copy of it lies here.</summary>
    Uri? FindImage(Guid imageId);

    /// <summary>No copy of the image and no job that makes one; refused while volumes are clones of it.</summary>
    Task EnsureNoImageAsync(Guid imageId, CancellationToken ct);

    /// <summary>The volume exists with at least this size; <paramref name="inUse"/> forbids growing it.</summary>
    Task<VolumeReport> EnsureVolumeAsync(EnsureVolume volume, bool inUse, CancellationToken ct);

    /// <summary>The volume is gone.</summary>
    Task EnsureNoVolumeAsync(Guid volumeId, CancellationToken ct);

    /// <summary>The volume was sent to a worker, or is on its way: begins to send it or tells how far it is.</summary>
    /// <param name="volume">What is sent, and where to.</param>
    /// <param name="ct">Gives up the call, not the sending.</param>
    Task<SendProgress> EnsureVolumeSentAsync(EnsureVolumeSent volume, CancellationToken ct);

    /// <summary>The volume is sent no longer, and nothing is left of what was.</summary>
    Task EnsureNoVolumeSentAsync(Guid volumeId, CancellationToken ct);

    /// <summary>Where a domain finds the volume, or <see cref="HostErrorCode.NotFound"/>.</summary>
    Task<DiskSource> LocateAsync(Guid volumeId, CancellationToken ct);
}

/// <summary>Where a domain finds a disk.</summary>
/// <param name="Path">A file on the host.</param>
/// <param name="Format">Its format, as QEMU names it.</param>
public sealed record DiskSource(string Path, string Format);
