using Stratiform.Protocol;

namespace Stratiform.Transfers.Images;

/// <summary>An image to be brought, and the limits within which it may come.</summary>
public sealed record ImageOrder
{
    // Where there is no limit, one that no disk reaches.
    private const long LargestFileBytes = 1L << 43;

    /// <summary>Where it comes from: a file, http, https or nfs URL.</summary>
    public required Uri Source { get; init; }

    /// <summary>There is another way to it; see <see cref="FetchEnd.Unreachable"/>.</summary>
    public bool IsTrial { get; init; }

    /// <summary>The file that becomes the image.</summary>
    public required string Part { get; init; }

    /// <summary>What the source adds up to, <c>{SHA-256}hex</c>; empty when unknown.</summary>
    public required string Checksum { get; init; }

    /// <summary>What the source is said to be.</summary>
    public required ImageFormat Format { get; init; }

    /// <summary>More than this must neither come nor unpack, bytes.</summary>
    public required long MaxBytes { get; init; }

    /// <summary>Limit of the size that guests see.</summary>
    public required long MaxVirtualSizeBytes { get; init; }

    /// <summary>Networks (CIDR) where the source must not lead, besides this machine and its links.</summary>
    public IReadOnlyList<string> Forbidden { get; init; } = [];

    /// <summary>Networks (CIDR) where it may lead all the same.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    /// <summary>As a message asks for it.</summary>
    /// <param name="image">The message.</param>
    /// <param name="source">Where it really comes from.</param>
    /// <param name="part">The file that becomes the image.</param>
    public static ImageOrder Of(EnsureImage image, Uri source, string part) => new()
    {
        // As a URL, also where it was made of a path, and stays one when the order is written down.
        Source = new Uri(source.AbsoluteUri),
        Part = part,
        Checksum = image.Checksum,
        Format = image.Format,
        MaxBytes = WithTables(Math.Min(image.MaxVirtualSizeBytes, LargestFileBytes)),
        MaxVirtualSizeBytes = image.MaxVirtualSizeBytes,
        Forbidden = image.Forbidden,
        Allowed = image.Allowed,
    };

    // A format needs more than what guests see: tables, and clusters that are not full.
    private static long WithTables(long virtualBytes) => virtualBytes + virtualBytes / 64 + (64 << 20);
}
