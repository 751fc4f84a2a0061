using System.Collections.Concurrent;
using Stratiform.Protocol;

namespace Stratiform.Agent.Storage;

/// <summary>The content of simulated pools by pool id, and what the URLs of simulated images lead to.</summary>
public sealed class FakeDisks
{
    private readonly ConcurrentDictionary<Guid, FakeContent> _contents = new();

    /// <summary>Size of each pool, bytes.</summary>
    public long CapacityBytes { get; set; } = 1L << 40;

    /// <summary>Polls that a copy of an image takes.</summary>
    public int PollsOfACopy { get; set; } = 3;

    /// <summary>What is behind a URL; others lead to a sound image of 2 GiB that takes 256 MiB, of the format asked for.</summary>
    public ConcurrentDictionary<string, FakeSource> Sources { get; } = new(StringComparer.Ordinal);

    /// <summary>Directories that do not exist.</summary>
    public ISet<string> MissingParents { get; } = new HashSet<string>(StringComparer.Ordinal) { "/missing" };

    /// <summary>Every pool that was ever used, with what lies on it.</summary>
    public IReadOnlyDictionary<Guid, FakeContent> Contents => _contents;

    internal FakeContent Open(Guid poolId) => _contents.GetOrAdd(poolId, _ => new FakeContent());

    internal FakeSource Find(EnsureImage image) => Sources.GetValueOrDefault(image.Source) ?? new FakeSource(Format: image.Format);
}

/// <summary>What a URL of a simulated image leads to.</summary>
/// <param name="VirtualSizeBytes">Virtual size.</param>
/// <param name="PhysicalSizeBytes">Bytes on a pool.</param>
/// <param name="Checksum">Its <c>{SHA-256}hex</c>; empty agrees with any.</param>
/// <param name="IsMissing">The server answers 404.</param>
/// <param name="IsCorrupt">It is no image, or a hostile one.</param>
/// <param name="Format">What it is.</param>
public sealed record FakeSource(
    long VirtualSizeBytes = 2L << 30, long PhysicalSizeBytes = 256L << 20,
    string Checksum = "", bool IsMissing = false, bool IsCorrupt = false, ImageFormat Format = ImageFormat.Qcow2);

/// <summary>What lies on a simulated pool. Lock it to look inside.</summary>
public sealed class FakeContent
{
    /// <summary>Whole images.</summary>
    public Dictionary<Guid, FakeSource> Images { get; } = [];

    /// <summary>Volumes.</summary>
    public Dictionary<Guid, FakeVolume> Volumes { get; } = [];

    /// <summary>Copies under way: polls so far.</summary>
    public Dictionary<Guid, int> Copies { get; } = [];
}

/// <summary>A simulated volume.</summary>
/// <param name="SizeBytes">Virtual size.</param>
/// <param name="ImageId">The image that it is a clone of.</param>
public sealed record FakeVolume(long SizeBytes, Guid? ImageId);
