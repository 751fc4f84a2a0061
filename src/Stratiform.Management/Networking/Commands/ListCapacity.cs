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

    [Description("Lists what this pod has: processors, memory and primary storage")]
    public Id<Pod>? PodId { get; init; }

    [Description("Lists what this cluster has: processors, memory and primary storage")]
    public Id<Cluster>? ClusterId { get; init; }

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
        var capacities = new Capacities(db, settings);
        var read = command is { PodId: null, ClusterId: null } ? await capacities.ReadAsync(command.ZoneId, ct)
            : await PlaceAsync(command, caller, ct) is { } place ? await capacities.ReadAsync(place, ct) : [];
        var rows = read.Where(c => command.Type is not { } type || c.Type == type);
        if (command.Keyword is { } keyword) rows = rows.Where(c => c.Name.Contains(keyword, StringComparison.OrdinalIgnoreCase));
        if (command.SortBy == "usage") rows = rows.OrderByDescending(c => c.Share);
        var all = rows.ToList();
        return new(all.Count, [.. all.Skip(skip).Take(take ?? int.MaxValue)]);
    }

    // None that is in both, and in the zone, is no place.
    private async Task<CapacityPlace?> PlaceAsync(ListCapacity command, Caller caller, CancellationToken ct)
    {
        var cluster = command.ClusterId is { } id ? await db.FindAsync(caller, id, ct, nameof(command.ClusterId)) : null;
        var pod = await db.FindAsync(caller, command.PodId ?? cluster!.PodId, ct, nameof(command.PodId));
        if (cluster is not null && cluster.PodId != pod.Id || command.ZoneId is { } zone && zone != pod.ZoneId) return null;
        return new(pod.ZoneId, pod, cluster);
    }
}
