using Microsoft.EntityFrameworkCore;

namespace Stratiform.Workflows;

/// <summary>Makes a duty due at once, after something happened that it cares for.</summary>
public sealed class Duties(DbContext db, TimeProvider clock, WorkSignal signal)
{
    /// <summary>Sets the reconciler's time to now. It is only a hint: if it is lost, the interval does.</summary>
    public async Task NudgeAsync<TReconciler>(CancellationToken ct) where TReconciler : IReconciler
    {
        var (name, now) = (typeof(TReconciler).Name, clock.GetUtcNow());
        await db.Set<ReconcilerRow>().Where(r => r.Name == name && r.Due > now)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.Due, now), ct);
        signal.Reconcilers.Pulse();
    }
}
