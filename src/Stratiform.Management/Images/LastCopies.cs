using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Storage;

namespace Stratiform.Management.Images;

/// <summary>Keeps the last copy of an image from being lost with its store, or its pool.</summary>
internal static class LastCopies
{
    /// <summary>Refuses while a template, ISO or volume has a copy in the store and none that is whole in another.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">Some have; the text names the first (536).</exception>
    public static async Task RequireNoneAsync(DbContext db, ImageStore store, CancellationToken ct)
    {
        var lost = db.Set<Template>().Where(t => t.KeptUntil == null && db.Set<StoreImage>().Any(i => i.StoreId == store.Id && i.TemplateId == t.Id)
            && !db.Set<StoreImage>().Any(i => i.StoreId != store.Id && i.TemplateId == t.Id && i.Ready));
        var (count, names) = await lost.CountAndNameAsync(t => t.Name, ct);
        if (count == 0) return;
        throw Refusal.InUse(
            $"The image store {store.Name} has {InTheWay.Some(count, "image")} that {(count == 1 ? "lies" : "lie")} in no other store: {names}. "
            + "Move what it has to another store (migrateSecondaryStorageData), or delete it (deleteTemplate, deleteIso, deleteVolume).");
    }

    /// <summary>Refuses while a template or ISO lies whole on the pool, and neither in a store nor on another pool; what hosts fetch directly comes again.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">Some do; the text names the first (536).</exception>
    public static async Task RequireNoneAsync(DbContext db, StoragePool pool, CancellationToken ct)
    {
        var lost = db.Set<Template>().Where(t => db.Set<PoolImage>().Any(i => i.PoolId == pool.Id && i.TemplateId == t.Id && i.Ready)
            && !(t.DirectDownload && t.Url.StartsWith("http"))
            && !db.Set<StoreImage>().Any(i => i.TemplateId == t.Id && i.Ready)
            && !db.Set<PoolImage>().Any(i => i.PoolId != pool.Id && i.TemplateId == t.Id && i.Ready));
        var (count, names) = await lost.CountAndNameAsync(t => t.Name, ct);
        if (count == 0) return;
        throw Refusal.InUse(
            $"The storage pool {pool.Name} has {InTheWay.Some(count, "image")} that {(count == 1 ? "lies" : "lie")} in no image store and on no other pool: {names}. "
            + "Give its zone an image store and register it anew, or delete it (deleteTemplate, deleteIso).");
    }
}
