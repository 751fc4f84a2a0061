using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Commands;

/// <summary>Takes a store that no template needs from its zone. What else lies in it stays.</summary>
[Command("Deletes an image store")]
internal sealed record DeleteImageStore : ICommand<SuccessAfter>
{
    [Description("The store")]
    public required Id<ImageStore> Id { get; init; }
}

internal sealed class DeleteImageStoreHandler(CloudDb db, WorkflowQueue queue) : IHandle<DeleteImageStore, SuccessAfter>
{
    public async Task<SuccessAfter> HandleAsync(DeleteImageStore command, Caller caller, CancellationToken ct)
    {
        var store = await db.FindAsync(caller, command.Id, ct);
        var (whole, kept) = ($"The image store {store.Name}", db.Set<Template>().Where(t => db.Set<StoreImage>().Any(i => i.StoreId == store.Id && i.TemplateId == t.Id)));
        await kept.ExceptVolumes().RequireNoneAsync(whole, "template", "deleteTemplate", ct);
        await kept.Where(t => t.VolumeId != null && t.KeptUntil == null).RequireNoneAsync(whole, "volume", "deleteVolume", ct);
        var images = await db.Set<StoreImage>().Where(i => i.StoreId == store.Id).ToListAsync(ct);
        return new(queue.Enqueue(RemoveStore.For(store, images), caller.Asks).Id);
    }
}
