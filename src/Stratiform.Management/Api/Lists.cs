using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Settings;
using Stratiform.Protocol;

namespace Stratiform.Management.Api;

/// <summary>
/// Reads one page of a list in three moves: count all matches, read the page's ids in an indexed order, then let the wire
/// shape's reader fetch these rows. The number of statements does not grow with the page.
/// </summary>
internal sealed class Lists<TWire>(IReadWire<TWire> wire, LiveSettings settings) where TWire : class
{
    private const int Unlimited = -1;

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

    /// <summary>As the other one, for lists that are made in memory because they are short.</summary>
    public Page<TWire> PageOf(IReadOnlyList<TWire> rows, ListQuery<TWire> list)
    {
        var (skip, take) = Window(list.Page, list.PageSize);
        return new(rows.Count, [.. rows.Skip(skip).Take(take ?? int.MaxValue)]);
    }

    private async Task<Page<TWire>> PageAsync<TId>(
        IQueryable<TId> ids, Func<TId, Guid> valueOf, ListQuery<TWire> list, Caller caller, CancellationToken ct)
    {
        var (skip, take) = Window(list.Page, list.PageSize);
        var count = await ids.CountAsync(ct);
        if (skip >= count) return new(count, []);
        var page = ids.Skip(skip);
        if (take is { } limit) page = page.Take(limit);
        var read = await page.ToListAsync(ct);
        return new(count, await wire.ReadAsync([.. read.Select(valueOf)], caller, ct));
    }

    private (int Skip, int? Take) Window(int? page, int? size)
    {
        var most = settings.Get(ApiSettings.MaxPageSize);
        if (size == Unlimited)
            return page is null ? (0, null) : throw Refusal.Parameter("Can't specify page parameter when pagesize is -1 (Unlimited)");
        if (page is null && size is not null) throw Refusal.Parameter("\"page\" parameter is required when \"pagesize\" is specified");
        if (page is not null && size is null) throw Refusal.Parameter("\"pagesize\" parameter is required when \"page\" is specified");
        if (size > most)
            throw Refusal.Parameter(string.Create(CultureInfo.InvariantCulture, $"Page size can't exceed max allowed page size value: {most}"));
        if (page < 1 || size < 1) throw Refusal.Parameter("Pages and their sizes begin at 1");
        var skip = ((page ?? 1) - 1L) * (size ?? most);
        return ((int)Math.Min(skip, int.MaxValue), size ?? most);
    }
}
