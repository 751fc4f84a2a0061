using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Images.Workflows;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Reconcilers;

/// <summary>
/// Takes from stores what no row names and no unfinished workflow remembers, once it has rested for a while: what workers wrote late
/// or died with. What is not called as we call things is not even seen, and stays.
/// </summary>
/// <remarks>
/// A store is read before rows and workflows are, and an attempt is named before it writes: no moment of an attempt looks like an
/// orphan, whatever the clocks say. The rest is for a worker that was given up and writes still: what it writes would come again, as
/// would its failure, until it ends.
/// </remarks>
public sealed class StoreScavenging(
    CloudDb db, StoreContents contents, AttemptsAtWork attempts, WorkflowQueue queue, LiveSettings settings, TimeProvider clock)
    : IReconciler
{
    private const int AtOnce = 100;
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(10);

    public TimeSpan Interval => TimeSpan.FromSeconds(settings.Get(ImageSettings.CleanupSeconds));

    public async Task ReconcileAsync(CancellationToken ct)
    {
        if (!settings.Get(ImageSettings.Cleanup)) return;
        foreach (var store in await contents.ReadAsync(ct))
        {
            if (store.Content is not { } content) continue;
            foreach (var orphan in await OrphansAsync(store.Id, content, ct))
                await queue.EnqueueUnlessPendingAsync(RemoveStoreOrphan.For(store.Id, orphan), ct);
        }
    }

    private async Task<IReadOnlyList<Guid>> OrphansAsync(Id<ImageStore> store, StoreInventory content, CancellationToken ct)
    {
        var rested = clock.GetUtcNow() - Rest;
        var named = await db.Set<StoreImage>().Where(i => i.StoreId == store).Select(i => i.ObjectId).ToHashSetAsync(ct);
        var orphans = content.Objects.Where(o => o.ChangedAt < rested && !named.Contains(o.ImageId)).Select(o => o.ImageId).Take(AtOnce).ToList();
        if (orphans.Count == 0) return orphans;
        var remembered = await attempts.ReadAsync(except: null, ct);
        return [.. orphans.Where(o => !remembered.Contains(o))];
    }
}
