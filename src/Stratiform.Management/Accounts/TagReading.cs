using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;

namespace Stratiform.Management.Accounts;

/// <summary>Reads the tags of a page's rows in one query.</summary>
internal static class TagReading
{
    /// <summary>The tags of these resources.</summary>
    public static async Task<ILookup<Guid, TagWire>> TagsOfAsync(this CloudDb db, IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        var tags = await db.Set<Tag>().AsNoTracking().Where(t => ids.Contains(t.ResourceId)).OrderBy(t => t.Key)
            .Select(t => new { t.ResourceId, t.Key, t.Value }).ToListAsync(ct);
        return tags.ToLookup(t => t.ResourceId, t => new TagWire { Key = t.Key, Value = t.Value });
    }

    /// <summary>The tags of one of them.</summary>
    public static IReadOnlyList<TagWire> Of(this ILookup<Guid, TagWire> tags, Guid id) => [.. tags[id]];
}
