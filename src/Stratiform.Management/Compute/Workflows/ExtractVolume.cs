using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Workflows;

/// <summary>
/// Copies a volume that nobody writes into an image store and makes a link to the copy, which ImageGc removes when the link has expired.
/// A later one takes the place of an earlier one.
/// </summary>
public sealed class ExtractVolume(CloudDb db, ImageDownloads downloads, TimeProvider clock) : Workflow<ExtractVolume.Memory>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>What the steps remember.</summary>
    /// <param name="VolumeId">The volume.</param>
    /// <param name="StoreId">The store.</param>
    /// <param name="ImageId">Its content.</param>
    public sealed record Memory(Id<Volume> VolumeId, Id<ImageStore> StoreId, Id<Template>? ImageId = null);

    public static Order<ExtractVolume> For(Volume volume, ImageStore store) => new()
    {
        State = new Memory(volume.Id, store.Id),
        Subjects = [volume.Subject],
        InstanceKind = nameof(Volume),
        InstanceId = volume.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(NoteImage).Undo(ForgetImage)
        .Run(CopyToStore)
        .Until(LinkIsMade, Patience);

    private async Task<Volume> VolumeAsync(CancellationToken ct) =>
        await db.Set<Volume>().SingleOrDefaultAsync(v => v.Id == State.VolumeId, ct) ?? throw Refusal.Parameter("The volume was deleted before it was copied.");

    private async Task NoteImage(CancellationToken ct)
    {
        var volume = await VolumeAsync(ct);
        await db.RequireQuietAsync(volume, ct);
        var image = new Template(volume.Name, Template.OfVolume, volume.AccountId, volume.DomainId, volume.ZoneId, clock.GetUtcNow()) { VolumeId = volume.Id };
        db.Add(image);
        State = State with { ImageId = image.Id };
    }

    // What may lie in the store by now ImageGc takes from there.
    private async Task ForgetImage(CancellationToken ct)
    {
        var image = await db.Set<Template>().SingleOrDefaultAsync(t => t.Id == State.ImageId, ct);
        image?.Remove(clock.GetUtcNow());
    }

    private async Task<IReadOnlyList<Order<CopyVolumeToStore>>> CopyToStore(CancellationToken ct) =>
        [CopyVolumeToStore.For(State.ImageId!.Value, await VolumeAsync(ct), State.StoreId)];

    private async Task<bool> LinkIsMade(CancellationToken ct)
    {
        var images = await db.Set<Template>().Where(t => t.VolumeId == State.VolumeId).ToListAsync(ct);
        var image = images.Single(t => t.Id == State.ImageId);
        if (await downloads.ResultAsync(image, ct) is not { } result) return false;
        Row.Result = result;
        image.KeepUntil(clock.GetUtcNow() + downloads.Validity);
        foreach (var earlier in images.Where(t => t.Id != image.Id && t.KeptUntil is not null)) earlier.Remove(clock.GetUtcNow());
        return true;
    }
}
