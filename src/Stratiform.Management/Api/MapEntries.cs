namespace Stratiform.Management.Api;

/// <summary>The two ways in which the wire fills maps with names and values.</summary>
public static class MapEntries
{
    /// <summary>Maps whose entries name both, as tags do: <c>tags[0].key=a&amp;tags[0].value=b</c>. An entry without a key is left out.</summary>
    public static IReadOnlyDictionary<string, string> AsKeysAndValues(this IReadOnlyList<IReadOnlyDictionary<string, string>>? map)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in map ?? [])
            if (entry.TryGetValue("key", out var key)) pairs[key] = entry.GetValueOrDefault("value") ?? "";
        return pairs;
    }

    /// <summary>Maps whose fields are the names, as details are: <c>details[0].memory=512</c>.</summary>
    public static IReadOnlyDictionary<string, string> AsFields(this IReadOnlyList<IReadOnlyDictionary<string, string>>? map)
    {
        var pairs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in (map ?? []).SelectMany(entry => entry)) pairs[key] = value;
        return pairs;
    }
}
