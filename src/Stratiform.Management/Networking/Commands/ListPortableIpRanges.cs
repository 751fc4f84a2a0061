using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>The ranges of portable addresses.</summary>
[Command("Lists ranges of portable public addresses")]
internal sealed record ListPortableIpRanges : ListQuery<PortableIpRangeWire>
{
    [Description("Lists only this range")]
    public Id<PublicIpRange>? Id { get; init; }

    [Description("Lists only ranges of this region: this cloud, 1, has some, and others tell of their own")]
    public int? RegionId { get; init; }
}

internal sealed class ListPortableIpRangesHandler(CloudDb db, Lists<PortableIpRangeWire> lists) : IHandle<ListPortableIpRanges, Page<PortableIpRangeWire>>
{
    public async Task<Page<PortableIpRangeWire>> HandleAsync(ListPortableIpRanges command, Caller caller, CancellationToken ct)
    {
        var isHere = command.RegionId is null or Region.Local;
        var ranges = db.Set<PublicIpRange>().AsNoTracking().Where(r => r.ZoneId == null && isHere);
        if (command.Id is { } id) ranges = ranges.Where(r => r.Id == id);
        return await lists.PageAsync(ranges.OrderBy(r => r.Id).Select(r => r.Id), command, caller, ct);
    }
}
