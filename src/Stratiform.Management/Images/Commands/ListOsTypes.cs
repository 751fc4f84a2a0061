using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Images.Commands;

/// <summary>The guest operating systems that templates may name.</summary>
[Command("Lists guest operating systems", AllowedTo.Everyone)]
internal sealed record ListOsTypes : ListQuery<OsTypeWire>
{
    [Description("Lists only this one")]
    public Id<OsType>? Id { get; init; }

    [Description("Lists only these, separated by commas")]
    public IReadOnlyList<Id<OsType>>? Ids { get; init; }

    [Description("Lists only those of this category")]
    public Guid? OsCategoryId { get; init; }

    [Description("Lists only the one of this name")]
    public string? Description { get; init; }
}

internal sealed class ListOsTypesHandler(CloudDb db, Lists<OsTypeWire> lists) : IHandle<ListOsTypes, Page<OsTypeWire>>
{
    public async Task<Page<OsTypeWire>> HandleAsync(ListOsTypes command, Caller caller, CancellationToken ct)
    {
        var types = db.Set<OsType>().AsNoTracking();
        if (command.Id is { } id) types = types.Where(o => o.Id == id);
        if (command.Ids is { } ids) types = types.Where(o => ids.Contains(o.Id));
        if (command.OsCategoryId is { } category)
        {
            var names = await db.Set<OsType>().Select(o => o.Category).Distinct().ToListAsync(ct);
            var name = names.FirstOrDefault(n => OsCategoryWire.Of(n).Id == category);
            types = types.Where(o => o.Category == name);
        }
        if (command.Description is { } description) types = types.Where(o => o.Description == description);
        if (command.Keyword is { } keyword) types = types.Where(o => EF.Functions.ILike(o.Description, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(types.OrderBy(o => o.Description).Select(o => o.Id), command, caller, ct);
    }
}
