using System.Collections.Concurrent;
using Stratiform.Protocol;

namespace Stratiform.SystemVm.Stores;

/// <summary>
/// The stores that this worker knows. One that does not answer hurts only those who ask for it: it is tried again each time.
/// </summary>
/// <param name="root">Folder with a folder for each.</param>
/// <param name="mounts">What lays shares there.</param>
/// <param name="scratch">Where images are worked on that go to buckets.</param>
/// <param name="time">The clock.</param>
internal sealed class StoreShelf(string root, IMounts mounts, Scratch scratch, TimeProvider time)
{
    // Each holds a part of an image in memory.
    private const int MostUploads = 3;
    private readonly ConcurrentDictionary<Guid, Known> _stores = new();

    private SemaphoreSlim Uploads { get; } = new(MostUploads, MostUploads);

    /// <summary>These are known, and no others; those that answer are at hand.</summary>
    /// <exception cref="HostException">An address cannot be used; nothing has changed.</exception>
    public async Task EnsureAsync(IReadOnlyList<StoreAddress> stores, CancellationToken ct)
    {
        var wanted = stores.ToDictionary(store => store.StoreId, store => (object?)S3Place.TryParse(store) ?? NfsShare.Parse(store));
        foreach (var gone in _stores.Keys.Where(known => !wanted.ContainsKey(known))) _stores.TryRemove(gone, out _);
        foreach (var (id, place) in wanted) Know(id, place);
        foreach (var folder in Directory.Exists(root) ? Directory.GetDirectories(root) : [])
        {
            if (!Guid.TryParse(Path.GetFileName(folder), out var id) || !wanted.ContainsKey(id)) await mounts.EnsureAbsentAsync(folder, ct);
        }
        await Task.WhenAll(wanted.Keys.Select(id => TryAsync(id, ct)));
    }

    /// <summary>Whether it is one of them.</summary>
    public bool Knows(Guid storeId) => _stores.ContainsKey(storeId);

    /// <summary>A store that answers.</summary>
    /// <exception cref="HostException">It is none of ours, or does not answer now.</exception>
    public async Task<IStore> RequireAsync(Guid storeId, CancellationToken ct)
    {
        if (!_stores.TryGetValue(storeId, out var store))
            throw new HostException(HostErrorCode.Busy, $"This worker does not know the store {storeId} yet.");
        if (store.Objects is { } objects) return objects;
        var folder = Path.Combine(root, storeId.ToString());
        await store.Turn.WaitAsync(ct);
        try
        {
            await mounts.EnsureAsync(store.Share!, folder, ct);
        }
        finally
        {
            store.Turn.Release();
        }
        return new DirectoryStore(storeId, folder);
    }

    private void Know(Guid id, object place)
    {
        var known = _stores.GetOrAdd(id, _ => new Known());
        known.Share = place as NfsShare;
        if (place is not S3Place at) known.Objects = null;
        // What is under way goes on by the client that it has.
        else if (known.Objects is null || at != known.At) known.Objects = new S3Store(id, new S3Bucket(id, at), Uploads, scratch, time);
        known.At = place as S3Place;
    }

    private async Task TryAsync(Guid id, CancellationToken ct)
    {
        try
        {
            await RequireAsync(id, ct);
        }
        catch (HostException away) when (away.Code == HostErrorCode.Busy)
        {
            // Who needs it hears of it.
        }
    }

    /// <summary>A store that we were told of.</summary>
    private sealed class Known
    {
        public volatile NfsShare? Share;
        public volatile S3Store? Objects;
        public S3Place? At { get; set; }

        // Two must not mount the same share over each other.
        public SemaphoreSlim Turn { get; } = new(1, 1);
    }
}
