using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Workflows;

/// <summary>
/// Removes from an image store what no row names: a worker that was given up has written it late, or died with it. Nothing is undone:
/// what failed is asked for again by <see cref="Reconcilers.StoreScavenging"/>.
/// </summary>
public sealed class RemoveStoreOrphan(CloudDb db, Hosts hosts, IWorkers workers, AttemptsAtWork attempts)
    : Workflow<RemoveStoreOrphan.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="StoreId">The store.</param>
    /// <param name="ObjectId">What it is called there.</param>
    public sealed record Memory(Id<ImageStore> StoreId, Guid ObjectId);

    public static Order<RemoveStoreOrphan> For(Id<ImageStore> store, Guid objectId) => new()
    {
        State = new Memory(store, objectId),
        Subjects = [new(SubjectKinds.Leftover, objectId)],
        InstanceKind = nameof(ImageStore),
        InstanceId = store.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(RemoveObject);

    // Looked at again just before it goes.
    private async Task RemoveObject(CancellationToken ct)
    {
        if (await db.Set<ImageStore>().SingleOrDefaultAsync(s => s.Id == State.StoreId, ct) is not { } store) return;
        if (await db.Set<StoreImage>().AnyAsync(i => i.StoreId == State.StoreId && i.ObjectId == State.ObjectId, ct)
            || (await attempts.ReadAsync(except: Row.Id, ct)).Contains(State.ObjectId))
            throw Refusal.Conflict($"The image {State.ObjectId} in {store.Name} belongs to a template: it stays.");
        var by = await workers.RequireAsync(store.ZoneId, ct);
        await hosts.EnsureAsync(by.HostId, new Subject(SubjectKinds.Leftover, State.ObjectId), new EnsureNoImageInStore(by.WorkerId, store.Id.Value, State.ObjectId), ct);
    }
}
