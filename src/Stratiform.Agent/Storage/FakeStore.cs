using Stratiform.Protocol;

namespace Stratiform.Agent.Storage;

/// <summary>What lies in a simulated store of images, and what is wrong with it. Lock it to look inside.</summary>
public sealed class FakeStore
{
    /// <summary>Whole images.</summary>
    public Dictionary<Guid, FakeStoreImage> Images { get; } = [];

    /// <summary>What workers have begun to write; a worker that dies leaves its part behind.</summary>
    public Dictionary<Guid, FakeStorePart> Parts { get; } = [];

    /// <summary>Its size, bytes; 0 for one without, as object stores are.</summary>
    public long CapacityBytes { get; set; } = 1L << 40;

    /// <summary>While set, nothing new fits.</summary>
    public bool IsFull { get; set; }

    /// <summary>While set, nothing is written to it, and nothing removed from it.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>While set, its server does not answer.</summary>
    public bool IsGone { get; set; }

    /// <summary>While set, what is brought to it comes no further.</summary>
    public bool IsSlow { get; set; }

    /// <summary>What users upload to it; null while nobody does.</summary>
    public FakeSource? Uploaded { get; set; }

    internal bool Fits(long bytes) => !IsFull && (CapacityBytes == 0 || UsedBytes + bytes <= CapacityBytes);

    internal StoreInventory Read(Guid storeId) => new()
    {
        Space = new PoolReport(storeId, CapacityBytes, IsFull && CapacityBytes > 0 ? CapacityBytes : UsedBytes),
        Objects =
        [
            .. Images.Select(image => new StoreObject(image.Key, true, image.Value.Content.PhysicalSizeBytes, image.Value.ChangedAt))
                .Concat(Parts.Select(part => new StoreObject(part.Key, false, part.Value.Bytes, part.Value.ChangedAt)))
                .OrderBy(item => item.ImageId),
        ],
    };

    private long UsedBytes => Images.Values.Sum(image => image.Content.PhysicalSizeBytes) + Parts.Values.Sum(part => part.Bytes);
}

/// <summary>An image in a simulated store.</summary>
/// <param name="Content">What it is.</param>
/// <param name="ChangedAt">When it became whole.</param>
public sealed record FakeStoreImage(FakeSource Content, DateTimeOffset ChangedAt);

/// <summary>A part of an image in a simulated store.</summary>
/// <param name="WorkerId">Who writes it.</param>
/// <param name="ProcessId">In which boot of it.</param>
/// <param name="Bytes">How much of it there is.</param>
/// <param name="ChangedAt">When more of it came last.</param>
public sealed record FakeStorePart(Guid WorkerId, int ProcessId, long Bytes, DateTimeOffset ChangedAt);
