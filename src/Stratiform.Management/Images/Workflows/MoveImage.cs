using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Workflows;

/// <summary>
/// Moves a template from an image store to another of its zone: it is copied and verified there, and only then taken from here, when
/// nobody reads it any more. Broken off at any point it lies in one of them or in both, and doing it again does the rest.
/// </summary>
public sealed class MoveImage(CloudDb db) : Workflow<MoveImage.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="TemplateId">The template.</param>
    /// <param name="FromId">The store that it leaves.</param>
    /// <param name="ToId">The store that it goes to.</param>
    public sealed record Memory(Id<Template> TemplateId, Id<ImageStore> FromId, Id<ImageStore> ToId);

    public static Order<MoveImage> For(Id<Template> template, Id<ImageStore> from, Id<ImageStore> to) => new()
    {
        State = new Memory(template, from, to),
        Subjects = [StoreImage.SubjectOf(template, from), StoreImage.SubjectOf(template, to)],
        InstanceKind = nameof(Template),
        InstanceId = template.Value,
    };

    protected override void Define(Plan plan) => plan
        .Run(ImageToCopy)
        .Run(OriginalToRemove);

    private Task<bool> IsInAsync(Id<ImageStore> store, CancellationToken ct) =>
        db.Set<StoreImage>().AnyAsync(i => i.TemplateId == State.TemplateId && i.StoreId == store && i.Ready, ct);

    // One that was deleted is collected where it lies.
    private async Task<IReadOnlyList<Order<CopyImageToStore>>> ImageToCopy(CancellationToken ct) =>
        await db.Set<Template>().AnyAsync(t => t.Id == State.TemplateId, ct) && await IsInAsync(State.FromId, ct)
            ? [CopyImageToStore.For(State.TemplateId, State.ToId, from: State.TemplateId)]
            : [];

    private async Task<IReadOnlyList<Order<RemoveStoreImage>>> OriginalToRemove(CancellationToken ct)
    {
        if (!await IsInAsync(State.ToId, ct)) return [];
        var original = await db.Set<StoreImage>().SingleOrDefaultAsync(i => i.TemplateId == State.TemplateId && i.StoreId == State.FromId, ct);
        return original is null ? [] : [RemoveStoreImage.For(original)];
    }
}
