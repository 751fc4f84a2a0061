using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Workflows;

/// <summary>Copies a template into an image store, from where pools take it.</summary>
public sealed class CopyImageToStore(CloudDb db, Hosts hosts, ImageTransfer transfer) : Workflow<CopyImageToStore.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="TemplateId">The template.</param>
    /// <param name="StoreId">The store.</param>
    /// <param name="HostId">The host that does the work.</param>
    /// <param name="Checksum">The copy's, once it is whole.</param>
    public sealed record Memory(Id<Template> TemplateId, Id<ImageStore> StoreId, Id<Host> HostId, string Checksum = "");

    public static Order<CopyImageToStore> For(Id<Template> template, Id<ImageStore> store, Id<Host> host) => new()
    {
        State = new Memory(template, store, host),
        Subjects = [StoreImage.SubjectOf(template, store)],
        InstanceKind = nameof(Template),
        InstanceId = template.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(NoteCopy).Undo(ForgetCopy)
        .Until(ImageIsInStore, TimeSpan.FromMinutes(30)).Undo(RemoveImage)
        .Do(MarkReady);

    private Subject Subject => StoreImage.SubjectOf(State.TemplateId, State.StoreId);

    private ImageOnPool Copy => new(State.StoreId.Value, StoreImage.IdOf(State.TemplateId, State.StoreId).Value);

    private Task<StoreImage?> CopyAsync(CancellationToken ct) =>
        db.Set<StoreImage>().SingleOrDefaultAsync(i => i.TemplateId == State.TemplateId && i.StoreId == State.StoreId, ct);

    private async Task NoteCopy(CancellationToken ct)
    {
        if (await CopyAsync(ct) is null) db.Add(new StoreImage(State.TemplateId, State.StoreId));
        InCommit((commit, token) => ImageStore.RequireOpenAsync(commit, State.StoreId, token));
    }

    private async Task ForgetCopy(CancellationToken ct)
    {
        if (await CopyAsync(ct) is { Ready: false } copy) db.Remove(copy);
    }

    private async Task<bool> ImageIsInStore(CancellationToken ct)
    {
        var template = await db.Set<Template>().IgnoreQueryFilters().SingleAsync(t => t.Id == State.TemplateId, ct);
        var done = await transfer.ImportAsync(template, new(State.HostId, Copy, Subject, "secondary storage"), ct);
        if (done is not null) State = State with { Checksum = done.Checksum };
        return done is not null;
    }

    private async Task RemoveImage(CancellationToken ct)
    {
        if (await CopyAsync(ct) is { Ready: false })
            await hosts.EnsureAsync(State.HostId, Subject, new EnsureNoImage(Copy.PoolId, Copy.ImageId), ct);
    }

    private async Task MarkReady(CancellationToken ct) => (await CopyAsync(ct))!.MarkReady(State.Checksum);
}
