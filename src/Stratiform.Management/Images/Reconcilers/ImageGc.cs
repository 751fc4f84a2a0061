using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Images.Workflows;
using Stratiform.Management.Storage;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Reconcilers;

/// <summary>
/// Takes the copies of deleted templates from pools, once no disk there is a clone of them or is still to become one, and from
/// stores; there also what never became whole, and the content of volumes that was there to be downloaded for a while.
/// </summary>
public sealed class ImageGc(CloudDb db, WorkflowQueue queue, TimeProvider clock) : IReconciler
{
    private const int AtOnce = 100;

    public TimeSpan Interval => TimeSpan.FromSeconds(60);

    public async Task ReconcileAsync(CancellationToken ct)
    {
        await CleanPoolsAsync(ct);
        await CleanStoresAsync(ct);
    }

    private async Task CleanPoolsAsync(CancellationToken ct)
    {
        var unused = await (
            from image in db.Set<PoolImage>()
            join template in db.Set<Template>().IgnoreQueryFilters() on image.TemplateId equals template.Id
            where template.RemovedAt != null
                // The filter that leaves removed rows out is off for the whole query.
                && !db.Set<Volume>().Any(v => v.RemovedAt == null && v.TemplateId == template.Id && (v.PoolId == image.PoolId || v.PoolId == null))
            orderby image.Id
            select image).Take(AtOnce).ToListAsync(ct);
        foreach (var image in unused) await queue.EnqueueUnlessPendingAsync(RemovePoolImage.For(image), ct);
    }

    private async Task CleanStoresAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var unused = await (
            from image in db.Set<StoreImage>()
            join template in db.Set<Template>().IgnoreQueryFilters() on image.TemplateId equals template.Id
            // A disk that has no content yet may still need it on its pool.
            let isOver = template.RemovedAt != null || template.KeptUntil < now || template.VolumeId != null && template.State == TemplateState.Failed
                || db.Set<Volume>().Any(v => v.Id == template.VolumeId && v.RemovedAt != null)
            where !image.Ready || isOver
                && !db.Set<Volume>().Any(v => v.RemovedAt == null && v.TemplateId == template.Id && v.State != VolumeState.Ready)
            orderby image.Id
            select image).Take(AtOnce).ToListAsync(ct);
        foreach (var image in unused) await queue.EnqueueUnlessPendingAsync(RemoveStoreImage.For(image), ct);
    }
}
