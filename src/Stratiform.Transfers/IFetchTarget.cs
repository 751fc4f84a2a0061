using Stratiform.Linux;

namespace Stratiform.Transfers;

/// <summary>Where what is fetched goes: it grows at its end, and remembers what it is the beginning of.</summary>
public interface IFetchTarget
{
    /// <summary>Bytes that are there.</summary>
    long LengthBytes { get; }

    /// <summary>What they are of; null when that is not known.</summary>
    Origin? Origin { get; }

    /// <summary>True when nothing more should be written before <see cref="MakeRoomAsync"/>.</summary>
    bool IsFull { get; }

    /// <summary>Takes bytes of the origin from an offset on, which is 0 or where it ends.</summary>
    Stream Open(Origin origin, long from);

    /// <summary>Takes its time to be able to take more; whoever sends must not be blamed for it.</summary>
    Task MakeRoomAsync(CancellationToken ct);

    /// <summary>Nothing is there any more.</summary>
    void Clear();
}

/// <summary>A file that grows, with what is known of its origin beside it.</summary>
/// <param name="path">The file.</param>
internal sealed class FileTarget(string path) : IFetchTarget
{
    public long LengthBytes => File.Exists(path) ? new FileInfo(path).Length : 0;

    public Origin? Origin => Origin.Read(Fetcher.OriginOf(path));

    public bool IsFull => false;

    public Stream Open(Origin origin, long from)
    {
        origin.Write(Fetcher.OriginOf(path));
        return new GrowingFile(path, from);
    }

    public Task MakeRoomAsync(CancellationToken ct) => Task.CompletedTask;

    public void Clear()
    {
        File.Delete(path);
        File.Delete(Fetcher.OriginOf(path));
    }
}
