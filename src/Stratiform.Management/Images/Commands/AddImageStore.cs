using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images.Workflows;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Commands;

/// <summary>Adds secondary storage: templates that are registered from now on are copied to it first, and pools take them from there.</summary>
[Command("Adds an image store")]
internal sealed record AddImageStore : ICommand<ShownAfter<ImageStoreWire>>
{
    [Description("The store's name; its address unless said")]
    public string? Name { get; init; }

    [Description("file:///path: a directory that every host of the zone sees")]
    [MaxLength(2048)]
    public string? Url { get; init; }

    [Description("Its zone")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("SharedMountPoint is the one there is")]
    public required string Provider { get; init; }
}

internal sealed class AddImageStoreHandler(CloudDb db, WorkflowQueue queue, TimeProvider clock) : IHandle<AddImageStore, ShownAfter<ImageStoreWire>>
{
    public async Task<ShownAfter<ImageStoreWire>> HandleAsync(AddImageStore command, Caller caller, CancellationToken ct)
    {
        if (!command.Provider.Equals(ImageStore.SharedMountPoint, StringComparison.OrdinalIgnoreCase))
        {
            throw Refusal.Parameter($"provider {command.Provider} is not supported; mount the share in the same place of every host of the zone, "
                + $"and use {ImageStore.SharedMountPoint} with url=file:///that/place.");
        }
        if (command.Url is not { } url) throw Refusal.Missing(caller.Command, "url");
        if (command.ZoneId is not { } zoneId) throw Refusal.Missing(caller.Command, "zoneid");
        var zone = await db.FindAsync(caller, zoneId, ct, nameof(command.ZoneId));
        var store = new ImageStore(command.Name ?? url, HostDirectories.PathOf(url), zone.Id, clock.GetUtcNow());
        if (await db.Set<ImageStore>().AnyAsync(s => s.ZoneId == zone.Id && s.Path == store.Path, ct))
            throw Refusal.Parameter($"The zone {zone.Name} has an image store at {store.Path} already.");
        if (await db.Set<StoragePool>().AnyAsync(p => p.ZoneId == zone.Id && p.Path == store.Path, ct))
            throw Refusal.Parameter($"{store.Path} is primary storage of the zone {zone.Name}; give images a directory of their own.");
        db.Add(store);
        var hosts = await db.Set<Host>().Where(h => h.ZoneId == zone.Id).ToListAsync(ct);
        return new(queue.Enqueue(AddStore.For(store, hosts), caller.Asks).Id, store.Id.Value);
    }
}
