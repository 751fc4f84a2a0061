using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Workflows;

/// <summary>
/// Has a worker bring a template into an image store, from where pools take it. A worker that is lost costs an attempt: the next
/// one begins anew under another name, so that nothing it may still write is ever read.
/// </summary>
public sealed class CopyImageToStore(CloudDb db, Hosts hosts, ImageTransfer transfer, IWorkers workers, TimeProvider clock)
    : Workflow<CopyImageToStore.Memory>
{
    private const int MostInterruptions = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromHours(6);

    /// <summary>What the steps remember.</summary>
    /// <param name="TemplateId">The template.</param>
    /// <param name="StoreId">The store.</param>
    /// <param name="WorkerId">The worker that has it.</param>
    /// <param name="Abandoned">What attempts that were given up may have left in the store.</param>
    /// <param name="Interruptions">How often the store went away under it.</param>
    /// <param name="VirtualSizeBytes">Size that guests see, once it has come.</param>
    /// <param name="PhysicalSizeBytes">Bytes in the store, once it has come.</param>
    /// <param name="IsLeft">True when nobody could remove what it left: its row stays, and ImageGc comes back to it.</param>
    public sealed record Memory(Id<Template> TemplateId, Id<ImageStore> StoreId, Guid? WorkerId = null, IReadOnlyList<Guid>? Abandoned = null, bool IsLeft = false,
        int Interruptions = 0, long VirtualSizeBytes = 0, long PhysicalSizeBytes = 0);

    public static Order<CopyImageToStore> For(Id<Template> template, Id<ImageStore> store) => new()
    {
        State = new Memory(template, store),
        Subjects = [StoreImage.SubjectOf(template, store)],
        InstanceKind = nameof(Template),
        InstanceId = template.Value,
    };

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
        if (await workers.FindAsync(template.ZoneId, Subject.Id, ct) is not { } seat) return false;
        // At each glance: a worker that booted anew has lost it, even if it is the same one that goes on.
        InCommit((commit, token) => workers.TakeAsync(commit, Subject.Id, seat, token));
        if (seat.WorkerId != State.WorkerId)
        {
            BeginAttempt(copy, seat);
            return false;
        }
        var progress = await transfer.ImportAsync(template, copy, seat, ct);
        copy.Progress(progress.Percent);
        if (progress.State == HostWorkState.Running) return false;
        if (progress.State == HostWorkState.Failed) return WaitForStore(template, progress);
        State = State with { VirtualSizeBytes = progress.VirtualSizeBytes, PhysicalSizeBytes = progress.PhysicalSizeBytes };
        copy.Came(progress.Checksum);
        return true;
    }

    // A store that is away may come back; the worker begins anew when it is asked again.
    private bool WaitForStore(Template template, ImageProgress failed)
    {
        if (failed.Error?.Code != HostErrorCode.Busy || State.Interruptions >= MostInterruptions) throw ImageTransfer.Failed(template, "secondary storage", failed);
        State = State with { Interruptions = State.Interruptions + 1 };
        return false;
    }

    private void BeginAttempt(StoreImage copy, WorkerSeat seat)
    {
        State = State with { WorkerId = seat.WorkerId, Abandoned = State.WorkerId is null ? State.Abandoned : [.. State.Abandoned ?? [], copy.ObjectId] };
        copy.BeginAttempt(Id.Derive(copy.Id.Value, Row.Id.ToString(), seat.WorkerId.ToString()));
    }

    private async Task RemoveImage(CancellationToken ct)
    {
        if (await CopyAsync(ct) is not { Ready: false } copy) return;
        var by = await workers.AnyAsync((await TemplateAsync(ct)).ZoneId, ct);
        State = State with { IsLeft = by is null };
        if (by is not null) await RemoveAsync([copy.ObjectId, .. State.Abandoned ?? []], by, ct);
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

    private async Task MeasureStore(CancellationToken ct)
    {
        var store = await db.Set<ImageStore>().SingleAsync(s => s.Id == State.StoreId, ct);
        if (await workers.AnyAsync(store.ZoneId, ct) is not { } by) return;
        store.Measure((await hosts.ReadAsync(by.HostId, new ReadStore(by.WorkerId, store.Id.Value), ct)).Space);
    }

    private async Task MarkReady(CancellationToken ct)
    {
        InCommit((commit, token) => workers.LeaveAsync(commit, Subject.Id, token));
        var copy = (await CopyAsync(ct))!;
        if (copy.Ready) return;
        copy.MarkReady();
        (await TemplateAsync(ct)).MarkReady(State.VirtualSizeBytes, State.PhysicalSizeBytes);
    }
}
