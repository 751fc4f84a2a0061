using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Images;

namespace Stratiform.Management.Audit;

/// <summary>Compares what lies in image stores, as their workers see it, with what the database wants there.</summary>
internal sealed class StoresAudit(CloudDb db, AttemptsAtWork attempts)
{
    public async Task CompareAsync(IReadOnlyList<StoreAnswer> answers, Findings findings, CancellationToken ct)
    {
        var images = (await db.Set<StoreImage>().Select(i => new { i.StoreId, i.ObjectId, i.Ready }).ToListAsync(ct)).ToLookup(i => i.StoreId);
        var remembered = await attempts.ReadAsync(except: null, ct);
        foreach (var store in answers)
        {
            if (store.Content is not { } content)
            {
                findings.CannotRead(store.Name, store.Error);
                continue;
            }
            var there = content.Objects.Select(o => o.ImageId).ToHashSet();
            var wanted = images[store.Id].Where(i => i.Ready).Select(i => i.ObjectId).ToHashSet();
            // A row that is not ready is worked on, or collected; either way it owns what there is.
            findings.Compare(new(store.Name, store.Id.Value), LeakKinds.Image, there, wanted, images[store.Id].Select(i => i.ObjectId).ToHashSet(), remembered);
        }
    }
}
