using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Storage.Workflows;
using Stratiform.Workflows;

namespace Stratiform.Management.Storage.Reconcilers;

/// <summary>Goes on with deleting volumes where that failed half-way.</summary>
public sealed class ExpungeVolumes(CloudDb db, WorkflowQueue queue) : IReconciler
{
    private const int AtOnce = 100;

    public TimeSpan Interval => TimeSpan.FromSeconds(60);

    public async Task ReconcileAsync(CancellationToken ct)
    {
        var half = await db.Set<Volume>().Where(v => v.State == VolumeState.Expunging).OrderBy(v => v.Id).Take(AtOnce).ToListAsync(ct);
        foreach (var volume in half) await queue.EnqueueUnlessPendingAsync(DeleteVolume.For(volume), ct);
    }
}
