using System.Globalization;
using Stratiform.Workflows;

namespace Stratiform.Management.Api;

/// <summary>Reads maps: <c>tags[0].key=a&amp;tags[0].value=b</c> is a list of dictionaries, one for each index.</summary>
internal static class ParameterMap
{
    /// <summary>The dictionaries of a map in the order of their indexes; null when nothing was sent.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>>? Read(ApiRequest request, string name)
    {
        var entries = new SortedDictionary<int, Dictionary<string, string>>();
        foreach (var (key, value) in request.Values)
        {
            if (!IsMapKey(key)) continue;
            var (map, index, field) = Split(key);
            if (map != name) continue;
            if (!entries.TryGetValue(index, out var entry)) entries[index] = entry = new(StringComparer.OrdinalIgnoreCase);
            entry[field] = value;
        }
        return entries.Count == 0 ? null : [.. entries.Values];
    }

    /// <summary>Refuses keys that look like a map's but are none, whoever they were meant for.</summary>
    public static void Check(ApiRequest request)
    {
        foreach (var key in request.Values.Keys.Where(IsMapKey)) Split(key);
    }

    private static bool IsMapKey(string key) => key.IndexOf('[', StringComparison.Ordinal) > 0;

    private static (string Map, int Index, string Field) Split(string key)
    {
        var open = key.IndexOf('[', StringComparison.Ordinal);
        var close = key.IndexOf(']', StringComparison.Ordinal);
        var onePair = open == key.LastIndexOf('[') && close == key.LastIndexOf(']') && close > open;
        if (!onePair || close + 2 >= key.Length || key[close + 1] != '.') throw Malformed(key);
        if (!int.TryParse(key.AsSpan(open + 1, close - open - 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index))
            throw Malformed(key);
        return (key[..open], index, key[(close + 2)..]);
    }

    private static CloudException Malformed(string key) => Refusal.Malformed(
        $"Unable to decode parameter {key}; if specifying an object array, please use parameter[index].field=XXX, e.g. userGroupList[0].group=httpGroup");
}
