using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Images.Workflows;
using Stratiform.Management.Settings;
using Stratiform.Management.Storage;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Reconcilers;

/// <summary>
/// Takes the copies of deleted templates from pools, once no disk there is a clone of them or is still to become one, and from
/// stores; there also what never became whole, and the content of volumes that was there to be downloaded for a while. Copies of
/// templates that live on go from pools when nothing has needed them for a while, or at once where room runs short.
/// </summary>
public sealed class ImageGc(CloudDb db, SparePoolImages spare, SpareStoreImages stores, WorkflowQueue queue, LiveSettings settings, TimeProvider clock)
    : IReconciler
{
    private const int AtOnce = 100;

    public TimeSpan Interval => TimeSpan.FromSeconds(settings.Get(ImageSettings.CleanupSeconds));

    public async Task ReconcileAsync(CancellationToken ct)
    {
        if (!settings.Get(ImageSettings.Cleanup)) return;
        await CleanPoolsAsync(ct);
        await CleanStoresAsync(ct);
    }

    private async Task CleanPoolsAsync(CancellationToken ct)
    {
        await NoteUseAsync(ct);
        var unused = await spare.OfDeleted().OrderBy(i => i.Id).Take(AtOnce).ToListAsync(ct);
        if (settings.Get(ImageSettings.CleanUpTemplates)) unused.AddRange(await RestedAsync(ct));
        foreach (var image in unused) await queue.EnqueueUnlessPendingAsync(RemovePoolImage.For(image), ct);
    }

    private async Task NoteUseAsync(CancellationToken ct)
    {
        var (now, unneeded) = (clock.GetUtcNow(), spare.Unneeded().Select(i => i.Id));
        await db.Set<PoolImage>().Where(i => i.Ready && i.UnusedSince == null && unneeded.Contains(i.Id))
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.UnusedSince, now), ct);
        await db.Set<PoolImage>().Where(i => i.UnusedSince != null && !unneeded.Contains(i.Id))
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.UnusedSince, (DateTimeOffset?)null), ct);
    }

    private async Task<List<PoolImage>> RestedAsync(CancellationToken ct)
    {
        var rested = clock.GetUtcNow() - TimeSpan.FromSeconds(settings.Get(ImageSettings.CleanupDelaySeconds));
        var full = settings.Get(StorageSettings.DisableThreshold);
        return await spare.ThatCanComeAgain()
            .Where(i => i.UnusedSince != null && (i.UnusedSince < rested || db.Set<StoragePool>().Any(p => p.Id == i.PoolId && p.UsedBytes > p.CapacityBytes * full)))
            .OrderBy(i => i.UnusedSince).ThenBy(i => i.Id).Take(AtOnce).ToListAsync(ct);
    }

    private async Task CleanStoresAsync(CancellationToken ct)
    {
        var unused = await stores.Unneeded().OrderBy(i => i.Id).Take(AtOnce).ToListAsync(ct);
        foreach (var image in unused) await queue.EnqueueUnlessPendingAsync(RemoveStoreImage.For(image), ct);
    }
}
