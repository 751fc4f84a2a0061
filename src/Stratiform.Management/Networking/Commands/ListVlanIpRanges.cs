using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>The ranges of public addresses.</summary>
[Command("Lists ranges of public addresses")]
internal sealed record ListVlanIpRanges : ListQuery<VlanIpRangeWire>
{
    [Description("Lists only this range")]
    public Id<PublicIpRange>? Id { get; init; }

    [Description("Lists only ranges of this zone")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("Lists only ranges of this physical network")]
    public Id<PhysicalNetwork>? PhysicalNetworkId { get; init; }
}

internal sealed class ListVlanIpRangesHandler(CloudDb db, Lists<VlanIpRangeWire> lists) : IHandle<ListVlanIpRanges, Page<VlanIpRangeWire>>
{
    public Task<Page<VlanIpRangeWire>> HandleAsync(ListVlanIpRanges command, Caller caller, CancellationToken ct)
    {
        var ranges = db.Set<PublicIpRange>().AsNoTracking();
        if (command.Id is { } id) ranges = ranges.Where(r => r.Id == id);
        if (command.ZoneId is { } zone) ranges = ranges.Where(r => r.ZoneId == zone);
        if (command.PhysicalNetworkId is { } wires) ranges = ranges.Where(r => r.PhysicalNetworkId == wires);
        return lists.PageAsync(ranges.OrderBy(r => r.Id).Select(r => r.Id), command, caller, ct);
    }
}
