using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure.Commands;

/// <summary>The zones that exist for the caller: tenants see the enabled ones.</summary>
[Command("Lists zones", AllowedTo.Everyone)]
internal sealed record ListZones : ListQuery<ZoneWire>
{
    [Description("Lists only this zone")]
    public Id<Zone>? Id { get; init; }

    [Description("Lists only the zone of this name")]
    public string? Name { get; init; }

    [Description("True lists only zones where tenants can place things")]
    public bool? Available { get; init; }

    [Description("Lists only zones of this network type")]
    public string? NetworkType { get; init; }
}

internal sealed class ListZonesHandler(CloudDb db, Lists<ZoneWire> lists) : IHandle<ListZones, Page<ZoneWire>>
{
    public Task<Page<ZoneWire>> HandleAsync(ListZones command, Caller caller, CancellationToken ct)
    {
        var zones = db.Set<Zone>().AsNoTracking();
        if (!caller.IsRootAdmin || command.Available == true) zones = zones.Where(z => z.AllocationState == AllocationState.Enabled);
        if (command.Id is { } id) zones = zones.Where(z => z.Id == id);
        if (command.Name is { } name) zones = zones.Where(z => z.Name == name);
        if (command.NetworkType is { } type && !type.Equals("Advanced", StringComparison.OrdinalIgnoreCase)) zones = zones.Where(_ => false);
        if (command.Keyword is { } keyword) zones = zones.Where(z => EF.Functions.ILike(z.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return lists.PageAsync(zones.OrderBy(z => z.Id).Select(z => z.Id), command, caller, ct);
    }
}
