using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Storage.Commands;

/// <summary>The kinds of disk.</summary>
[Command("Lists disk offerings", AllowedTo.Everyone)]
internal sealed record ListDiskOfferings : ListQuery<DiskOfferingWire>
{
    [Description("Lists only this offering")]
    public Id<DiskOffering>? Id { get; init; }

    [Description("Lists only the offering of this name")]
    public string? Name { get; init; }
}

internal sealed class ListDiskOfferingsHandler(CloudDb db, Lists<DiskOfferingWire> lists) : IHandle<ListDiskOfferings, Page<DiskOfferingWire>>
{
    public Task<Page<DiskOfferingWire>> HandleAsync(ListDiskOfferings command, Caller caller, CancellationToken ct)
    {
        var offerings = db.Set<DiskOffering>().AsNoTracking();
        if (command.Id is { } id) offerings = offerings.Where(o => o.Id == id);
        if (command.Name is { } name) offerings = offerings.Where(o => o.Name == name);
        if (command.Keyword is { } keyword) offerings = offerings.Where(o => EF.Functions.ILike(o.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return lists.PageAsync(offerings.OrderBy(o => o.CreatedAt).ThenBy(o => o.Id).Select(o => o.Id), command, caller, ct);
    }
}
