using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Workflows;

/// <summary>
/// Has one worker await the upload of a template into an image store, by the link that its owner was given. Nobody but the owner
/// can begin it anew: when the worker is lost, or nothing comes before the link expires, the template fails.
/// </summary>
public sealed class ReceiveTemplate(
    CloudDb db, Hosts hosts, ImageTransfer transfer, StoreContents contents, IWorkers workers, TimeProvider clock)
    : Workflow<ReceiveTemplate.Memory>
{
    // What has begun in time may take long on a slow line.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    /// <summary>What the steps remember.</summary>
    /// <param name="TemplateId">The template.</param>
    /// <param name="StoreId">The store.</param>
    /// <param name="By">The worker that the link leads to.</param>
    /// <param name="Expires">When the link expires.</param>
    /// <param name="VirtualSizeBytes">Size that guests see, once it has come.</param>
    /// <param name="PhysicalSizeBytes">Bytes in the store, once it has come.</param>
    /// <param name="IsLeft">True when nobody could remove what came, or the store did not let it go: its row stays, and ImageGc comes back to it.</param>
    public sealed record Memory(
        Id<Template> TemplateId, Id<ImageStore> StoreId, WorkerSeat By, DateTimeOffset Expires,
        long VirtualSizeBytes = 0, long PhysicalSizeBytes = 0, bool IsLeft = false);

    public static Order<ReceiveTemplate> For(Id<Template> template, Id<ImageStore> store, WorkerSeat by, DateTimeOffset expires) => new()
    {
        State = new Memory(template, store, by, expires),
        Subjects = [StoreImage.SubjectOf(template, store)],
        InstanceKind = nameof(Template),
        InstanceId = template.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(NoteUpload).Undo(ForgetUpload)
        .Do(TakeSeat)
        .Until(ImageHasCome, Patience).Undo(RemoveImage)
        .Do(MeasureStore)
        .Do(MarkReady);

    private Subject Subject => StoreImage.SubjectOf(State.TemplateId, State.StoreId);

    private Task<StoreImage?> ImageAsync(CancellationToken ct) =>
        db.Set<StoreImage>().SingleOrDefaultAsync(i => i.TemplateId == State.TemplateId && i.StoreId == State.StoreId, ct);

    private Task<Template> TemplateAsync(CancellationToken ct) =>
        db.Set<Template>().IgnoreQueryFilters().SingleAsync(t => t.Id == State.TemplateId, ct);

    // Its name in the store is in the link already: that of a row's beginning.
    private async Task NoteUpload(CancellationToken ct)
    {
        if (await ImageAsync(ct) is null) db.Add(new StoreImage(State.TemplateId, State.StoreId));
        if (!await db.Set<TransferSession>().AnyAsync(s => s.Id == Subject.Id, ct))
            db.Add(new TransferSession(Subject.Id, (await TemplateAsync(ct)).ZoneId, clock.GetUtcNow()));
        InCommit((commit, token) => ImageStore.RequireOpenAsync(commit, State.StoreId, token));
    }

    private async Task ForgetUpload(CancellationToken ct)
    {
        InCommit((commit, token) => workers.LeaveAsync(commit, Subject.Id, token));
        if (!State.IsLeft && await ImageAsync(ct) is { Ready: false } image) db.Remove(image);
        var template = await TemplateAsync(ct);
        if (template.State == TemplateState.Awaited) template.MarkFailed(Row.ErrorText ?? "It was not uploaded.");
    }

    private Task TakeSeat(CancellationToken ct)
    {
        InCommit((commit, token) => workers.TakeAsync(commit, Subject.Id, State.By, token));
        return Task.CompletedTask;
    }

    private async Task<bool> ImageHasCome(CancellationToken ct)
    {
        var (template, image) = (await TemplateAsync(ct), (await ImageAsync(ct))!);
        await RequireStillWantedAsync(template, ct);
        var progress = await transfer.ReceiveAsync(template, image, State.By, State.Expires, ct);
        image.Progress(progress.Percent);
        if (progress.State == HostWorkState.Running) return false;
        if (progress.State == HostWorkState.Failed)
            throw Refusal.Internal($"The {template.Kind} {template.Name} was not uploaded: {progress.Error?.Text ?? "no reason was given"}");
        State = State with { VirtualSizeBytes = progress.VirtualSizeBytes, PhysicalSizeBytes = progress.PhysicalSizeBytes };
        image.Came(progress.Checksum);
        return true;
    }

    private async Task RequireStillWantedAsync(Template template, CancellationToken ct)
    {
        template.RequireNotDeletedBefore("it was uploaded");
        var holder = await db.Set<TransferSession>().Where(s => s.Id == Subject.Id).Select(s => s.WorkerId).SingleOrDefaultAsync(ct);
        if (holder == State.By.WorkerId) return;
        throw Refusal.Unavailable(
            $"The {template.Kind} {template.Name} was not uploaded: the secondary storage VM that was to take it has gone, and what had come with it; "
            + "begin anew.");
    }

    private async Task RemoveImage(CancellationToken ct)
    {
        if (await ImageAsync(ct) is not { Ready: false } image) return;
        var by = await workers.HolderOrAnyAsync((await TemplateAsync(ct)).ZoneId, Subject.Id, ct);
        State = State with { IsLeft = !await hosts.TryRemoveAsync(Row, Subject, State.StoreId, [image.ObjectId], by, ct) };
    }

    private Task MeasureStore(CancellationToken ct) => contents.MeasureAsync(State.StoreId, ct);

    private async Task MarkReady(CancellationToken ct)
    {
        InCommit((commit, token) => workers.LeaveAsync(commit, Subject.Id, token));
        (await ImageAsync(ct))!.MarkReady();
        (await TemplateAsync(ct)).MarkReady(State.VirtualSizeBytes, State.PhysicalSizeBytes);
    }
}
