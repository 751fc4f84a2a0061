using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Workflows;

/// <summary>Removes a deleted template's copy, or one that never became whole, from an image store. Nothing is undone: what failed is asked for again by <see cref="Reconcilers.ImageGc"/>.</summary>
public sealed class RemoveStoreImage(CloudDb db, Hosts hosts, StoreSources sources, SpareStoreImages spare, IWorkers workers, TimeProvider clock)
    : Workflow<RemoveStoreImage.Memory>
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(6);

    /// <summary>What the steps remember.</summary>
    /// <param name="ImageId">The copy.</param>
    /// <param name="IsKept">It has become whole meanwhile, and there is no other.</param>
    public sealed record Memory(Id<StoreImage> ImageId, bool IsKept = false);

    public static Order<RemoveStoreImage> For(StoreImage image) => new()
    {
        State = new Memory(image.Id),
        Subjects = [image.Subject],
        InstanceKind = nameof(Template),
        InstanceId = image.TemplateId.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(TakeOutOfUse)
        .Until(NobodyReadsIt, Patience)
        .Do(RemoveImage)
        .Do(ForgetCopy);

    private Task<StoreImage?> ImageAsync(CancellationToken ct) => db.Set<StoreImage>().SingleOrDefaultAsync(i => i.Id == State.ImageId, ct);

    private async Task TakeOutOfUse(CancellationToken ct)
    {
        if (await ImageAsync(ct) is not { } image) return;
        // Who asked for this may have looked before the copy had become whole.
        if (image.Ready && !await spare.MayGoAsync(image, ct)) State = State with { IsKept = true };
        else image.TakeOutOfUse();
    }

    private async Task<bool> NobodyReadsIt(CancellationToken ct) => State.IsKept || !await sources.AreReadAsync([State.ImageId], ct);

    private async Task RemoveImage(CancellationToken ct)
    {
        if (State.IsKept || await ImageAsync(ct) is not { } image) return;
        var store = await db.Set<ImageStore>().SingleAsync(s => s.Id == image.StoreId, ct);
        var by = await workers.RequireAsync(store.ZoneId, ct);
        await hosts.EnsureAsync(by.HostId, image.Subject, new EnsureNoImageInStore(by.WorkerId, store.Id.Value, image.ObjectId), ct);
    }

    private async Task ForgetCopy(CancellationToken ct)
    {
        if (State.IsKept || await ImageAsync(ct) is not { } image) return;
        db.Remove(image);
        // What was there for a while is nothing without it.
        var content = await db.Set<Template>().SingleOrDefaultAsync(t => t.Id == image.TemplateId && t.KeptUntil != null, ct);
        content?.Remove(clock.GetUtcNow());
    }
}
