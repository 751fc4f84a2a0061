using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A VPC offering as clients see it.</summary>
[WireName("vpcoffering")]
public sealed record VpcOfferingWire
{
    [Description("The offering's id")]
    public required Guid Id { get; init; }

    [Description("The offering's name")]
    public required string Name { get; init; }

    [Description("What it is, for people")]
    public required string DisplayText { get; init; }

    [Description("Enabled when VPCs may be created from it")]
    public required AllocationState State { get; init; }

    [Description("Whether it came with the cloud: none did")]
    public bool IsDefault { get; init; }

    [Description("Whether each host routes by itself: a router does")]
    public bool DistributedVpcRouter { get; init; }

    [Description("The services that tiers may have, with who gives them")]
    public required IReadOnlyList<NetworkServiceWire> Service { get; init; }

    [Description("Whether a public address may lead into several tiers")]
    public required bool ConserveMode { get; init; }

    [Description("IPv4")]
    public string InternetProtocol { get; init; } = IpFamily.Only;

    [Description("When it was created")]
    public required DateTimeOffset Created { get; init; }
}

internal sealed class VpcOfferingWireReader(CloudDb db) : IReadWire<VpcOfferingWire>
{
    public async Task<IReadOnlyList<VpcOfferingWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<VpcOffering>(id)).ToList();
        var rows = await db.Set<VpcOffering>().AsNoTracking().Where(o => keys.Contains(o.Id)).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, o => o.Id.Value).Select(o => new VpcOfferingWire
        {
            Id = o.Id.Value,
            Name = o.Name,
            DisplayText = o.DisplayText,
            State = o.State,
            Service = NetworkServiceWire.Of(o),
            ConserveMode = o.ConserveMode,
            Created = o.CreatedAt,
        })];
    }
}
