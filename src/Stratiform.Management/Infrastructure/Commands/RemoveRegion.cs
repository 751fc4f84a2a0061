using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;

namespace Stratiform.Management.Infrastructure.Commands;

/// <summary>Forgets another cloud.</summary>
[Command("Forgets a region")]
internal sealed record RemoveRegion : ICommand<Success>
{
    [Description("The region")]
    public required int Id { get; init; }
}

internal sealed class RemoveRegionHandler(CloudDb db) : IHandle<RemoveRegion, Success>
{
    public async Task<Success> HandleAsync(RemoveRegion command, Caller caller, CancellationToken ct)
    {
        var region = await Region.FindAsync(db, command.Id, ct);
        if (region.Id == Region.Local) throw Refusal.Parameter($"The region {region.Name} is this cloud itself and stays; updateRegion changes what is said of it.");
        db.Remove(region);
        return new();
    }
}
