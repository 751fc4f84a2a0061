using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;

namespace Stratiform.Management.Images.Commands;

/// <summary>The families of guest operating systems.</summary>
[Command("Lists categories of guest operating systems", AllowedTo.Everyone)]
internal sealed record ListOsCategories : ListQuery<OsCategoryWire>
{
    [Description("Lists only this one")]
    public Guid? Id { get; init; }

    [Description("Lists only the one of this name")]
    public string? Name { get; init; }
}

/// <summary>A family of guest operating systems as clients see it.</summary>
[WireName("oscategory")]
internal sealed record OsCategoryWire
{
    [Description("Its id")]
    public required Guid Id { get; init; }

    [Description("Its name")]
    public required string Name { get; init; }

    /// <summary>A category is a word of its types, so its id derives from it.</summary>
    public static OsCategoryWire Of(string name) => new() { Id = Protocol.Id.Derive(Guid.Empty, "oscategory", name), Name = name };
}

internal sealed class ListOsCategoriesHandler(CloudDb db, Pages pages) : IHandle<ListOsCategories, Page<OsCategoryWire>>
{
    public async Task<Page<OsCategoryWire>> HandleAsync(ListOsCategories command, Caller caller, CancellationToken ct)
    {
        var (skip, take) = pages.Window(command.Page, command.PageSize);
        var names = await db.Set<OsType>().Select(o => o.Category).Distinct().OrderBy(c => c).ToListAsync(ct);
        var found = names.Select(OsCategoryWire.Of)
            .Where(c => command.Id is not { } id || c.Id == id)
            .Where(c => command.Name is not { } name || c.Name == name)
            .Where(c => command.Keyword is not { } keyword || c.Name.Contains(keyword, StringComparison.OrdinalIgnoreCase)).ToList();
        return new(found.Count, [.. found.Skip(skip).Take(take ?? int.MaxValue)]);
    }
}
