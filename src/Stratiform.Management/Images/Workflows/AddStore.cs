using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Workflows;

/// <summary>
/// Looks whether a worker reaches a new image store. In a zone where none works yet the first one that boots uses the store, and a
/// transfer that cannot says why.
/// </summary>
public sealed class AddStore(CloudDb db, Hosts hosts, IWorkers workers, TimeProvider clock) : Workflow<AddStore.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="StoreId">The store.</param>
    public sealed record Memory(Id<ImageStore> StoreId);

    public static Order<AddStore> For(ImageStore store) => new()
    {
        State = new Memory(store.Id),
        Subjects = [store.Subject],
        InstanceKind = nameof(ImageStore),
        InstanceId = store.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(AskForWorkers).Undo(RemoveStore)
        .Until(AWorkerReachesIt, TimeSpan.FromMinutes(2));

    private Task<ImageStore?> FindAsync(CancellationToken ct) => db.Set<ImageStore>().SingleOrDefaultAsync(s => s.Id == State.StoreId, ct);

    private async Task<ImageStore> StoreAsync(CancellationToken ct) => await FindAsync(ct) ?? throw Refusal.Parameter("The image store was deleted.");

    private async Task AskForWorkers(CancellationToken ct)
    {
        var zone = (await StoreAsync(ct)).ZoneId;
        InCommit((commit, token) => workers.StoresChangedAsync(commit, zone, token));
    }

    private async Task RemoveStore(CancellationToken ct)
    {
        if (await FindAsync(ct) is not { } store) return;
        store.Remove(clock.GetUtcNow());
        InCommit((commit, token) => workers.StoresChangedAsync(commit, store.ZoneId, token));
    }

    private async Task<bool> AWorkerReachesIt(CancellationToken ct)
    {
        var store = await StoreAsync(ct);
        if (!await workers.AnyRunsAsync(store.ZoneId, ct)) return true;
        // One that does not know the store yet is about to be told.
        if (await workers.AnyAsync(store.ZoneId, ct) is not { } by) return false;
        store.Measure((await hosts.ReadAsync(by.HostId, new ReadStore(by.WorkerId, store.Id.Value), ct)).Space);
        return true;
    }
}
