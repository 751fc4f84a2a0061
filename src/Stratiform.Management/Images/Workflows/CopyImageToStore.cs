using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Workflows;

/// <summary>
/// Has a worker bring a template into an image store, from where pools take it: from where it came from, or as it is from another
/// store, of whose zone a worker serves it. A worker that is lost costs an attempt: the next
/// one begins anew under another name, so that nothing it may still write is ever read.
/// </summary>
public sealed class CopyImageToStore(
    CloudDb db, Hosts hosts, ImageTransfer transfer, StoreSources sources, StoreContents contents, IWorkers workers, TimeProvider clock)
    : Workflow<CopyImageToStore.Memory>
{
    private const int MostInterruptions = 10;
    private const int MostFailures = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromHours(6);

    /// <summary>What the steps remember.</summary>
    /// <param name="TemplateId">The template.</param>
    /// <param name="StoreId">The store.</param>
    /// <param name="WorkerId">The worker that has it.</param>
    /// <param name="Abandoned">What attempts that were given up may have left in the store.</param>
    /// <param name="Interruptions">How often the store went away under it.</param>
    /// <param name="VirtualSizeBytes">Size that guests see, once it has come.</param>
    /// <param name="PhysicalSizeBytes">Bytes in the store, once it has come.</param>
    /// <param name="IsLeft">True when nobody could remove what it left, or the store did not let it go: its row stays, and ImageGc comes back to it.</param>
    /// <param name="From">The template whose copy in another store it is brought from, this one or its like in another zone; null for its URL.</param>
    /// <param name="Failures">How often it could not be had from there.</param>
    public sealed record Memory(Id<Template> TemplateId, Id<ImageStore> StoreId, Guid? WorkerId = null, IReadOnlyList<Guid>? Abandoned = null, bool IsLeft = false,
        int Interruptions = 0, long VirtualSizeBytes = 0, long PhysicalSizeBytes = 0, Id<Template>? From = null, int Failures = 0);

    public static Order<CopyImageToStore> For(Id<Template> template, Id<ImageStore> store) => new()
    {
        State = new Memory(template, store),
        Subjects = [StoreImage.SubjectOf(template, store)],
        InstanceKind = nameof(Template),
        InstanceId = template.Value,
    };

    /// <summary>As the other one, from wherever else that template lies.</summary>
    public static Order<CopyImageToStore> For(Id<Template> template, Id<ImageStore> store, Id<Template> from) =>
        For(template, store) with { State = new Memory(template, store, From: from) };

    protected override void Define(Plan plan) => plan
        .Do(NoteCopy).Undo(ForgetCopy)
        .Until(ImageIsInStore, Patience).Undo(RemoveImage)
        .Do(RemoveAbandoned)
        .Do(MeasureStore)
        .Do(MarkReady);

    private Subject Subject => StoreImage.SubjectOf(State.TemplateId, State.StoreId);

    private Task<StoreImage?> CopyAsync(CancellationToken ct) =>
        db.Set<StoreImage>().SingleOrDefaultAsync(i => i.TemplateId == State.TemplateId && i.StoreId == State.StoreId, ct);

    private Task<Template> TemplateAsync(CancellationToken ct) => db.Set<Template>().IgnoreQueryFilters().SingleAsync(t => t.Id == State.TemplateId, ct);

    private async Task NoteCopy(CancellationToken ct)
    {
        var copy = await CopyAsync(ct);
        if (copy?.Ready == true) return;
        if (copy is null) db.Add(new StoreImage(State.TemplateId, State.StoreId));
        if (!await db.Set<TransferSession>().AnyAsync(s => s.Id == Subject.Id, ct))
            db.Add(new TransferSession(Subject.Id, (await TemplateAsync(ct)).ZoneId, clock.GetUtcNow()));
        InCommit((_, token) => workers.NudgeAsync(token));
        InCommit((commit, token) => ImageStore.RequireOpenAsync(commit, State.StoreId, token));
    }

    private async Task ForgetCopy(CancellationToken ct)
    {
        InCommit((commit, token) => workers.LeaveAsync(commit, Subject.Id, token));
        if (!State.IsLeft && await CopyAsync(ct) is { Ready: false } copy) db.Remove(copy);
    }

    private async Task<bool> ImageIsInStore(CancellationToken ct)
    {
        var (template, copy) = (await TemplateAsync(ct), (await CopyAsync(ct))!);
        if (copy.Ready) return true;
        template.RequireNotDeletedBefore("it had come");
        if (await workers.FindAsync(template.ZoneId, Subject.Id, ct) is not { } seat) return false;
        // At each glance: a worker that booted anew has lost it, even if it is the same one that goes on.
        InCommit((commit, token) => workers.TakeAsync(commit, Subject.Id, seat, token));
        if (seat.WorkerId != State.WorkerId)
        {
            BeginAttempt(copy, seat);
            return false;
        }
        var progress = State.From is { } from ? await FromStoreAsync(template, from, copy, seat, ct) : await transfer.ImportAsync(template, copy, seat, ct);
        if (progress is null) return false;
        copy.Progress(progress.Percent);
        if (progress.State == HostWorkState.Running) return false;
        if (progress.State == HostWorkState.Failed) return await TryAgainAsync(template, progress, ct);
        State = State with { VirtualSizeBytes = progress.VirtualSizeBytes, PhysicalSizeBytes = progress.PhysicalSizeBytes };
        copy.Came(progress.Checksum);
        return true;
    }

    private async Task<ImageProgress?> FromStoreAsync(Template template, Id<Template> from, StoreImage copy, WorkerSeat seat, CancellationToken ct)
    {
        if (await sources.ReadAsync(Subject.Id, from, except: State.StoreId, ct) is not { } source)
        {
            return await sources.AnyAsync(Subject.Id, from, except: State.StoreId, ct)
                ? null
                : throw Refusal.Parameter($"The {template.Kind} {template.Name} lies in no other image store any more, so it cannot be copied from one.");
        }
        var zone = await db.Set<ImageStore>().Where(s => s.Id == source.StoreId).Select(s => s.ZoneId).SingleAsync(ct);
        // Any will do: another goes on when it is lost.
        return await workers.AnyAsync(zone, ct) is { } serving ? await transfer.CopyAsync(template, source, zone, serving, copy, seat, ct) : null;
    }

    // A store that is away may come back, and another worker may serve what one no longer does: it begins anew when it is asked again.
    private async Task<bool> TryAgainAsync(Template template, ImageProgress failed, CancellationToken ct)
    {
        var isAway = failed.Error?.Code == HostErrorCode.Busy && State.Interruptions < MostInterruptions;
        var isCutOff = State.From is not null && failed.Error?.Code is HostErrorCode.Failed or HostErrorCode.NotFound && State.Failures < MostFailures;
        if (!isAway && !isCutOff) throw ImageTransfer.Failed(template, "secondary storage", failed);
        State = isAway ? State with { Interruptions = State.Interruptions + 1 } : State with { Failures = State.Failures + 1 };
        if (isCutOff) await sources.ChooseAnewAsync(Subject.Id, ct);
        return false;
    }

    private void BeginAttempt(StoreImage copy, WorkerSeat seat)
    {
        IReadOnlyList<Guid> abandoned = State.WorkerId is null ? [] : [.. State.Abandoned ?? [], copy.ObjectId];
        State = State with { WorkerId = seat.WorkerId, Abandoned = abandoned };
        // By their number: the work may come back to a worker that had it before.
        copy.BeginAttempt(Id.Derive(copy.Id.Value, Row.Id.ToString(), $"{abandoned.Count}"));
    }

    private async Task RemoveImage(CancellationToken ct)
    {
        if (await CopyAsync(ct) is not { Ready: false } copy) return;
        var by = await workers.HolderOrAnyAsync((await TemplateAsync(ct)).ZoneId, Subject.Id, ct);
        State = State with { IsLeft = !await hosts.TryRemoveAsync(Row, Subject, State.StoreId, [copy.ObjectId, .. State.Abandoned ?? []], by, ct) };
    }

    private async Task RemoveAbandoned(CancellationToken ct)
    {
        if (State.Abandoned is { Count: > 0 } abandoned)
            await RemoveAsync(abandoned, await workers.RequireAsync((await TemplateAsync(ct)).ZoneId, ct), ct);
    }

    private async Task RemoveAsync(IReadOnlyList<Guid> objects, WorkerSeat by, CancellationToken ct)
    {
        foreach (var left in objects)
            await hosts.EnsureAsync(by.HostId, Subject, new EnsureNoImageInStore(by.WorkerId, State.StoreId.Value, left), ct);
    }

    private Task MeasureStore(CancellationToken ct) => contents.MeasureAsync(State.StoreId, ct);

    private async Task MarkReady(CancellationToken ct)
    {
        InCommit((commit, token) => workers.LeaveAsync(commit, Subject.Id, token));
        var copy = (await CopyAsync(ct))!;
        if (copy.Ready) return;
        copy.MarkReady();
        (await TemplateAsync(ct)).MarkReady(State.VirtualSizeBytes, State.PhysicalSizeBytes);
    }
}
