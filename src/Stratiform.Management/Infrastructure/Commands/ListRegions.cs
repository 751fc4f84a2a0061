using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;

namespace Stratiform.Management.Infrastructure.Commands;

/// <summary>This cloud and the others that its operator told it of.</summary>
[Command("Lists regions: this cloud, and others that are known", AllowedTo.Everyone)]
internal sealed record ListRegions : ListQuery<RegionWire>
{
    [Description("Lists only this region")]
    public int? Id { get; init; }

    [Description("Lists only the region of this name")]
    public string? Name { get; init; }
}

internal sealed class ListRegionsHandler(CloudDb db, Pages pages) : IHandle<ListRegions, Page<RegionWire>>
{
    public async Task<Page<RegionWire>> HandleAsync(ListRegions command, Caller caller, CancellationToken ct)
    {
        var regions = db.Set<Region>().AsNoTracking();
        if (command.Id is { } id) regions = regions.Where(r => r.Id == id);
        if (command.Name is { } name) regions = regions.Where(r => r.Name == name);
        if (command.Keyword is { } keyword) regions = regions.Where(r => EF.Functions.ILike(r.Name, Keyword.Pattern(keyword), Keyword.Escape));
        var rows = await regions.OrderBy(r => r.Id).ToListAsync(ct);
        return pages.Of([.. rows.Select(RegionWire.Of)], command);
    }
}
