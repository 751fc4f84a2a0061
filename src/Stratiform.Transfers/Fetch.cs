using System.Net;

namespace Stratiform.Transfers;

/// <summary>A file to be fetched from outside, and the limits within which it may come.</summary>
public sealed record Fetch
{
    /// <summary>An http, https or nfs URL; a user and password in it are sent to its own host alone.</summary>
    public required Uri Source { get; init; }

    /// <summary>What grows. What is there already, with its origin known, is gone on with.</summary>
    public required IFetchTarget Into { get; init; }

    /// <summary>The file that grows, as a target.</summary>
    public static IFetchTarget File(string path) => new FileTarget(path);

    /// <summary>More than this is refused, bytes.</summary>
    public required long MaxBytes { get; init; }

    /// <summary>Where the URL must not lead: networks of the cloud's own. This host and its links are always among them.</summary>
    public IReadOnlyList<IPNetwork> Forbidden { get; init; } = [];

    /// <summary>Where it may lead all the same.</summary>
    public IReadOnlyList<IPNetwork> Allowed { get; init; } = [];

    /// <summary>A server that sends less than <see cref="LeastBytes"/> in so long is asked again.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Set when there is another way to the file: a server that is silent for so long at first, or fails before anything came, is not asked
    /// again, and the end is <see cref="FetchEnd.Unreachable"/>.
    /// </summary>
    public TimeSpan? Trial { get; init; }

    /// <summary>What counts as progress.</summary>
    public int LeastBytes { get; init; } = 64 << 10;

    /// <summary>After so many attempts without progress it is given up.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>Told of bytes as they come.</summary>
    public Action<int>? Taken { get; init; }

    /// <summary>Adds them up.</summary>
    public RunningSum? Sum { get; init; }

    /// <summary>The pause after the first attempt without progress; it doubles with each more.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>How a fetch ended.</summary>
public enum FetchEnd
{
    /// <summary>The file is whole.</summary>
    Done,
    /// <summary>The server has nothing there.</summary>
    NotThere,
    /// <summary>The URL leads where it must not.</summary>
    Forbidden,
    /// <summary>It is larger than allowed.</summary>
    TooLarge,
    /// <summary>The disk is full.</summary>
    NoSpace,
    /// <summary>It cannot be had, for the reason told.</summary>
    Failed,
    /// <summary>It came, and is not what it was said to be.</summary>
    Corrupt,
    /// <summary>The disk, or the share, that it goes to cannot be used.</summary>
    DiskFailed,
    /// <summary>Nothing came of it, and there is another way; see <see cref="Fetch.Trial"/>.</summary>
    Unreachable,
}

/// <summary>The end of a fetch.</summary>
/// <param name="End">How.</param>
/// <param name="Text">Why, as the rest of a sentence about the URL; empty when done.</param>
public sealed record FetchOutcome(FetchEnd End, string Text = "")
{
    /// <summary>The end that a disk made; null for an exception that no disk made.</summary>
    public static FetchOutcome? OfDisk(IOException broken) =>
        DiskErrors.IsFull(broken) ? new(FetchEnd.NoSpace, "the disk is full")
        : DiskErrors.IsOfDisk(broken) ? new(FetchEnd.DiskFailed, DiskErrors.Reason(broken))
        : null;
}
