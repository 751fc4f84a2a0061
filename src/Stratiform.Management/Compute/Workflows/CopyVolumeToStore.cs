using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Workflows;

/// <summary>
/// Makes a template of a volume that nobody writes: a host of its pool sends it, whole, to a worker that awaits it for an image store. A
/// worker or a host that is lost costs an attempt: the next one begins anew under another name. While it goes on nobody starts the
/// volume's virtual machine.
/// </summary>
public sealed class CopyVolumeToStore(
    CloudDb db, Hosts hosts, ImageTransfer transfer, StoreContents contents, IWorkers workers, PoolHosts poolHosts, TimeProvider clock)
    : Workflow<CopyVolumeToStore.Memory>
{
    private const int MostFailures = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromHours(6);

    /// <summary>What the steps remember.</summary>
    /// <param name="TemplateId">The template.</param>
    /// <param name="VolumeId">The volume.</param>
    /// <param name="StoreId">The store.</param>
    public sealed record Memory(Id<Template> TemplateId, Id<Volume> VolumeId, Id<ImageStore> StoreId)
    {
        /// <summary>The worker that awaits it.</summary>
        public Guid? WorkerId { get; init; }

        /// <summary>Its boot, see <see cref="WorkerSeat"/>.</summary>
        public long WorkerBoot { get; init; }

        /// <summary>Until when sending may begin.</summary>
        public DateTimeOffset Expires { get; init; }

        /// <summary>The hosts that sent it, the one that does last.</summary>
        public IReadOnlyList<Id<Host>> Hosts { get; init; } = [];

        /// <summary>What attempts that were given up may have left in the store.</summary>
        public IReadOnlyList<Guid> Abandoned { get; init; } = [];

        /// <summary>How often it was not taken.</summary>
        public int Failures { get; init; }

        /// <summary>Size that guests see, once it has come.</summary>
        public long VirtualSizeBytes { get; init; }

        /// <summary>Bytes in the store, once it has come.</summary>
        public long PhysicalSizeBytes { get; init; }

        /// <summary>True when nobody could remove what it left: its row stays, and ImageGc comes back to it.</summary>
        public bool IsLeft { get; init; }
    }

    public static Order<CopyVolumeToStore> For(Template template, Volume volume, ImageStore store) => For(template.Id, volume, store.Id);

    public static Order<CopyVolumeToStore> For(Id<Template> template, Volume volume, Id<ImageStore> store) => new()
    {
        State = new Memory(template, volume.Id, store),
        Subjects = [volume.Subject, StoreImage.SubjectOf(template, store)],
        InstanceKind = nameof(Template),
        InstanceId = template.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(NoteCopy).Undo(ForgetCopy)
        .Until(VolumeIsInStore, Patience).Undo(RemoveImage)
        .Do(EndSending)
        .Do(RemoveAbandoned)
        .Do(MeasureStore)
        .Do(MarkReady);

    private Subject Subject => StoreImage.SubjectOf(State.TemplateId, State.StoreId);

    private Task<StoreImage?> CopyAsync(CancellationToken ct) =>
        db.Set<StoreImage>().SingleOrDefaultAsync(i => i.TemplateId == State.TemplateId && i.StoreId == State.StoreId, ct);

    private Task<Template> TemplateAsync(CancellationToken ct) => db.Set<Template>().IgnoreQueryFilters().SingleAsync(t => t.Id == State.TemplateId, ct);

    private async Task<Volume> VolumeAsync(CancellationToken ct) =>
        await db.Set<Volume>().SingleOrDefaultAsync(v => v.Id == State.VolumeId, ct) ?? throw Refusal.Parameter("The volume was deleted before it was copied.");

    private async Task NoteCopy(CancellationToken ct)
    {
        await db.RequireQuietAsync(await VolumeAsync(ct), ct);
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
        var template = await TemplateAsync(ct);
        if (template.State == TemplateState.Registered) template.MarkFailed(Row.ErrorText ?? "Its volume cannot be copied.");
    }

    private async Task<bool> VolumeIsInStore(CancellationToken ct)
    {
        var (template, copy, volume) = (await TemplateAsync(ct), (await CopyAsync(ct))!, await VolumeAsync(ct));
        if (copy.Ready) return true;
        template.RequireNotDeletedBefore("its volume was copied");
        if (await workers.FindAsync(template.ZoneId, Subject.Id, ct) is not { } seat) return false;
        InCommit((commit, token) => workers.TakeAsync(commit, Subject.Id, seat, token));
        var host = await SenderAsync(volume.PoolId!.Value, ct);
        // A worker that booted anew knows nothing of it, even if it is the same one.
        if ((seat.WorkerId, seat.Boot) != (State.WorkerId, State.WorkerBoot) || State.Hosts is not [.., var sender] || sender != host)
        {
            BeginAttempt(copy, seat, host);
            return false;
        }
        var awaited = await transfer.ReceiveAsync(template, copy, seat, State.Expires, volume, ct);
        if (awaited.State == HostWorkState.Failed) return TryAgain(template, copy, seat, host, awaited.Error);
        if (awaited.State == HostWorkState.Done) return NoteArrival(copy, awaited);
        var sent = await transfer.SendAsync(volume, copy, seat, State.Expires, host, ct);
        if (sent.State == HostWorkState.Failed) return TryAgain(template, copy, seat, host, sent.Error);
        copy.Progress(awaited.Percent > 0 ? 50 + awaited.Percent / 2 : Math.Min(50, sent.Percent));
        return false;
    }

    // The one that sends it already, as long as it is up.
    private async Task<Id<Host>> SenderAsync(Id<StoragePool> pool, CancellationToken ct) =>
        State.Hosts is [.., var last] && (await UpAsync([last], ct)).Count > 0 ? last : await poolHosts.AnyReachingAsync(pool, ct);

    private Task<List<Id<Host>>> UpAsync(IReadOnlyList<Id<Host>> among, CancellationToken ct) =>
        db.Set<HostSight>().Where(s => among.Contains(s.HostId) && s.State == HostState.Up).Select(s => s.HostId).ToListAsync(ct);

    private void BeginAttempt(StoreImage copy, WorkerSeat seat, Id<Host> host)
    {
        IReadOnlyList<Guid> abandoned = State.WorkerId is null ? [] : [.. State.Abandoned, copy.ObjectId];
        State = State with
        {
            WorkerId = seat.WorkerId,
            WorkerBoot = seat.Boot,
            Hosts = [.. State.Hosts.Where(h => h != host), host],
            Abandoned = abandoned,
            // What is made of the volume before it is sent may take long.
            Expires = clock.GetUtcNow() + 2 * Patience,
        };
        copy.BeginAttempt(Id.Derive(copy.Id.Value, Row.Id.ToString(), $"{abandoned.Count}"));
    }

    private bool TryAgain(Template template, StoreImage copy, WorkerSeat seat, Id<Host> host, HostError? error)
    {
        if (error?.Code != HostErrorCode.Busy || State.Failures >= MostFailures)
            throw Refusal.Internal($"The {template.Kind} {template.Name} cannot be copied to secondary storage: {error?.Text ?? "no reason was given"}");
        State = State with { Failures = State.Failures + 1 };
        BeginAttempt(copy, seat, host);
        return false;
    }

    private bool NoteArrival(StoreImage copy, ImageProgress arrived)
    {
        State = State with { VirtualSizeBytes = arrived.VirtualSizeBytes, PhysicalSizeBytes = arrived.PhysicalSizeBytes };
        copy.Came(arrived.Checksum);
        return true;
    }

    private async Task RemoveImage(CancellationToken ct)
    {
        await EndSending(ct);
        if (State.WorkerId is null || await CopyAsync(ct) is not { Ready: false } copy) return;
        var by = await workers.HolderOrAnyAsync((await TemplateAsync(ct)).ZoneId, Subject.Id, ct);
        State = State with { IsLeft = !await hosts.TryRemoveAsync(Row, Subject, State.StoreId, [copy.ObjectId, .. State.Abandoned], by, ct) };
    }

    // A host that is gone sends nothing, and forgets when it is back; what it left on a shared pool another one removes.
    private async Task EndSending(CancellationToken ct)
    {
        if (State.Hosts.Count == 0 || await db.Set<Volume>().SingleOrDefaultAsync(v => v.Id == State.VolumeId, ct) is not { PoolId: { } pool } volume) return;
        var told = await UpAsync(State.Hosts, ct);
        if (told.Count < State.Hosts.Count)
            told.AddRange((await poolHosts.ReachedAsync(db.Set<StoragePool>().Where(p => p.Id == pool), ct)).Select(p => p.Host).Except(told));
        foreach (var host in told) await hosts.EnsureAsync(host, volume.Subject, new EnsureNoVolumeSent(pool.Value, State.VolumeId.Value), ct);
    }

    private async Task RemoveAbandoned(CancellationToken ct)
    {
        if (State.Abandoned.Count > 0)
            await RemoveAsync(State.Abandoned, await workers.RequireAsync((await TemplateAsync(ct)).ZoneId, ct), ct);
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
