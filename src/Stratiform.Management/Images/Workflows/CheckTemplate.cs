using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Workflows;

/// <summary>
/// Reads a new template once, by copying it into an image store of its zone, or to a pool where there is none: it is ready, or the
/// reason is known, before anyone deploys it.
/// </summary>
public sealed class CheckTemplate(CloudDb db, PoolHosts poolHosts) : Workflow<CheckTemplate.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="TemplateId">The template.</param>
    public sealed record Memory(Id<Template> TemplateId);

    public static Order<CheckTemplate> For(Template template) => new()
    {
        State = new Memory(template.Id),
        Subjects = [new(SubjectKinds.Template, template.Id.Value)],
        InstanceKind = nameof(Template),
        InstanceId = template.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(NoteBegin).Undo(NoteFailure)
        .Run(CopyToAStore)
        .Run(CopyToAPool);

    // One that was deleted meanwhile is still checked to the end.
    private Task<Template> TemplateAsync(CancellationToken ct) => db.Set<Template>().IgnoreQueryFilters().SingleAsync(t => t.Id == State.TemplateId, ct);

    private Task NoteBegin(CancellationToken ct) => TemplateAsync(ct);

    private async Task NoteFailure(CancellationToken ct)
    {
        var template = await TemplateAsync(ct);
        if (template.State == TemplateState.Registered) template.MarkFailed(Row.ErrorText ?? "It cannot be read.");
    }

    // The one with the most room.
    private async Task<IReadOnlyList<Order<CopyImageToStore>>> CopyToAStore(CancellationToken ct)
    {
        var template = await TemplateAsync(ct);
        if (template.DirectDownload) return [];
        var places = await (
            from store in db.Set<ImageStore>()
            where store.ZoneId == template.ZoneId && !store.IsReadOnly
            from host in db.Set<Host>()
            where host.ZoneId == store.ZoneId
            join sight in db.Set<HostSight>() on host.Id equals sight.HostId
            where sight.State == HostState.Up
            orderby store.CapacityBytes - store.UsedBytes descending, store.Id, host.Id
            select new { Store = store.Id, Host = host.Id }).Take(1).ToListAsync(ct);
        return [.. places.Select(p => CopyImageToStore.For(template.Id, p.Store, p.Host))];
    }

    // Without a pool there is nothing to check with; the first deployment does it.
    private async Task<IReadOnlyList<Order<CopyImageToPool>>> CopyToAPool(CancellationToken ct)
    {
        var template = await TemplateAsync(ct);
        if (await db.Set<StoreImage>().AnyAsync(i => i.TemplateId == template.Id && i.Ready, ct)) return [];
        var places = await poolHosts.ReachedAsync(db.Set<StoragePool>().Where(p => p.ZoneId == template.ZoneId && p.State == PoolState.Up), ct);
        return [.. places.Take(1).Select(p => CopyImageToPool.For(template.Id, p.Pool, p.Host))];
    }
}
