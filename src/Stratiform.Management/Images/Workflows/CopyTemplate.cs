using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Workflows;

/// <summary>Brings a template to another zone, from worker to worker. When it fails the zone never had it.</summary>
public sealed class CopyTemplate(CloudDb db, StoreChoice stores, TimeProvider clock) : Workflow<CopyTemplate.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="TemplateId">The template in its new zone.</param>
    /// <param name="FromId">The template that it is a copy of.</param>
    public sealed record Memory(Id<Template> TemplateId, Id<Template> FromId);

    public static Order<CopyTemplate> For(Id<Template> copy, Id<Template> from) => new()
    {
        State = new Memory(copy, from),
        Subjects = [new(SubjectKinds.Template, copy.Value)],
        InstanceKind = nameof(Template),
        InstanceId = copy.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(NoteBegin).Undo(RemoveCopy)
        .Run(ImageToCopy);

    private async Task<Template> CopyAsync(CancellationToken ct) => await db.Set<Template>().SingleOrDefaultAsync(t => t.Id == State.TemplateId, ct)
        ?? throw Refusal.Parameter("The copy was deleted before it had come.");

    private Task NoteBegin(CancellationToken ct) => CopyAsync(ct);

    private async Task RemoveCopy(CancellationToken ct)
    {
        if (await db.Set<Template>().SingleOrDefaultAsync(t => t.Id == State.TemplateId, ct) is not { } copy) return;
        copy.Remove(clock.GetUtcNow());
        InCommit((commit, token) => Limits.ReleaseAsync(commit, copy.Id.Value, token));
    }

    private async Task<IReadOnlyList<Order<CopyImageToStore>>> ImageToCopy(CancellationToken ct)
    {
        var copy = await CopyAsync(ct);
        // Whatever it came as once, in stores it is plain.
        var store = await stores.FindAsync(copy.ZoneId, StoreNeed.Any, ct)
            ?? throw Refusal.Parameter($"The zone has no image store that takes the {copy.Kind} {copy.Name}; add one (addImageStore).");
        return [CopyImageToStore.For(copy.Id, store.Id, from: State.FromId)];
    }
}
