using System.ComponentModel;
using Stratiform.Management.Api;

namespace Stratiform.Management.Infrastructure;

/// <summary>A region as clients see it.</summary>
[WireName("region")]
internal sealed record RegionWire
{
    [Description("The region's id, 1 for this cloud")]
    public required int Id { get; init; }

    [Description("The region's name")]
    public required string Name { get; init; }

    [Description("Where its API is")]
    public required string Endpoint { get; init; }

    public static RegionWire Of(Region region) => new() { Id = region.Id, Name = region.Name, Endpoint = region.Endpoint };
}
