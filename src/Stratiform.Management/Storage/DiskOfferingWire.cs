using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Storage;

/// <summary>A disk offering as clients see it.</summary>
[WireName("diskoffering")]
public sealed record DiskOfferingWire
{
    [Description("The offering's id")]
    public required Guid Id { get; init; }

    [Description("The offering's name")]
    public required string Name { get; init; }

    [Description("What it is, for people")]
    public required string DisplayText { get; init; }

    [Description("Size of its disks, GiB; 0 when the tenant chooses")]
    public required long DiskSize { get; init; }

    [Description("Whether the tenant chooses the size")]
    public required bool IsCustomized { get; init; }

    [Description("shared or local")]
    public required string StorageType { get; init; }

    [Description("thin: disks take the room that is written")]
    public string ProvisioningType { get; init; } = "thin";

    [Description("Whether tenants see it")]
    public bool DisplayOffering { get; init; } = true;

    [Description("Active, like all offerings that are not deleted")]
    public string State { get; init; } = "Active";

    [Description("Tags that pools must bear, comma separated")]
    public string? Tags { get; init; }

    [Description("When it was created")]
    public required DateTimeOffset Created { get; init; }
}

internal sealed class DiskOfferingWireReader(CloudDb db) : IReadWire<DiskOfferingWire>
{
    public async Task<IReadOnlyList<DiskOfferingWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<DiskOffering>(id)).ToList();
        var rows = await db.Set<DiskOffering>().AsNoTracking().Where(o => keys.Contains(o.Id)).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, o => o.Id.Value).Select(o => new DiskOfferingWire
        {
            Id = o.Id.Value,
            Name = o.Name,
            DisplayText = o.DisplayText,
            DiskSize = (o.SizeBytes ?? 0) >> 30,
            IsCustomized = o.SizeBytes is null,
            StorageType = o.Shared ? "shared" : "local",
            Tags = o.Tags.Length > 0 ? string.Join(',', o.Tags) : null,
            Created = o.CreatedAt,
        })];
    }
}
