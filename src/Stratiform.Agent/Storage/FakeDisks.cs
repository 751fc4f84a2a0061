using System.Collections.Concurrent;
using Stratiform.Protocol;

namespace Stratiform.Agent.Storage;

/// <summary>The content of simulated pools and stores, and what the URLs of simulated images lead to.</summary>
public sealed class FakeDisks
{
    private readonly ConcurrentDictionary<Guid, FakeContent> _contents = new();
    private readonly ConcurrentDictionary<string, FakeStore> _stores = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<IFakeServer> _servers = [];

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

    /// <summary>Every store that was ever used, by URL.</summary>
    public IReadOnlyDictionary<string, FakeStore> Stores => _stores;

    /// <summary>The store at the URL, which all workers share.</summary>
    public FakeStore Store(string url) => _stores.GetOrAdd(url.TrimEnd('/'), at =>
        new FakeStore { CapacityBytes = at.StartsWith("nfs:", StringComparison.Ordinal) ? 1L << 40 : 0 });

    internal FakeContent Open(Guid poolId) => _contents.GetOrAdd(poolId, _ => new FakeContent());

    internal void Add(IFakeServer server) => _servers.Add(server);

    internal async Task<FakeSource> FindAsync(EnsureImage image, CancellationToken ct)
    {
        if (Sources.GetValueOrDefault(image.Source) is { } known) return known;
        var url = new Uri(image.Source);
        if (!IsOfAStore(url)) return new FakeSource(Format: image.Format);
        foreach (var server in _servers)
        {
            if (await server.ServeAsync(url, ct) is { } served) return served;
        }
        return new FakeSource(Failure: $"nobody listens at {url.Authority}");
    }

    /// <summary>What a host finds that reads a store itself; null when nothing answers, or has nothing there.</summary>
    internal FakeSource? FindInStore(Uri url)
    {
        var at = url.GetLeftPart(UriPartial.Path).Split("/images/");
        if (at is not [var place, var image] || !_stores.TryGetValue(place, out var store) || store.IsGone) return null;
        lock (store) return Guid.TryParse(image, out var id) ? store.Images.GetValueOrDefault(id)?.Content : null;
    }

    /// <summary>Posts an image by an upload link.</summary>
    /// <returns>Why it is not taken; null when it was.</returns>
    internal async Task<HostError?> PostAsync(EnsureVolumeSent to, FakeSource image, CancellationToken ct)
    {
        foreach (var server in _servers)
        {
            if (await server.TakeAsync(to, image, ct) is { } status)
                return status == 200 ? null : new(HostErrorCode.Busy, $"The volume {to.VolumeId} was not taken: the worker answered {status}.");
        }
        return new(HostErrorCode.Busy, $"The volume {to.VolumeId} was not taken: nobody listens at {new Uri(to.Url).Authority}.");
    }

    // Only workers have links of this form: nothing else is at such a URL.
    private static bool IsOfAStore(Uri url) => url.AbsolutePath.StartsWith(StoreLink.Root, StringComparison.Ordinal)
        && url.AbsolutePath[StoreLink.Root.Length..].Split('/') is [var store, var image, _]
        && Guid.TryParse(store, out _) && Guid.TryParse(image, out _);
}

/// <summary>Serves images at addresses of the simulated world.</summary>
internal interface IFakeServer
{
    /// <summary>What the URL leads to, or null when its address is none of this server's.</summary>
    Task<FakeSource?> ServeAsync(Uri url, CancellationToken ct);

    /// <summary>The status that a posted image is answered with, or null when the address is none of this server's.</summary>
    Task<int?> TakeAsync(EnsureVolumeSent to, FakeSource image, CancellationToken ct);
}

/// <summary>What a URL of a simulated image leads to.</summary>
/// <param name="VirtualSizeBytes">Virtual size.</param>
/// <param name="PhysicalSizeBytes">Bytes on a pool.</param>
/// <param name="Checksum">Its <c>{SHA-256}hex</c>; empty agrees with any.</param>
/// <param name="IsMissing">The server answers 404.</param>
/// <param name="IsCorrupt">It is no image, or a hostile one.</param>
/// <param name="Format">What it is.</param>
/// <param name="Failure">Why it cannot be had, as the rest of a sentence; empty for what can.</param>
public sealed record FakeSource(
    long VirtualSizeBytes = 2L << 30, long PhysicalSizeBytes = 256L << 20,
    string Checksum = "", bool IsMissing = false, bool IsCorrupt = false, ImageFormat Format = ImageFormat.Qcow2,
    string Failure = "");

/// <summary>What lies on a simulated pool. Lock it to look inside.</summary>
public sealed class FakeContent
{
    /// <summary>Whole images.</summary>
    public Dictionary<Guid, FakeSource> Images { get; } = [];

    /// <summary>Volumes.</summary>
    public Dictionary<Guid, FakeVolume> Volumes { get; } = [];

    /// <summary>Copies under way: polls so far.</summary>
    public Dictionary<Guid, int> Copies { get; } = [];

    /// <summary>Volumes that are sent, or were until somebody ended it.</summary>
    public Dictionary<Guid, FakeSending> Sendings { get; } = [];
}

/// <summary>The sending of a simulated volume.</summary>
/// <param name="AttemptId">Which attempt.</param>
/// <param name="Polls">How often it was asked for.</param>
/// <param name="IsDone">True once it was taken.</param>
public sealed record FakeSending(Guid AttemptId, int Polls = 0, bool IsDone = false);

/// <summary>A simulated volume.</summary>
/// <param name="SizeBytes">Virtual size.</param>
/// <param name="ImageId">The image that it is a clone of.</param>
public sealed record FakeVolume(long SizeBytes, Guid? ImageId);
