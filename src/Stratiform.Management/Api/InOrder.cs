namespace Stratiform.Management.Api;

/// <summary>Puts rows back into the order in which their ids were listed.</summary>
internal static class InOrder
{
    /// <summary>The rows in the order of the ids; ids without a row are left out.</summary>
    public static IEnumerable<T> InOrderOf<T>(this IReadOnlyCollection<T> rows, IReadOnlyList<Guid> ids, Func<T, Guid> idOf)
    {
        var byId = rows.ToDictionary(idOf);
        foreach (var id in ids)
        {
            if (byId.TryGetValue(id, out var row)) yield return row;
        }
    }
}
