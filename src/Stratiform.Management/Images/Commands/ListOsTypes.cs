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

    [Description("Lists only the one of this name")]
    public string? Description { get; init; }
}

internal sealed class ListOsTypesHandler(CloudDb db, Lists<OsTypeWire> lists) : IHandle<ListOsTypes, Page<OsTypeWire>>
{
    public Task<Page<OsTypeWire>> HandleAsync(ListOsTypes command, Caller caller, CancellationToken ct)
    {
        var types = db.Set<OsType>().AsNoTracking();
        if (command.Id is { } id) types = types.Where(o => o.Id == id);
        if (command.Description is { } name) types = types.Where(o => o.Description == name);
        if (command.Keyword is { } keyword) types = types.Where(o => EF.Functions.ILike(o.Description, Keyword.Pattern(keyword), Keyword.Escape));
        return lists.PageAsync(types.OrderBy(o => o.Description).Select(o => o.Id), command, caller, ct);
    }
}
