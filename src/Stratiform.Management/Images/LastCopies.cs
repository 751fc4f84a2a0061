using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;

namespace Stratiform.Management.Images;

/// <summary>Keeps the last copy of an image from being lost with its store.</summary>
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
}
