using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;

namespace Stratiform.Management.Infrastructure.Commands;

/// <summary>Makes another cloud known to this one's clients.</summary>
[Command("Makes another cloud known as a region")]
internal sealed record AddRegion : ICommand<RegionWire>
{
    [Description("The region's id, from 1, the same in all clouds that know it")]
    public required int Id { get; init; }

    [Description("The region's name")]
    public required string Name { get; init; }

    [Description("Where its API is")]
    public required string Endpoint { get; init; }
}

internal sealed class AddRegionHandler(CloudDb db) : IHandle<AddRegion, RegionWire>
{
    public async Task<RegionWire> HandleAsync(AddRegion command, Caller caller, CancellationToken ct)
    {
        if (command.Id < 1) throw Refusal.Parameter("The ids of regions begin at 1.");
        if (await db.Set<Region>().AnyAsync(r => r.Id == command.Id, ct))
            throw Refusal.Parameter($"There is a region {command.Id} already; choose another id, or change it (updateRegion).");
        var name = await Region.RequireNewNameAsync(db, command.Name, command.Id, ct);
        var region = new Region(command.Id, name, Region.RequireEndpoint(command.Endpoint));
        db.Add(region);
        return RegionWire.Of(region);
    }
}
