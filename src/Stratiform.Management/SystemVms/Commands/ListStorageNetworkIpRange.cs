using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.SystemVms.Commands;

/// <summary>The ranges of storage networks.</summary>
[Command("Lists ranges of storage networks")]
internal sealed record ListStorageNetworkIpRange : ListQuery<StorageIpRangeWire>
{
    [Description("Lists only this range")]
    public Id<StorageIpRange>? Id { get; init; }

    [Description("Lists only ranges of this zone")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("Lists only ranges of this pod")]
    public Id<Pod>? PodId { get; init; }
}

internal sealed class ListStorageNetworkIpRangeHandler(CloudDb db, Lists<StorageIpRangeWire> lists)
    : IHandle<ListStorageNetworkIpRange, Page<StorageIpRangeWire>>
{
    public Task<Page<StorageIpRangeWire>> HandleAsync(ListStorageNetworkIpRange command, Caller caller, CancellationToken ct)
    {
        var ranges = db.Set<StorageIpRange>().AsNoTracking();
        if (command.Id is { } id) ranges = ranges.Where(r => r.Id == id);
        if (command.ZoneId is { } zone) ranges = ranges.Where(r => r.ZoneId == zone);
        if (command.PodId is { } pod) ranges = ranges.Where(r => r.PodId == pod);
        return lists.PageAsync(ranges.OrderBy(r => r.Id).Select(r => r.Id), command, caller, ct);
    }
}
