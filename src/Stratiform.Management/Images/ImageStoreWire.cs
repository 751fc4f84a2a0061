using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Images;

/// <summary>An image store as clients see it.</summary>
[WireName("imagestore")]
public sealed record ImageStoreWire
{
    [Description("The store's id")]
    public required Guid Id { get; init; }

    [Description("The store's name")]
    public required string Name { get; init; }

    [Description("Where it is")]
    public required string Url { get; init; }

    [Description("How it is reached: nfs or s3")]
    public string Protocol => ImageStoreKind.ProtocolOf(Url);

    [Description("What kind it is: NFS or S3")]
    public string ProviderName => ImageStoreKind.ProviderOf(Url);

    [Description("ZONE: it serves its whole zone")]
    public string Scope { get; init; } = "ZONE";

    [Description("Its zone's id")]
    public required Guid ZoneId { get; init; }

    [Description("Its zone's name")]
    public required string ZoneName { get; init; }

    [Description("True when nothing new is written to it")]
    public required bool ReadOnly { get; init; }

    [Description("Its size, bytes; 0 until a worker has seen it, and for object storage")]
    public required long DiskSizeTotal { get; init; }

    [Description("Bytes in use on its file system, or by images in its bucket")]
    public required long DiskSizeUsed { get; init; }
}

internal sealed class ImageStoreWireReader(CloudDb db) : IReadWire<ImageStoreWire>
{
    public async Task<IReadOnlyList<ImageStoreWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<ImageStore>(id)).ToList();
        var rows = await (
            from store in db.Set<ImageStore>().AsNoTracking()
            where keys.Contains(store.Id)
            join zone in db.Set<Zone>() on store.ZoneId equals zone.Id
            select new { Store = store, Zone = zone.Name }).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.Store.Id.Value).Select(r => new ImageStoreWire
        {
            Id = r.Store.Id.Value,
            Name = r.Store.Name,
            Url = r.Store.Url,
            ZoneId = r.Store.ZoneId.Value,
            ZoneName = r.Zone,
            ReadOnly = r.Store.IsReadOnly,
            DiskSizeTotal = r.Store.CapacityBytes,
            DiskSizeUsed = r.Store.UsedBytes,
        })];
    }
}
