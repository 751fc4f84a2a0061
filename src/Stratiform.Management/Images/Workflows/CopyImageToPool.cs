using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Workflows;

/// <summary>Copies a template to a pool once, however many ask; volumes there are clones of the copy, which stays.</summary>
public sealed class CopyImageToPool(CloudDb db, Hosts hosts, ImageTransfer transfer) : Workflow<CopyImageToPool.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="TemplateId">The template.</param>
    /// <param name="PoolId">The pool.</param>
    /// <param name="HostId">The host that does the work.</param>
    public sealed record Memory(Id<Template> TemplateId, Id<StoragePool> PoolId, Id<Host> HostId);

    public static Order<CopyImageToPool> For(Id<Template> template, Id<StoragePool> pool, Id<Host> host) => new()
    {
        State = new Memory(template, pool, host),
        Subjects = [SubjectOf(template, pool)],
        InstanceKind = nameof(Template),
        InstanceId = template.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(NoteCopy).Undo(ForgetCopy)
        .Until(ImageIsOnPool, TimeSpan.FromMinutes(30)).Undo(RemoveImage)
        .Do(MarkReady);

    private Id<PoolImage> CopyId => PoolImage.IdOf(State.TemplateId, State.PoolId);

    private static Subject SubjectOf(Id<Template> template, Id<StoragePool> pool) =>
        new(SubjectKinds.Image, PoolImage.IdOf(template, pool).Value);

    private Task<PoolImage?> CopyAsync(CancellationToken ct) => db.Set<PoolImage>().SingleOrDefaultAsync(i => i.Id == CopyId, ct);

    private async Task NoteCopy(CancellationToken ct)
    {
        if (await CopyAsync(ct) is not null) return;
        if (!await db.Set<Template>().AnyAsync(t => t.Id == State.TemplateId, ct))
            throw Refusal.Parameter("The template was deleted before its image was copied to this pool; deploy from another template.");
        if (!await db.Set<StoragePool>().AnyAsync(p => p.Id == State.PoolId && p.State != PoolState.Maintenance, ct))
            throw Refusal.Parameter("The storage pool was deleted before the template was copied to it; try again.");
        db.Add(new PoolImage(State.TemplateId, State.PoolId));
    }

    private async Task ForgetCopy(CancellationToken ct)
    {
        if (await CopyAsync(ct) is { Ready: false } copy) db.Remove(copy);
    }

    private async Task<bool> ImageIsOnPool(CancellationToken ct)
    {
        if ((await CopyAsync(ct))!.Ready) return true;
        var template = await db.Set<Template>().IgnoreQueryFilters().SingleAsync(t => t.Id == State.TemplateId, ct);
        var order = new CopyOrder(State.HostId, new(State.PoolId.Value, CopyId.Value), SubjectOf(State.TemplateId, State.PoolId), "primary storage");
        // A template that was registered before its zone had a store comes from where it came from.
        var stored = await db.Set<StoreImage>().Where(i => i.TemplateId == State.TemplateId && i.Ready).OrderBy(i => i.Id).FirstOrDefaultAsync(ct);
        var done = stored is null ? await transfer.ImportAsync(template, order, ct) : await transfer.CopyAsync(template, stored, order, ct);
        return done is not null;
    }

    private async Task RemoveImage(CancellationToken ct)
    {
        if (await CopyAsync(ct) is not { Ready: false }) return;
        var message = new EnsureNoImage(State.PoolId.Value, CopyId.Value);
        await hosts.EnsureAsync(State.HostId, SubjectOf(State.TemplateId, State.PoolId), message, ct);
    }

    private async Task MarkReady(CancellationToken ct) => (await CopyAsync(ct))!.Ready = true;
}
