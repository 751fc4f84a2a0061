using System.Globalization;
using Stratiform.Management.Settings;

namespace Stratiform.Management.Api;

/// <summary>The rules of pages: page and pagesize go together, begin at 1, and have a limit.</summary>
internal sealed class Pages(LiveSettings settings)
{
    private const int Unlimited = -1;

    /// <summary>The page of a list that is made in memory because it is short.</summary>
    public Page<TWire> Of<TWire>(IReadOnlyList<TWire> rows, ListQuery<TWire> list) where TWire : class
    {
        var (skip, take) = Window(list.Page, list.PageSize);
        return new(rows.Count, [.. rows.Skip(skip).Take(take ?? int.MaxValue)]);
    }

    /// <summary>How many rows to pass over, and how many to take; null for all.</summary>
    /// <exception cref="Workflows.CloudException">The parameters break a rule (431).</exception>
    public (int Skip, int? Take) Window(int? page, int? size)
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
