using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Workflows;

/// <summary>Brings the content of a new volume into an image store, from a URL or as its owner sends it, with all that is asked of a template.</summary>
public sealed class UploadVolume(CloudDb db) : Workflow<UploadVolume.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="VolumeId">The volume.</param>
    /// <param name="ImageId">Its content.</param>
    /// <param name="Upload">How its owner sends it; null when it comes from a URL.</param>
    public sealed record Memory(Id<Volume> VolumeId, Id<Template> ImageId, ReceiveTemplate.Memory? Upload);

    public static Order<UploadVolume> For(Volume volume, Template image, ReceiveTemplate.Memory? upload) => new()
    {
        State = new Memory(volume.Id, image.Id, upload),
        Subjects = [volume.Subject],
        InstanceKind = nameof(Volume),
        InstanceId = volume.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(MarkUploading).Undo(MarkFailed)
        .Run(ImageFromUrl)
        .Run(ImageFromOwner)
        .Do(MarkUploaded);

    private async Task<Volume> VolumeAsync(CancellationToken ct) =>
        await db.Set<Volume>().SingleOrDefaultAsync(v => v.Id == State.VolumeId, ct) ?? throw Refusal.Parameter("The volume was deleted before it was uploaded.");

    private Task<Template> ImageAsync(CancellationToken ct) => db.Set<Template>().IgnoreQueryFilters().SingleAsync(t => t.Id == State.ImageId, ct);

    // One that waits for its owner goes on waiting.
    private async Task MarkUploading(CancellationToken ct)
    {
        var volume = await VolumeAsync(ct);
        if (State.Upload is null) volume.MarkUploading();
    }

    private async Task MarkFailed(CancellationToken ct)
    {
        if (await db.Set<Volume>().SingleOrDefaultAsync(v => v.Id == State.VolumeId, ct) is not { } volume) return;
        volume.MarkUploadFailed();
        var image = await ImageAsync(ct);
        if (image.State != TemplateState.Failed) image.MarkFailed(Row.ErrorText ?? "It was not uploaded.");
    }

    private async Task<IReadOnlyList<Order<CheckTemplate>>> ImageFromUrl(CancellationToken ct) =>
        State.Upload is null ? [CheckTemplate.For(await ImageAsync(ct))] : [];

    private Task<IReadOnlyList<Order<ReceiveTemplate>>> ImageFromOwner(CancellationToken ct) => Task.FromResult<IReadOnlyList<Order<ReceiveTemplate>>>(
        State.Upload is { } upload ? [ReceiveTemplate.For(upload.TemplateId, upload.StoreId, upload.By, upload.Expires)] : []);

    private async Task MarkUploaded(CancellationToken ct) => (await VolumeAsync(ct)).MarkUploaded((await ImageAsync(ct)).VirtualSizeBytes);
}
