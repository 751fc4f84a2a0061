using Stratiform.Protocol;
using Stratiform.Transfers.Images;

namespace Stratiform.SystemVm.Stores;

/// <summary>A place where images lie whole, each with its checksum, and nothing else is seen.</summary>
internal interface IStore
{
    Guid Id { get; }

    /// <summary>Space and content, parts too.</summary>
    Task<StoreInventory> ReadAsync(CancellationToken ct);

    /// <summary>A whole image; null when there is none.</summary>
    Task<StoredImage?> FindAsync(Guid imageId, CancellationToken ct);

    /// <summary>Opens a whole image; null when there is none.</summary>
    Task<Stream?> OpenAsync(Guid imageId, CancellationToken ct);

    /// <summary>Throws away what others have left of the image and names a file, which is not there yet, where it may become whole.</summary>
    /// <exception cref="HostException">There is no room.</exception>
    Task<string> BeginAsync(Guid imageId, CancellationToken ct);

    /// <summary>Gives the part its image's name.</summary>
    /// <param name="imageId">The image.</param>
    /// <param name="made">The part, from <see cref="BeginAsync"/> and on the disk, and what it adds up to.</param>
    /// <param name="ct">Gives up.</param>
    Task FinishAsync(Guid imageId, ImageOrder made, CancellationToken ct);

    /// <summary>Removes one part and what lies beside it.</summary>
    Task DiscardAsync(string part, CancellationToken ct);

    /// <summary>Removes the image and all parts of it.</summary>
    Task RemoveAsync(Guid imageId, CancellationToken ct);
}

/// <summary>An image in a store.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Checksum"><c>{SHA-256}hex</c>.</param>
internal sealed record StoredImage(long Bytes, string Checksum);
