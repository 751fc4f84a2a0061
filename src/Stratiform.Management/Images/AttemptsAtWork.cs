using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Workflows;

namespace Stratiform.Management.Images;

/// <summary>
/// The names that unfinished workflows remember: of attempts that they gave up, and still have to clear away. Between these and the
/// rows of copies there is no gap, since each attempt is named in the row before it writes; so who reads the store first, and rows
/// and workflows after it, can tell what nobody owns.
/// </summary>
public sealed partial class AttemptsAtWork(CloudDb db)
{
    /// <param name="except">One that does not count: the asker's own; null for none.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<IReadOnlySet<Guid>> ReadAsync(Guid? except, CancellationToken ct)
    {
        var states = await db.Set<WorkflowRow>().AsNoTracking().Where(w => w.EndedAt == null && w.Id != except).Select(w => w.State).ToListAsync(ct);
        return states.SelectMany(state => AnyId().Matches(state)).Select(id => Guid.Parse(id.ValueSpan)).ToHashSet();
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AnyId();
}
