using Microsoft.EntityFrameworkCore;
using Stratiform.Protocol;

namespace Stratiform.Management.Api;

/// <summary>
/// Reads one page of a list in three moves: count all matches, read the page's ids in an indexed order, then let the wire
/// shape's reader fetch these rows. The number of statements does not grow with the page.
/// </summary>
internal sealed class Lists<TWire>(IReadWire<TWire> wire, Pages pages) where TWire : class
{
    /// <summary>The page that the list's parameters ask for.</summary>
    /// <param name="ids">All matches, in an order that an index serves.</param>
    /// <param name="list">Page and pagesize.</param>
    /// <param name="caller">Who reads.</param>
    /// <param name="ct">Cancels the reading.</param>
    public Task<Page<TWire>> PageAsync<T>(IQueryable<Id<T>> ids, ListQuery<TWire> list, Caller caller, CancellationToken ct) =>
        PageAsync(ids, id => id.Value, list, caller, ct);

    /// <summary>As the other one, for rows whose ids are of no entity's.</summary>
    public Task<Page<TWire>> PageAsync(IQueryable<Guid> ids, ListQuery<TWire> list, Caller caller, CancellationToken ct) =>
        PageAsync(ids, id => id, list, caller, ct);

    private async Task<Page<TWire>> PageAsync<TId>(
        IQueryable<TId> ids, Func<TId, Guid> valueOf, ListQuery<TWire> list, Caller caller, CancellationToken ct)
    {
        var (skip, take) = pages.Window(list.Page, list.PageSize);
        var count = await ids.CountAsync(ct);
        if (skip >= count) return new(count, []);
        var page = ids.Skip(skip);
        if (take is { } limit) page = page.Take(limit);
        var read = await page.ToListAsync(ct);
        return new(count, await wire.ReadAsync([.. read.Select(valueOf)], caller, ct));
    }
}
