using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Storage;
using Stratiform.Protocol;

namespace Stratiform.Management.Images;

/// <summary>
/// Which copies of templates on pools may go: those that no disk there is a clone of or is still to become one; and if the template
/// lives on, only those that can come again.
/// </summary>
public sealed class SparePoolImages(CloudDb db)
{
    /// <summary>Copies of deleted templates.</summary>
    public IQueryable<PoolImage> OfDeleted() =>
        Unneeded().Where(i => db.Set<Template>().IgnoreQueryFilters().Any(t => t.Id == i.TemplateId && t.RemovedAt != null));

    /// <summary>
    /// Copies of templates that live on and rest in a store, on another pool, or where whoever registered them had hosts fetch them from.
    /// What else came by a URL may be gone there; what is on pools is then all there is. ISOs are in drives, of which this slice knows
    /// nothing.
    /// </summary>
    public IQueryable<PoolImage> ThatCanComeAgain() => Unneeded().Where(i =>
        db.Set<Template>().Any(t => t.Id == i.TemplateId && t.RemovedAt == null && t.Format != ImageFormat.Iso
            && (t.DirectDownload && t.Url.StartsWith("http")
                || db.Set<StoreImage>().Any(s => s.TemplateId == t.Id && s.Ready)
                || db.Set<PoolImage>().Any(other => other.TemplateId == t.Id && other.Ready && other.Id != i.Id))));

    /// <summary>Copies that no disk needs, whatever becomes of their templates.</summary>
    public IQueryable<PoolImage> Unneeded() => db.Set<PoolImage>().IgnoreQueryFilters().Where(i =>
        // The filter that leaves removed rows out is off for the whole query.
        !db.Set<Volume>().Any(v => v.RemovedAt == null && v.TemplateId == i.TemplateId && (v.PoolId == i.PoolId || v.PoolId == null)));

    /// <summary>Whether this one may go now.</summary>
    public async Task<bool> MayGoAsync(Id<PoolImage> image, CancellationToken ct) =>
        await OfDeleted().AnyAsync(i => i.Id == image, ct) || await ThatCanComeAgain().AnyAsync(i => i.Id == image, ct);
}
