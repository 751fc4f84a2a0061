using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Storage;

namespace Stratiform.Management.Images;

/// <summary>Which copies in image stores may go: those whose time is over, and those that lie whole in another store as well.</summary>
public sealed class SpareStoreImages(CloudDb db, TimeProvider clock)
{
    /// <summary>Copies of what was deleted, or was there for a while, or belonged to a volume that has gone; and what is not whole.</summary>
    public IQueryable<StoreImage> Unneeded()
    {
        var now = clock.GetUtcNow();
        return
            from image in db.Set<StoreImage>()
            join template in db.Set<Template>().IgnoreQueryFilters() on image.TemplateId equals template.Id
            // A disk that has no content yet may still need it on its pool.
            let isOver = template.RemovedAt != null || template.KeptUntil < now || template.VolumeId != null && template.State == TemplateState.Failed
                || db.Set<Volume>().Any(v => v.Id == template.VolumeId && v.RemovedAt != null)
            where !image.Ready || isOver
                && !db.Set<Volume>().Any(v => v.RemovedAt == null && v.TemplateId == template.Id && v.State != VolumeState.Ready)
            select image;
    }

    /// <summary>Whether this one may go now.</summary>
    public async Task<bool> MayGoAsync(StoreImage image, CancellationToken ct) =>
        await Unneeded().AnyAsync(i => i.Id == image.Id, ct)
        || await db.Set<StoreImage>().AnyAsync(other => other.TemplateId == image.TemplateId && other.Id != image.Id && other.Ready, ct);
}
