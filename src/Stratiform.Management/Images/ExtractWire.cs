using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Storage;
using Stratiform.Protocol;

namespace Stratiform.Management.Images;

/// <summary>An image that can be downloaded, as clients see it.</summary>
[WireName("template")]
public record ExtractWire
{
    /// <summary>The one way there is.</summary>
    public const string HttpDownload = "HTTP_DOWNLOAD";

    [Description("Its id")]
    public required Guid Id { get; init; }

    [Description("Its name")]
    public required string Name { get; init; }

    [Description("The owner's id")]
    public required Guid AccountId { get; init; }

    [Description("DOWNLOAD_URL_CREATED: there is a link")]
    public string State { get; init; } = "DOWNLOAD_URL_CREATED";

    [Description("HTTP_DOWNLOAD: by a link")]
    [JsonPropertyName("extractMode")]
    public string ExtractMode { get; init; } = HttpDownload;

    [Description("Its zone's id")]
    public required Guid ZoneId { get; init; }

    [Description("Its zone's name")]
    public required string ZoneName { get; init; }

    [Description("The link, in the job's result: whoever has it may download until it expires")]
    public string? Url { get; init; }
}

/// <summary>The same of an ISO, under another name.</summary>
[WireName("iso")]
public sealed record ExtractIsoWire : ExtractWire
{
    [SetsRequiredMembers]
    internal ExtractIsoWire(ExtractWire image) : base(image) { }
}

/// <summary>The same of a volume.</summary>
[WireName("volume")]
public sealed record ExtractVolumeWire : ExtractWire;

internal sealed class ExtractVolumeWireReader(CloudDb db) : IReadWire<ExtractVolumeWire>
{
    public async Task<IReadOnlyList<ExtractVolumeWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<Volume>(id)).ToList();
        var rows = await (
            from volume in db.Set<Volume>().IgnoreQueryFilters().AsNoTracking()
            where keys.Contains(volume.Id)
            join zone in db.Set<Zone>().IgnoreQueryFilters() on volume.ZoneId equals zone.Id
            select new { volume.Id, volume.Name, volume.AccountId, volume.ZoneId, Zone = zone.Name }).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.Id.Value).Select(r => new ExtractVolumeWire
        {
            Id = r.Id.Value,
            Name = r.Name,
            AccountId = r.AccountId.Value,
            ZoneId = r.ZoneId.Value,
            ZoneName = r.Zone,
        })];
    }
}

internal sealed class ExtractIsoWireReader(IReadWire<ExtractWire> images) : IReadWire<ExtractIsoWire>
{
    public async Task<IReadOnlyList<ExtractIsoWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct) =>
        [.. (await images.ReadAsync(ids, caller, ct)).Select(image => new ExtractIsoWire(image))];
}

internal sealed class ExtractWireReader(CloudDb db) : IReadWire<ExtractWire>
{
    public async Task<IReadOnlyList<ExtractWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<Template>(id)).ToList();
        var rows = await (
            from template in db.Set<Template>().IgnoreQueryFilters().AsNoTracking()
            where keys.Contains(template.Id)
            join zone in db.Set<Zone>().IgnoreQueryFilters() on template.ZoneId equals zone.Id
            select new { template.Id, template.Name, template.AccountId, template.ZoneId, Zone = zone.Name }).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.Id.Value).Select(r => new ExtractWire
        {
            Id = r.Id.Value,
            Name = r.Name,
            AccountId = r.AccountId.Value,
            ZoneId = r.ZoneId.Value,
            ZoneName = r.Zone,
        })];
    }
}
