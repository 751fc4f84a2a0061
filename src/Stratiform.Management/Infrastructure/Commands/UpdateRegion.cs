using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;

namespace Stratiform.Management.Infrastructure.Commands;

/// <summary>Changes what a region is called and where its API is, this cloud's own too.</summary>
[Command("Updates a region")]
internal sealed record UpdateRegion : ICommand<RegionWire>
{
    [Description("The region")]
    public required int Id { get; init; }

    [Description("A new name")]
    public string? Name { get; init; }

    [Description("Where its API is now")]
    public string? Endpoint { get; init; }
}

internal sealed class UpdateRegionHandler(CloudDb db) : IHandle<UpdateRegion, RegionWire>
{
    public async Task<RegionWire> HandleAsync(UpdateRegion command, Caller caller, CancellationToken ct)
    {
        var region = await Region.FindAsync(db, command.Id, ct);
        if (command.Name is { } name) region.Name = await Region.RequireNewNameAsync(db, name, region.Id, ct);
        if (command.Endpoint is { } endpoint) region.Endpoint = Region.RequireEndpoint(endpoint);
        return RegionWire.Of(region);
    }
}
