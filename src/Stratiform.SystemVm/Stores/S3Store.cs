using Stratiform.Protocol;
using Stratiform.Transfers;
using Stratiform.Transfers.Images;

namespace Stratiform.SystemVm.Stores;

/// <summary>
/// A store that is a bucket: an image is the object <c>images/UUID</c>, its checksum the object <c>images/UUID.checksum</c>, which is
/// there first (it is not known when the image's upload begins, so it cannot be the object's metadata). Images go there as they come,
/// or from the scratch disk where they were unpacked and converted.
/// </summary>
/// <param name="id">The store.</param>
/// <param name="bucket">The bucket.</param>
/// <param name="uploads">How many may come at once: each takes memory.</param>
/// <param name="scratch">Where parts lie.</param>
/// <param name="time">The clock.</param>
internal sealed class S3Store(Guid id, S3Bucket bucket, SemaphoreSlim uploads, Scratch scratch, TimeProvider time) : IStore
{
    private const string Root = "images/";
    private const string ChecksumMark = ".checksum";
    private const int NameLength = 36;
    private const int ChunkBytes = 256 << 10;

    public Guid Id => id;

    public async Task<StoreInventory> ReadAsync(CancellationToken ct)
    {
        var whole = await bucket.ListAsync(Root, ct);
        var found = whole.Where(o => ImageOf(o.Key) is not null)
            .Select(o => new Found(ImageOf(o.Key)!.Value, IsImage(o.Key), o.Size ?? 0, At(o.LastModified))).ToList();
        foreach (var part in await bucket.UploadsAsync(Root, ct))
        {
            if (ImageOf(part.Key) is { } image && await bucket.PartsAsync(part, ct) is { } parts)
                found.Add(new Found(image, false, parts.Bytes, At(parts.ChangedAt)));
        }
        return new StoreInventory
        {
            // A bucket has no size.
            Space = new PoolReport(id, 0, found.Sum(o => o.Bytes)),
            Objects =
            [
                .. found.GroupBy(o => o.Image).OrderBy(image => image.Key)
                    .Select(of => new StoreObject(of.Key, of.Any(o => o.IsWhole), of.Sum(o => o.Bytes), of.Max(o => o.ChangedAt))),
            ],
        };
    }

    public async Task<StoredImage?> FindAsync(Guid imageId, CancellationToken ct) =>
        await bucket.FindAsync(KeyOf(imageId), ct) is { } image && await bucket.ReadAsync(KeyOf(imageId) + ChecksumMark, ct) is { } checksum
            ? new StoredImage(image.Bytes, checksum.Trim())
            : null;

    public async Task<Stream?> OpenAsync(Guid imageId, CancellationToken ct) =>
        await bucket.FindAsync(KeyOf(imageId), ct) is { } image ? new S3Content(bucket, image) : null;

    // The image first: without it the checksum means nothing.
    public async Task RemoveAsync(Guid imageId, CancellationToken ct)
    {
        await AbortPartsAsync(imageId, ct);
        await bucket.DeleteAsync(KeyOf(imageId), ct);
        await bucket.DeleteAsync(KeyOf(imageId) + ChecksumMark, ct);
    }

    /// <summary>Fills an upload with the image: how that ended.</summary>
    public delegate Task<FetchOutcome> Fill(ImageOrder order, IFetchTarget into, CancellationToken ct);

    /// <summary>Takes an image as it is.</summary>
    /// <param name="image">What is wanted.</param>
    /// <param name="fill">Brings it.</param>
    /// <param name="begun">Told of the upload, which knows how far it is.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>How that ended; the image lies there when it is done.</returns>
    /// <exception cref="NotPlainException">It has to be unpacked; nothing of it was kept.</exception>
    public async Task<FetchOutcome> TakeAsync(EnsureImage image, Fill fill, Action<IFetchTarget> begun, CancellationToken ct)
    {
        try
        {
            await AbortPartsAsync(image.ImageId, ct);
            var order = ImageOrder.Of(image, new Uri(image.Source), part: "");
            return await TakeAsync(image.ImageId, order, upload =>
            {
                begun(upload);
                return fill(order, upload, ct);
            }, ct);
        }
        catch (InvalidDataException wrong)
        {
            return new(FetchEnd.Corrupt, wrong.Message);
        }
        catch (TooLargeException wrong)
        {
            return new(FetchEnd.TooLarge, wrong.Message);
        }
    }

    /// <inheritdoc/>
    public async Task<string> BeginAsync(Guid imageId, CancellationToken ct)
    {
        await AbortPartsAsync(imageId, ct);
        return await scratch.BeginAsync(imageId, ct);
    }

    /// <inheritdoc/>
    public Task FinishAsync(Guid imageId, ImageOrder made, CancellationToken ct) => TakeAsync(imageId, made, async upload =>
    {
        await using var part = new FileStream(made.Part, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
        await using var to = upload.Open(new Origin(part.Length, Validator: null), 0);
        var chunk = new byte[ChunkBytes];
        while (await part.ReadAsync(chunk, ct) is var read and > 0)
        {
            await to.WriteAsync(chunk.AsMemory(0, read), ct);
            if (upload.IsFull) await upload.MakeRoomAsync(ct);
        }
        return new(FetchEnd.Done);
    }, ct);

    /// <inheritdoc/>
    public Task DiscardAsync(string part, CancellationToken ct) => scratch.EndAsync(part);

    private async Task<FetchOutcome> TakeAsync(Guid imageId, ImageOrder order, Func<S3Upload, Task<FetchOutcome>> fill, CancellationToken ct)
    {
        await uploads.WaitAsync(ct);
        using var upload = new S3Upload(bucket, KeyOf(imageId), order, time);
        var isThere = false;
        try
        {
            var outcome = await fill(upload);
            if (outcome.End != FetchEnd.Done) return outcome;
            var sum = await upload.EndAsync(ct);
            await bucket.WriteAsync(KeyOf(imageId) + ChecksumMark, sum.ToString(), ct);
            await upload.CompleteAsync(ct);
            isThere = true;
            return outcome;
        }
        finally
        {
            if (!isThere) await DiscardAsync(imageId, upload);
            uploads.Release();
        }
    }

    private async Task DiscardAsync(Guid imageId, S3Upload upload)
    {
        try
        {
            await upload.AbortAsync(CancellationToken.None);
            if (await bucket.FindAsync(KeyOf(imageId), CancellationToken.None) is null)
                await bucket.DeleteAsync(KeyOf(imageId) + ChecksumMark, CancellationToken.None);
        }
        catch (HostException)
        {
            // Gone with its store for now; who begins anew throws it away, or the cloud, which misses its name.
        }
    }

    private async Task AbortPartsAsync(Guid imageId, CancellationToken ct)
    {
        foreach (var part in await bucket.UploadsAsync(KeyOf(imageId), ct)) await bucket.AbortAsync(part.Key, part.UploadId, ct);
    }

    private static DateTimeOffset At(DateTime? time) => new((time ?? DateTime.UnixEpoch).ToUniversalTime());

    private static string KeyOf(Guid imageId) => Root + imageId;

    private static bool IsImage(string key) => key.Length == Root.Length + NameLength;

    private static Guid? ImageOf(string key) =>
        key.Length >= Root.Length + NameLength && Guid.TryParseExact(key.AsSpan(Root.Length, NameLength), "D", out var image)
        && (IsImage(key) || key.AsSpan(Root.Length + NameLength) is ChecksumMark) ? image : null;

    /// <summary>An object of an image, or what has come of one.</summary>
    private sealed record Found(Guid Image, bool IsWhole, long Bytes, DateTimeOffset ChangedAt);
}
