using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure;

/// <summary>A pod as clients see it.</summary>
[WireName("pod")]
public sealed record PodWire
{
    [Description("The pod's id")]
    public required Guid Id { get; init; }

    [Description("The pod's name")]
    public required string Name { get; init; }

    [Description("Its zone's id")]
    public required Guid ZoneId { get; init; }

    [Description("Its zone's name")]
    public required string ZoneName { get; init; }

    [Description("Gateway of its management network")]
    public string? Gateway { get; init; }

    [Description("Mask of its management network")]
    public string? Netmask { get; init; }

    [Description("First addresses for system VMs")]
    public IReadOnlyList<string> StartIp { get; init; } = [];

    [Description("Last addresses for system VMs")]
    public IReadOnlyList<string> EndIp { get; init; } = [];

    [Description("Whether things may be placed here")]
    public required AllocationState AllocationState { get; init; }
}

internal sealed class PodWireReader(CloudDb db) : IReadWire<PodWire>
{
    public async Task<IReadOnlyList<PodWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<Pod>(id)).ToList();
        var rows = await (
            from pod in db.Set<Pod>().AsNoTracking()
            where keys.Contains(pod.Id)
            join zone in db.Set<Zone>() on pod.ZoneId equals zone.Id
            select new { Pod = pod, Zone = zone.Name }).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.Pod.Id.Value).Select(r => new PodWire
        {
            Id = r.Pod.Id.Value,
            Name = r.Pod.Name,
            ZoneId = r.Pod.ZoneId.Value,
            ZoneName = r.Zone,
            Gateway = r.Pod.Gateway?.ToString(),
            Netmask = r.Pod.Netmask?.ToString(),
            StartIp = r.Pod.StartIp is { } start ? [start.ToString()] : [],
            EndIp = r.Pod.EndIp is { } end ? [end.ToString()] : [],
            AllocationState = r.Pod.AllocationState,
        })];
    }
}
