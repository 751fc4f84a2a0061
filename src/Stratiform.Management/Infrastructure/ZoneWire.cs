using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure;

/// <summary>A zone as clients see it.</summary>
[WireName("zone")]
public sealed record ZoneWire
{
    [Description("The zone's id")]
    public required Guid Id { get; init; }

    [Description("The zone's name")]
    public required string Name { get; init; }

    [Description("First name server for guests")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public required string Dns1 { get; init; }

    [Description("Second name server for guests")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public string? Dns2 { get; init; }

    [Description("First name server for system VMs")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public required string InternalDns1 { get; init; }

    [Description("Second name server for system VMs")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public string? InternalDns2 { get; init; }

    [Description("Range of guest networks that name none")]
    public required string GuestCidrAddress { get; init; }

    [Description("Search domain of guest networks that name none")]
    public string? Domain { get; init; }

    [Description("Advanced: isolated networks with routers")]
    public string NetworkType { get; init; } = "Advanced";

    [Description("Core: a zone with hosts of its own kind")]
    public string Type { get; init; } = "Core";

    [Description("Whether guests are guarded by security groups")]
    public bool SecurityGroupsEnabled { get; init; }

    [Description("Whether tenants may place things here")]
    public required AllocationState AllocationState { get; init; }

    [Description("Whether hosts' own disks are used")]
    public required bool LocalStorageEnabled { get; init; }

    [Description("Who gives guests their addresses")]
    public string DhcpProvider { get; init; } = "VirtualRouter";

    [Description("Names and values attached to it")]
    public IReadOnlyList<TagWire> Tags { get; init; } = [];
}

internal sealed class ZoneWireReader(CloudDb db) : IReadWire<ZoneWire>
{
    public async Task<IReadOnlyList<ZoneWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<Zone>(id)).ToList();
        var rows = await db.Set<Zone>().AsNoTracking().Where(z => keys.Contains(z.Id)).ToListAsync(ct);
        return rows.InOrderOf(ids, z => z.Id.Value).Select(zone => new ZoneWire
        {
            Id = zone.Id.Value,
            Name = zone.Name,
            Dns1 = zone.Dns1,
            Dns2 = zone.Dns2,
            InternalDns1 = zone.InternalDns1,
            InternalDns2 = zone.InternalDns2,
            GuestCidrAddress = zone.GuestCidr,
            Domain = zone.NetworkDomain,
            AllocationState = zone.AllocationState,
            LocalStorageEnabled = zone.LocalStorageEnabled,
        }).ToList();
    }
}
