namespace Stratiform.Protocol;

/// <summary>
/// One event of the watch stream (<c>GET watch</c>, server-sent events, event name = kind in lower case, data = JSON):
/// a full snapshot first, then changes, and a heartbeat every few seconds.
/// </summary>
public sealed record WatchEvent
{
    /// <summary>What kind of event.</summary>
    public required WatchKind Kind { get; init; }
    /// <summary>The host's boot id.</summary>
    public required string BootId { get; init; }
    /// <summary>Grows by one with each event of this stream's host since its agent started.</summary>
    public required long Sequence { get; init; }
    /// <summary>Domains: all of them in a snapshot, the changed ones in a change.</summary>
    public IReadOnlyList<DomainReport> Domains { get; init; } = [];
    /// <summary>Space of pools: all in a snapshot, changed ones in a change.</summary>
    public IReadOnlyList<PoolReport> Pools { get; init; } = [];
    /// <summary>Names of all system-VM images that are installed, sorted: in a snapshot, and when there are others; null for as before.</summary>
    public IReadOnlyList<string>? Images { get; init; }
}

/// <summary>Kinds of <see cref="WatchEvent"/>.</summary>
public enum WatchKind
{
    /// <summary>Everything as it is.</summary>
    Snapshot,
    /// <summary>What differs from before.</summary>
    Change,
    /// <summary>Nothing differs; the host is there.</summary>
    Heartbeat,
}
