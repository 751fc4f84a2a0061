using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Workflows;

/// <summary>
/// Copies a template to a pool once, however many ask; volumes there are clones of the copy, which stays. It comes from a store, which
/// the host reads itself or else by a link that one worker serves or another, or from where the template came from.
/// </summary>
public sealed class CopyImageToPool(CloudDb db, Hosts hosts, ImageTransfer transfer, StoreSources sources, IWorkers workers, TimeProvider clock)
    : Workflow<CopyImageToPool.Memory>
{
    private const int MostAttempts = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromHours(6);

    /// <summary>What the steps remember.</summary>
    /// <param name="TemplateId">The template.</param>
    /// <param name="PoolId">The pool.</param>
    /// <param name="HostId">The host that does the work.</param>
    /// <param name="WorkerId">The worker that serves the copy in a store.</param>
    /// <param name="Attempts">How often it failed by a worker.</param>
    /// <param name="CutOff">Why the host does not read the store itself; null as long as it does.</param>
    public sealed record Memory(
        Id<Template> TemplateId, Id<StoragePool> PoolId, Id<Host> HostId, Guid? WorkerId = null, int Attempts = 0, string? CutOff = null);

    public static Order<CopyImageToPool> For(Id<Template> template, Id<StoragePool> pool, Id<Host> host) => new()
    {
        State = new Memory(template, pool, host),
        Subjects = [new(SubjectKinds.Image, PoolImage.IdOf(template, pool).Value)],
        InstanceKind = nameof(Template),
        InstanceId = template.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(NoteCopy).Undo(ForgetCopy)
        .Until(ImageIsOnPool, Patience).Undo(RemoveImage)
        .Do(MarkReady);

    private Id<PoolImage> CopyId => PoolImage.IdOf(State.TemplateId, State.PoolId);

    private Task<PoolImage?> CopyAsync(CancellationToken ct) => db.Set<PoolImage>().SingleOrDefaultAsync(i => i.Id == CopyId, ct);

    private async Task NoteCopy(CancellationToken ct)
    {
        if (await CopyAsync(ct) is not null) return;
        var template = await db.Set<Template>().SingleOrDefaultAsync(t => t.Id == State.TemplateId, ct)
            ?? throw Refusal.Parameter("The template was deleted before its image was copied to this pool; deploy from another template.");
        if (!await db.Set<StoragePool>().AnyAsync(p => p.Id == State.PoolId && p.State != PoolState.Maintenance, ct))
            throw Refusal.Parameter("The storage pool was deleted before the template was copied to it; try again.");
        db.Add(new PoolImage(State.TemplateId, State.PoolId));
        if (await sources.FindAsync(State.TemplateId, except: null, ct) is { } stored && await SessionAsync(ct) is null)
            db.Add(TransferSession.WithoutWorker(CopyId.Value, template.ZoneId, stored.Id, clock.GetUtcNow()));
    }

    private Task<TransferSession?> SessionAsync(CancellationToken ct) => db.Set<TransferSession>().SingleOrDefaultAsync(s => s.Id == CopyId.Value, ct);

    private async Task ForgetCopy(CancellationToken ct)
    {
        InCommit((commit, token) => workers.LeaveAsync(commit, CopyId.Value, token));
        if (await CopyAsync(ct) is { Ready: false } copy) db.Remove(copy);
    }

    private async Task<bool> ImageIsOnPool(CancellationToken ct)
    {
        var copy = (await CopyAsync(ct))!;
        if (copy.Ready) return true;
        var template = await db.Set<Template>().IgnoreQueryFilters().SingleAsync(t => t.Id == State.TemplateId, ct);
        // A template that was registered before its zone had a store comes from where it came from.
        var isFromStore = await IsFromStoreAsync(ct);
        var progress = isFromStore ? await FromStoreAsync(template, copy, ct) : await transfer.ImportAsync(template, copy, State.HostId, ct);
        if (progress is null or { State: HostWorkState.Running }) return false;
        if (progress.State == HostWorkState.Failed) return isFromStore ? await TryAgainAsync(template, progress, ct) : throw Failed(template, progress);
        template.MarkReady(progress.VirtualSizeBytes, progress.PhysicalSizeBytes);
        return true;
    }

    private async Task<bool> IsFromStoreAsync(CancellationToken ct) =>
        await SessionAsync(ct) is not null && await sources.AnyAsync(CopyId.Value, State.TemplateId, except: null, ct);

    private Task<ImageProgress?> FromStoreAsync(Template template, PoolImage copy, CancellationToken ct) =>
        State.CutOff is null ? DirectlyAsync(template, copy, ct) : ByWorkerAsync(template, copy, ct);

    private async Task<ImageProgress?> DirectlyAsync(Template template, PoolImage copy, CancellationToken ct)
    {
        if (await sources.ReadAsync(CopyId.Value, State.TemplateId, except: null, ct) is not { } stored) return null;
        return await transfer.CopyAsync(template, stored, copy, State.HostId, ct);
    }

    private async Task<ImageProgress?> ByWorkerAsync(Template template, PoolImage copy, CancellationToken ct)
    {
        if (await workers.FindAsync(template.ZoneId, CopyId.Value, ct) is not { } seat) return null;
        // At each glance: a worker that booted anew has lost it, even if it is the same one that goes on.
        InCommit((commit, token) => workers.TakeAsync(commit, CopyId.Value, seat, token));
        if (seat.WorkerId != State.WorkerId)
        {
            State = State with { WorkerId = seat.WorkerId };
            return null;
        }
        if (await sources.ReadAsync(CopyId.Value, State.TemplateId, except: null, ct) is not { } stored) return null;
        return await transfer.CopyAsync(template, stored, seat, copy, State.HostId, ct);
    }

    // What the host cannot read itself a worker may; and a worker may have died under the copy, and another goes on.
    private async Task<bool> TryAgainAsync(Template template, ImageProgress failed, CancellationToken ct)
    {
        if (failed.Error is not { Code: HostErrorCode.Unreachable or HostErrorCode.Failed or HostErrorCode.NotFound } cut) throw Failed(template, failed);
        if (State.CutOff is null)
        {
            State = State with { CutOff = cut.Text };
            (await SessionAsync(ct))!.WantWorker();
            InCommit((_, token) => workers.NudgeAsync(token));
            return false;
        }
        State = State with { Attempts = State.Attempts + 1 };
        if (State.Attempts >= MostAttempts) throw Failed(template, failed);
        await sources.ChooseAnewAsync(CopyId.Value, ct);
        return false;
    }

    private static CloudException Failed(Template template, ImageProgress failed) => ImageTransfer.Failed(template, "primary storage", failed);

    private async Task RemoveImage(CancellationToken ct)
    {
        if (await CopyAsync(ct) is { Ready: false } copy)
            await hosts.EnsureAsync(State.HostId, copy.Subject, new EnsureNoImage(State.PoolId.Value, CopyId.Value), ct);
    }

    private async Task MarkReady(CancellationToken ct)
    {
        InCommit((commit, token) => workers.LeaveAsync(commit, CopyId.Value, token));
        (await CopyAsync(ct))!.MarkReady();
    }
}
