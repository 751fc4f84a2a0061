using Stratiform.Linux;
using Stratiform.Protocol;
using Stratiform.Transfers;
using Stratiform.Transfers.Images;

namespace Stratiform.SystemVm.Stores;

/// <summary>A store that is a directory, usually of a mounted share; whoever else works in it sees images appear whole or not at all.</summary>
/// <param name="id">The store.</param>
/// <param name="folder">The directory.</param>
internal sealed class DirectoryStore(Guid id, string folder) : IStore
{
    private const string PartMark = ".partial";
    private const string ChecksumMark = ".checksum";

    /// <summary>Below this nothing new is begun.</summary>
    private const long LeastFreeBytes = 32L << 20;

    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private readonly string _images = Path.Combine(folder, "images");

    public Guid Id => id;

    public Task<StoreInventory> ReadAsync(CancellationToken ct) => InStoreAsync(() =>
    {
        var disk = new DriveInfo(folder);
        return new StoreInventory
        {
            Space = new PoolReport(id, disk.TotalSize, disk.TotalSize - disk.TotalFreeSpace),
            Objects = [.. Files().GroupBy(file => file.Image).Select(Object).OrderBy(found => found.ImageId)],
        };
    }, ct);

    public Task<StoredImage?> FindAsync(Guid imageId, CancellationToken ct) => InStoreAsync(() =>
    {
        var (image, checksum) = (new FileInfo(PathOf(imageId)), PathOf(imageId) + ChecksumMark);
        return image.Exists && File.Exists(checksum) ? new StoredImage(image.Length, File.ReadAllText(checksum).Trim()) : null;
    }, ct);

    public Task<Stream?> OpenAsync(Guid imageId, CancellationToken ct) => InStoreAsync<Stream?>(() =>
    {
        try
        {
            return new FileStream(PathOf(imageId), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0, useAsync: true);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }, ct);

    // A name of its own for each attempt: another worker that is believed dead may still write, and must not write into what is ours.
    // So nothing that was left is gone on with.
    public Task<string> BeginAsync(Guid imageId, CancellationToken ct) => InStoreAsync(() =>
    {
        Directory.CreateDirectory(_images);
        var isWhole = File.Exists(PathOf(imageId));
        foreach (var (_, rest, file) in FilesOf(imageId))
        {
            if (IsPart(rest) || !isWhole) file.Delete();
        }
        return new DriveInfo(folder).AvailableFreeSpace < LeastFreeBytes
            ? throw new HostException(HostErrorCode.NoSpace, $"The store {id} is full.")
            : $"{PathOf(imageId)}{PartMark}-{Protocol.Id.New<IStore>()}";
    }, ct);

    public Task FinishAsync(Guid imageId, ImageOrder made, CancellationToken ct) => InStoreAsync(() =>
    {
        var sum = made.Part + ChecksumMark;
        DurableFile.Write(sum, made.Checksum);
        File.SetUnixFileMode(sum, Readable);
        File.SetUnixFileMode(made.Part, Readable);
        File.Move(sum, PathOf(imageId) + ChecksumMark, overwrite: true);
        File.Move(made.Part, PathOf(imageId), overwrite: true);
        return true;
    }, ct);

    public Task DiscardAsync(string part, CancellationToken ct) => InStoreAsync(() =>
    {
        foreach (var left in Directory.EnumerateFiles(_images, Path.GetFileName(part) + "*")) File.Delete(left);
        return true;
    }, ct);

    public Task RemoveAsync(Guid imageId, CancellationToken ct) => InStoreAsync(() =>
    {
        Remove(imageId);
        return true;
    }, ct);

    private static StoreObject Object(IGrouping<Guid, Found> files) => new(
        files.Key,
        files.Any(file => file.Suffix.Length == 0),
        files.Sum(file => file.File.Length),
        files.Max(file => file.File.LastWriteTimeUtc));

    // The image first: without it the checksum means nothing.
    private void Remove(Guid imageId)
    {
        if (!Directory.Exists(_images)) return;
        File.Delete(PathOf(imageId));
        foreach (var (_, _, file) in FilesOf(imageId)) file.Delete();
    }

    private static bool IsPart(string rest) => rest.StartsWith(PartMark, StringComparison.Ordinal);

    private IReadOnlyList<Found> FilesOf(Guid imageId) => [.. Files().Where(file => file.Image == imageId)];

    private IReadOnlyList<Found> Files() => !Directory.Exists(_images) ? [] :
    [
        .. from file in new DirectoryInfo(_images).EnumerateFiles()
           where file.Name.Length >= 36 && Guid.TryParseExact(file.Name[..36], "D", out _)
           let rest = file.Name[36..]
           // Looked at now: it may be gone when its size is asked for.
           where (rest is "" or ChecksumMark || IsPart(rest)) && file.Exists
           select new Found(Guid.Parse(file.Name[..36]), rest, file),
    ];

    // A share that does not answer holds whoever asks it for as long as its mount allows.
    private async Task<T> InStoreAsync<T>(Func<T> look, CancellationToken ct)
    {
        try
        {
            return await Task.Run(look, ct);
        }
        catch (IOException full) when (DiskErrors.IsFull(full))
        {
            throw new HostException(HostErrorCode.NoSpace, $"The store {id} is full.");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            throw new HostException(HostErrorCode.Busy, $"The store {id} cannot be used: {DiskErrors.Reason(gone)}.");
        }
    }

    private string PathOf(Guid imageId) => Path.Combine(_images, imageId.ToString());

    /// <summary>A file of an image: itself, with no suffix, or what belongs to it.</summary>
    private sealed record Found(Guid Image, string Suffix, FileInfo File);
}
