namespace Stratiform.Protocol;

/// <summary>The pool is usable on this host.</summary>
/// <param name="PoolId">Its UUID.</param>
/// <param name="Path">Directory on the host; made if its parent exists.</param>
public sealed record EnsurePool(Guid PoolId, string Path) : IEnsure<PoolReport>;

/// <summary>The host has forgotten the pool. Its content stays.</summary>
/// <param name="PoolId">Which pool.</param>
public sealed record EnsureNoPool(Guid PoolId) : IEnsure<Done>;

/// <summary>Asks for space and content of a pool.</summary>
/// <param name="PoolId">Which pool.</param>
public sealed record ReadPool(Guid PoolId) : IHostMessage<PoolInventory>;

/// <summary>The image lies whole and verified on the pool. A named job: answers its progress until done.</summary>
public sealed record EnsureImage : IEnsure<ImageProgress>
{
    /// <summary>The pool.</summary>
    public required Guid PoolId { get; init; }
    /// <summary>The image's UUID on pools.</summary>
    public required Guid ImageId { get; init; }
    /// <summary>
    /// Where it comes from: a <c>file:</c>, <c>http:</c> or <c>https:</c> URL. Workers also await what somebody uploads: see
    /// <see cref="UploadLink.Source"/>.
    /// </summary>
    public required string Source { get; init; }
    /// <summary>
    /// What the source is said to be, packed (gz, bz2, xz, zstd, zip) or not. On pools images are qcow2 whatever they came as; ISOs alone stay
    /// what they are.
    /// </summary>
    public ImageFormat Format { get; init; }
    /// <summary>Networks (CIDR) where the source must not lead, besides this host and its links.</summary>
    public IReadOnlyList<string> Forbidden { get; init; } = [];
    /// <summary>Networks (CIDR) where it may lead all the same.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];
    /// <summary><c>{SHA-256}hex</c> and the like; empty when unknown.</summary>
    public string Checksum { get; init; } = "";
    /// <summary>Upper limit of the virtual size, bytes.</summary>
    public long MaxVirtualSizeBytes { get; init; } = long.MaxValue;
}

/// <summary>
/// As <see cref="EnsureImage"/>, with an image that this host reads from its store itself: the source is <c>nfs://server/path</c> (version 4), or
/// a signed <c>http:</c> or <c>https:</c> URL of object storage, which is a secret. There is another way to the image, so a store that cannot be
/// reached within seconds, or refuses, fails it as <see cref="HostErrorCode.Unreachable"/>.
/// </summary>
/// <param name="Image">The image.</param>
public sealed record EnsureImageFromStore(EnsureImage Image) : IEnsure<ImageProgress>;

/// <summary>Formats in which images come.</summary>
public enum ImageFormat
{
    /// <summary>QEMU's own, version 2 or 3.</summary>
    Qcow2,
    /// <summary>A disk's bytes.</summary>
    Raw,
    /// <summary>VMware's, in one file.</summary>
    Vmdk,
    /// <summary>Virtual PC's and XenServer's, fixed or dynamic.</summary>
    Vhd,
    /// <summary>Hyper-V's.</summary>
    Vhdx,
    /// <summary>An appliance: an archive with one VMDK disk.</summary>
    Ova,
    /// <summary>The content of an optical disc (ISO 9660 or UDF), which may be a disk's at the same time.</summary>
    Iso,
}

/// <summary>A whole copy of an image.</summary>
/// <param name="PoolId">The pool it lies on.</param>
/// <param name="ImageId">The image's UUID there.</param>
public sealed record ImageOnPool(Guid PoolId, Guid ImageId);

/// <summary>The pool has no copy of the image. Refused as Failed while volumes are clones of it.</summary>
/// <param name="PoolId">The pool.</param>
/// <param name="ImageId">The image.</param>
public sealed record EnsureNoImage(Guid PoolId, Guid ImageId) : IEnsure<Done>;

/// <summary>How far an image's copy to a pool is.</summary>
public sealed record ImageProgress
{
    /// <summary>Running, done or failed.</summary>
    public required HostWorkState State { get; init; }
    /// <summary>0 to 100.</summary>
    public int Percent { get; init; }
    /// <summary>Why it failed.</summary>
    public HostError? Error { get; init; }
    /// <summary>Virtual size, bytes, once done.</summary>
    public long VirtualSizeBytes { get; init; }
    /// <summary>Bytes it takes on the pool, once done.</summary>
    public long PhysicalSizeBytes { get; init; }
    /// <summary><c>{SHA-256}hex</c> of the copy, once done: another one than the source's where it was unpacked or converted.</summary>
    public string Checksum { get; init; } = "";
}

/// <summary>The volume exists with at least this size: a linked clone of an image, or empty.</summary>
public sealed record EnsureVolume : IEnsure<VolumeReport>
{
    /// <summary>The pool.</summary>
    public required Guid PoolId { get; init; }
    /// <summary>The volume.</summary>
    public required Guid VolumeId { get; init; }
    /// <summary>Virtual size, bytes. An existing smaller volume that no domain uses is grown; never shrunk.</summary>
    public required long SizeBytes { get; init; }
    /// <summary>The image on the same pool that it is a clone of; null makes an empty volume.</summary>
    public Guid? ImageId { get; init; }
}

/// <summary>The volume and its content are gone.</summary>
/// <param name="PoolId">The pool.</param>
/// <param name="VolumeId">The volume.</param>
public sealed record EnsureNoVolume(Guid PoolId, Guid VolumeId) : IEnsure<Done>;

/// <summary>
/// The content of a volume that no domain uses was sent to a worker: one qcow2 image without a backing file, by an upload link. A named
/// job: answers its progress until done, and done from then on. One that failed begins anew with the next Ensure.
/// </summary>
public sealed record EnsureVolumeSent : IEnsure<SendProgress>
{
    /// <summary>The pool.</summary>
    public required Guid PoolId { get; init; }
    /// <summary>The volume.</summary>
    public required Guid VolumeId { get; init; }
    /// <summary>Which attempt this is: another one ends the one before.</summary>
    public required Guid AttemptId { get; init; }
    /// <summary>Where it is posted, an <c>http:</c> URL.</summary>
    public required string Url { get; init; }
    /// <summary>See <see cref="UploadLink.Metadata"/>.</summary>
    public required string Metadata { get; init; }
    /// <summary>See <see cref="UploadLink.ExpiryText"/>.</summary>
    public required string Expires { get; init; }
    /// <summary>See <see cref="UploadLink.Sign"/>. Secret.</summary>
    public required string Signature { get; init; }
}

/// <summary>The host does not send the volume (any more), and nothing of what it sent is left on the pool.</summary>
/// <param name="PoolId">The pool.</param>
/// <param name="VolumeId">The volume.</param>
public sealed record EnsureNoVolumeSent(Guid PoolId, Guid VolumeId) : IEnsure<Done>;

/// <summary>How far the sending of a volume is.</summary>
/// <param name="State">Running, done or failed.</param>
/// <param name="Percent">0 to 100: the first half is making the image, the second sending it.</param>
/// <param name="Error">Why it failed.</param>
public sealed record SendProgress(HostWorkState State, int Percent, HostError? Error = null);

/// <summary>What a volume takes.</summary>
/// <param name="VolumeId">Which volume.</param>
/// <param name="SizeBytes">Virtual size, bytes.</param>
/// <param name="AllocatedBytes">Bytes in use on the pool.</param>
public sealed record VolumeReport(Guid VolumeId, long SizeBytes, long AllocatedBytes);

/// <summary>Space of a pool.</summary>
/// <param name="PoolId">Which pool.</param>
/// <param name="CapacityBytes">Size of the file system.</param>
/// <param name="UsedBytes">Bytes in use on the file system.</param>
public sealed record PoolReport(Guid PoolId, long CapacityBytes, long UsedBytes);

/// <summary>Space and content of a pool.</summary>
public sealed record PoolInventory
{
    /// <summary>Space.</summary>
    public required PoolReport Space { get; init; }
    /// <summary>Volumes on it.</summary>
    public required IReadOnlyList<Guid> Volumes { get; init; }
    /// <summary>Whole copies of images on it.</summary>
    public required IReadOnlyList<Guid> Images { get; init; }
}
