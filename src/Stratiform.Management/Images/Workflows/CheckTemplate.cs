using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
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
public sealed class CheckTemplate(CloudDb db, StoreChoice stores, PoolHosts poolHosts) : Workflow<CheckTemplate.Memory>
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

    // Also one that was deleted meanwhile, so that nobody waits for it: who brings it sees that.
    private Task<Template> TemplateAsync(CancellationToken ct) => db.Set<Template>().IgnoreQueryFilters().SingleAsync(t => t.Id == State.TemplateId, ct);

    private Task NoteBegin(CancellationToken ct) => TemplateAsync(ct);

    private async Task NoteFailure(CancellationToken ct)
    {
        var template = await TemplateAsync(ct);
        if (template.State == TemplateState.Registered) template.MarkFailed(Row.ErrorText ?? "It cannot be read.");
    }

    private async Task<IReadOnlyList<Order<CopyImageToStore>>> CopyToAStore(CancellationToken ct)
    {
        var template = await TemplateAsync(ct);
        if (template.ComesByHosts) return [];
        var store = await stores.FindAsync(template.ZoneId, template.IsPlain ? StoreNeed.Any : StoreNeed.RatherAShare, ct);
        return store is null ? [] : [CopyImageToStore.For(template.Id, store.Id)];
    }

    // Without a pool there is nothing to check with; the first deployment does it.
    private async Task<IReadOnlyList<Order<CopyImageToPool>>> CopyToAPool(CancellationToken ct)
    {
        var template = await TemplateAsync(ct);
        if (await db.Set<StoreImage>().AnyAsync(i => i.TemplateId == template.Id && i.Ready, ct)) return [];
        if (template.VolumeId is not null) throw Refusal.Parameter("The zone has no image store any more that takes what is new; add one (addImageStore), then upload again.");
        var places = await poolHosts.ReachedAsync(db.Set<StoragePool>().Where(p => p.ZoneId == template.ZoneId && p.State == PoolState.Up), ct);
        return [.. places.Take(1).Select(p => CopyImageToPool.For(template.Id, p.Pool, p.Host))];
    }
}
