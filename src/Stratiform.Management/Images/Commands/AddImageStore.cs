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

    [Description("nfs://server/path: a share that the zone's secondary storage VMs mount; https://server/bucket: object storage")]
    [MaxLength(2048)]
    public string? Url { get; init; }

    [Description("Its zone; a store in object storage may leave it out where there is only one")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("NFS or S3")]
    public required string Provider { get; init; }

    [Description("For S3: accesskey and secretkey, and without url endpoint, bucket and usehttps: details[0].key and details[0].value")]
    public IReadOnlyList<IReadOnlyDictionary<string, string>>? Details { get; init; }
}

internal sealed class AddImageStoreHandler(CloudDb db, WorkflowQueue queue, StoreLinks links, Secrets secrets, TimeProvider clock) : IHandle<AddImageStore, ShownAfter<ImageStoreWire>>
{
    public async Task<ShownAfter<ImageStoreWire>> HandleAsync(AddImageStore command, Caller caller, CancellationToken ct)
    {
        var at = ImageStorePlace.Require(caller.Command, command.Provider, command.Url, DetailsOf(command));
        var zone = await ZoneAsync(command, caller, ct);
        if (await db.Set<ImageStore>().AnyAsync(s => s.Url == at.Url, ct))
            throw Refusal.Parameter($"There is an image store at {at.Url} already.");
        var store = new ImageStore(command.Name ?? at.Url, at.Url, zone.Id, clock.GetUtcNow());
        if (at.SecretKey.Length > 0) store.UseKeys(at.AccessKey, at.SecretKey, secrets);
        await links.EnsureKeyAsync(zone.Id, ct);
        db.Add(store);
        return new(queue.Enqueue(AddStore.For(store), caller.Asks).Id, store.Id.Value);
    }

    // CloudStack's object storage belongs to a region, so its clients name no zone.
    private async Task<Zone> ZoneAsync(AddImageStore command, Caller caller, CancellationToken ct)
    {
        if (command.ZoneId is { } id) return await db.FindAsync(caller, id, ct, nameof(command.ZoneId));
        var zones = ImageStoreKind.IsS3(command.Provider) ? await db.Set<Zone>().Take(2).ToListAsync(ct) : [];
        return zones is [var only] ? only : throw Refusal.Missing(caller.Command, "zoneid");
    }

    // Both ways are sent.
    private static Dictionary<string, string> DetailsOf(AddImageStore command)
    {
        var details = new Dictionary<string, string>(command.Details.AsFields(), StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in command.Details.AsKeysAndValues()) details[key] = value;
        return details;
    }
}
