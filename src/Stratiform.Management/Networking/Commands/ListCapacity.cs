using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Settings;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>How full zones are. It lies in this slice since addresses and virtual networks do.</summary>
[Command("Lists how much of each resource of each zone is promised")]
internal sealed record ListCapacity : ListQuery<CapacityWire>
{
    [Description("Lists only this zone")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("Lists only this: 0 memory, 1 CPU, 2 primary storage in use, 3 primary storage promised, 4 public addresses, 6 secondary storage in use, 7 virtual networks")]
    public int? Type { get; init; }

    [Description("usage puts the fullest first")]
    public string? SortBy { get; init; }
}

internal sealed class ListCapacityHandler(CloudDb db, LiveSettings settings, Pages pages) : IHandle<ListCapacity, Page<CapacityWire>>
{
    public async Task<Page<CapacityWire>> HandleAsync(ListCapacity command, Caller caller, CancellationToken ct)
    {
        var (skip, take) = pages.Window(command.Page, command.PageSize);
        var rows = (await new Capacities(db, settings).ReadAsync(command.ZoneId, ct)).Where(c => command.Type is not { } type || c.Type == type);
        if (command.Keyword is { } keyword) rows = rows.Where(c => c.Name.Contains(keyword, StringComparison.OrdinalIgnoreCase));
        if (command.SortBy == "usage") rows = rows.OrderByDescending(c => c.Share);
        var all = rows.ToList();
        return new(all.Count, [.. all.Skip(skip).Take(take ?? int.MaxValue)]);
    }
}
