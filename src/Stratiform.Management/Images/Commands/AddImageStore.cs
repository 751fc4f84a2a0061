using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images.Workflows;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Commands;

/// <summary>
/// Adds secondary storage: templates that are registered from now on are brought there first, and pools take them from there. A zone
/// with a store has secondary storage VMs.
/// </summary>
[Command("Adds an image store")]
internal sealed record AddImageStore : ICommand<ShownAfter<ImageStoreWire>>
{
    [Description("The store's name; its address unless said")]
    public string? Name { get; init; }

    [Description("nfs://server/path: a share that the zone's secondary storage VMs mount")]
    [MaxLength(2048)]
    public string? Url { get; init; }

    [Description("Its zone")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("NFS is the one there is")]
    public required string Provider { get; init; }
}

internal sealed class AddImageStoreHandler(CloudDb db, WorkflowQueue queue, StoreLinks links, TimeProvider clock) : IHandle<AddImageStore, ShownAfter<ImageStoreWire>>
{
    public async Task<ShownAfter<ImageStoreWire>> HandleAsync(AddImageStore command, Caller caller, CancellationToken ct)
    {
        if (command.Url is not { } url) throw Refusal.Missing(caller.Command, "url");
        if (command.ZoneId is not { } zoneId) throw Refusal.Missing(caller.Command, "zoneid");
        var zone = await db.FindAsync(caller, zoneId, ct, nameof(command.ZoneId));
        var at = ImageStoreKind.RequireUrl(command.Provider, url);
        if (await db.Set<ImageStore>().AnyAsync(s => s.Url == at, ct))
            throw Refusal.Parameter($"There is an image store at {at} already.");
        var store = new ImageStore(command.Name ?? at, at, zone.Id, clock.GetUtcNow());
        await links.EnsureKeyAsync(zone.Id, ct);
        db.Add(store);
        return new(queue.Enqueue(AddStore.For(store), caller.Asks).Id, store.Id.Value);
    }
}
