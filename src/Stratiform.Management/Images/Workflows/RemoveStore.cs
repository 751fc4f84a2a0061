using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Workflows;

/// <summary>
/// Takes an image store out of its zone, with copies that lie in others as well or belong to deleted templates. What else lies in it stays.
/// </summary>
public sealed class RemoveStore(CloudDb db, Hosts hosts, StoreSources sources, IWorkers workers, TimeProvider clock) : Workflow<RemoveStore.Memory>
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(6);

    /// <summary>What the steps remember.</summary>
    /// <param name="StoreId">The store.</param>
    /// <param name="WasReadOnly">A failure leads back to this.</param>
    public sealed record Memory(Id<ImageStore> StoreId, bool? WasReadOnly = null);

    public static Order<RemoveStore> For(ImageStore store, IReadOnlyList<StoreImage> images) => new()
    {
        State = new Memory(store.Id),
        Subjects = [store.Subject, .. images.Select(i => i.Subject)],
        InstanceKind = nameof(ImageStore),
        InstanceId = store.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(TakeOutOfUse).Undo(PutBack)
        .Until(NobodyReadsThem, Patience)
        .Do(RemoveImages)
        .Do(MarkRemoved);

    private async Task<ImageStore> StoreAsync(CancellationToken ct) =>
        await db.Set<ImageStore>().SingleOrDefaultAsync(s => s.Id == State.StoreId, ct) ?? throw Refusal.Parameter("The image store was deleted.");

    private async Task TakeOutOfUse(CancellationToken ct)
    {
        var store = await StoreAsync(ct);
        State = State with { WasReadOnly = State.WasReadOnly ?? store.IsReadOnly };
        // A copy that may be gone is verified before it is used again.
        foreach (var image in await HeldImagesAsync(ct)) image.TakeOutOfUse();
        InCommit((commit, token) => RequireUnusedAsync(commit, store, token));
    }

    private static async Task RequireUnusedAsync(DbContext commit, ImageStore store, CancellationToken ct)
    {
        await LastCopies.HoldZoneAsync(commit, store.ZoneId, ct);
        await ImageStore.CloseAsync(commit, store.Id, ct);
        await LastCopies.RequireNoneAsync(commit, store, ct);
    }

    private async Task PutBack(CancellationToken ct)
    {
        if (State.WasReadOnly is { } before) (await StoreAsync(ct)).IsReadOnly = before;
    }

    private async Task<bool> NobodyReadsThem(CancellationToken ct) => !await sources.AreReadAsync([.. (await ImagesAsync(ct)).Select(i => i.Id)], ct);

    private async Task RemoveImages(CancellationToken ct)
    {
        var store = await StoreAsync(ct);
        foreach (var image in await HeldImagesAsync(ct))
        {
            var by = await workers.RequireAsync(store.ZoneId, ct);
            await hosts.EnsureAsync(by.HostId, image.Subject, new EnsureNoImageInStore(by.WorkerId, store.Id.Value, image.ObjectId), ct);
            db.Remove(image);
        }
    }

    private async Task MarkRemoved(CancellationToken ct)
    {
        var store = await StoreAsync(ct);
        store.Remove(clock.GetUtcNow());
        InCommit((commit, token) => workers.StoresChangedAsync(commit, store.ZoneId, token));
    }

    private async Task<List<StoreImage>> HeldImagesAsync(CancellationToken ct)
    {
        var images = await ImagesAsync(ct);
        return images.TrueForAll(i => Row.Subjects.Contains(i.Subject.ToString())) ? images
            : throw Refusal.Conflict("A template has just been copied to the image store; delete the store again.");
    }

    private Task<List<StoreImage>> ImagesAsync(CancellationToken ct) => db.Set<StoreImage>().Where(i => i.StoreId == State.StoreId).ToListAsync(ct);
}
