using Stratiform.Protocol;

namespace Stratiform.SystemVm.Stores;

/// <summary>What becomes an image in a store: fetched from somewhere, or awaited from somebody.</summary>
internal interface IImageJob
{
    /// <summary>Whether an image may still come of it.</summary>
    bool IsUnderWay { get; }

    /// <summary>How far it is; never less than it said before.</summary>
    int Percent { get; }

    /// <summary>Why it ended without an image; null when it did not.</summary>
    Task<HostError?> ErrorAsync();

    /// <summary>Ends it, and returns when nothing of it runs any more.</summary>
    Task CancelAsync(CancellationToken ct);
}
