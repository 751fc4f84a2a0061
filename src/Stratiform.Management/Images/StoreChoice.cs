using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images;

/// <summary>
/// Chooses the store that an image goes to, whoever brings it: the one with the most room, a bucket before all since it is never full.
/// What must be worked on first goes to a share where one has room, and what is full is passed over while there is another.
/// </summary>
public sealed class StoreChoice(CloudDb db, LiveSettings settings)
{
    /// <summary>A store of the zone; null when it has none that takes new images, however empty.</summary>
    /// <exception cref="CloudException">All that do are full.</exception>
    public async Task<ImageStore?> FindAsync(Id<Zone> zone, StoreNeed need, CancellationToken ct)
    {
        var stores = await db.Set<ImageStore>().AsNoTracking().Where(s => s.ZoneId == zone).OrderBy(s => s.Id).ToListAsync(ct);
        var open = Open([.. stores.Select(s => new StoreRoom(s))]);
        return open.Count == 0 ? null : (First(open, need, 0) ?? throw Full(open)).Store;
    }

    /// <summary>As <see cref="FindAsync"/>, for what must lie somewhere.</summary>
    /// <exception cref="CloudException">The zone has no store that takes new images, or all of them are full.</exception>
    public async Task<ImageStore> RequireAsync(Zone zone, StoreNeed need, CancellationToken ct) => await FindAsync(zone.Id, need, ct)
        ?? throw Refusal.Parameter($"The zone {zone.Name} has no image store that takes new images; add one (addImageStore).");

    /// <summary>The one among these that an image of so many bytes goes to; null when none of them takes it.</summary>
    internal StoreRoom? Find(IReadOnlyList<StoreRoom> rooms, StoreNeed need, long bytes) => First(Open(rooms), need, bytes);

    private double Threshold => settings.Get(ImageSettings.StoreThreshold);

    // The way to a bucket is by a worker's scratch disk for what is worked on, which has less room than a share.
    private StoreRoom? First(List<StoreRoom> open, StoreNeed need, long bytes) => open.Where(room => room.FullWith(bytes) < Threshold)
        .OrderBy(room => need == StoreNeed.RatherAShare && room.Store.IsBucket)
        .ThenByDescending(room => room.FreeBytes)
        .FirstOrDefault();

    private static List<StoreRoom> Open(IReadOnlyList<StoreRoom> rooms) => [.. rooms.Where(room => !room.Store.IsReadOnly)];

    private CloudException Full(List<StoreRoom> open)
    {
        var each = string.Join(", ", open.Select(room => string.Create(CultureInfo.InvariantCulture, $"{room.Store.Name} to {100 * room.FullWith(0):0} %")));
        return Refusal.Capacity(string.Create(CultureInfo.InvariantCulture,
            $"No image store of the zone has room: in use is {each}, and new images are taken below {100 * Threshold:0.#} % ({ImageSettings.StoreThreshold.Name}). ")
            + "Add a store (addImageStore), move images to another (migrateSecondaryStorageData), or delete some (deleteTemplate, deleteIso).");
    }
}

/// <summary>What an image asks of its store.</summary>
public enum StoreNeed
{
    /// <summary>It comes as it is kept.</summary>
    Any,
    /// <summary>It must be unpacked or converted, which is done in a share itself, but not in a bucket.</summary>
    RatherAShare,
}

/// <summary>A store's room while images are given out to it.</summary>
internal sealed class StoreRoom(ImageStore store)
{
    private long _usedBytes = store.UsedBytes;

    public ImageStore Store => store;

    /// <summary>Bytes that still fit; more than any share has where there is no end.</summary>
    public long FreeBytes => store.CapacityBytes > 0 ? store.CapacityBytes - _usedBytes : store.IsBucket ? long.MaxValue : 0;

    /// <summary>How full it would be with so much more, up to 1; 0 while its size is not known.</summary>
    public double FullWith(long bytes) => store.CapacityBytes > 0 ? (double)(_usedBytes + bytes) / store.CapacityBytes : 0;

    /// <summary>So much more lies there, or less.</summary>
    public void Take(long bytes) => _usedBytes += bytes;
}
