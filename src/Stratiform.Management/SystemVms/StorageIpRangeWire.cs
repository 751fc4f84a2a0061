using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.SystemVms;

/// <summary>A range of a storage network as operators see it.</summary>
[WireName("storagenetworkiprange")]
public sealed record StorageIpRangeWire
{
    [Description("The range's id")]
    public required Guid Id { get; init; }

    [Description("Its zone")]
    public required Guid ZoneId { get; init; }

    [Description("Its pod")]
    public required Guid PodId { get; init; }

    [Description("The next hop of these addresses")]
    public required string Gateway { get; init; }

    [Description("Mask of their network")]
    public required string Netmask { get; init; }

    [Description("First address")]
    public required string StartIp { get; init; }

    [Description("Last address")]
    public required string EndIp { get; init; }
}

internal sealed class StorageIpRangeWireReader(CloudDb db) : IReadWire<StorageIpRangeWire>
{
    public async Task<IReadOnlyList<StorageIpRangeWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<StorageIpRange>(id)).ToList();
        var rows = await db.Set<StorageIpRange>().AsNoTracking().Where(r => keys.Contains(r.Id)).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.Id.Value).Select(r => new StorageIpRangeWire
        {
            Id = r.Id.Value,
            ZoneId = r.ZoneId.Value,
            PodId = r.PodId.Value,
            Gateway = r.Gateway.ToString(),
            Netmask = r.Netmask.ToString(),
            StartIp = r.StartIp.ToString(),
            EndIp = r.EndIp.ToString(),
        })];
    }
}
