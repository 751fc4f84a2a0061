using System.Globalization;
using System.Text.Json;

namespace Stratiform.Cli.Output;

/// <summary>
/// One column of a table, written TITLE=path:format where only the path must be: "ip=nic.ipaddress", "size:bytes".
/// A path walks into objects and lists; several values of a list stand comma separated.
/// </summary>
internal sealed record Column(string Title, string Path, string Format)
{
    public static Column Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var title = equals < 0 ? null : text[..equals];
        var rest = text[(equals + 1)..];
        var colon = rest.IndexOf(':', StringComparison.Ordinal);
        var path = colon < 0 ? rest : rest[..colon];
        return new((title ?? path).ToUpperInvariant(), path, colon < 0 ? "" : rest[(colon + 1)..]);
    }

    public static IReadOnlyList<Column> ParseAll(string text) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Parse)];

    public string Of(JsonElement row) => string.Join(", ", Walk(row, Path.Split('.')).Select(Show).Where(text => text.Length > 0));

    private static IEnumerable<JsonElement> Walk(JsonElement element, ReadOnlySpan<string> path)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            List<JsonElement> all = [];
            foreach (var item in element.EnumerateArray())
                all.AddRange(Walk(item, path));
            return all;
        }

        if (path.Length == 0)
            return [element];
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(path[0], out var next) ? Walk(next, path[1..]) : [];
    }

    private string Show(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when Format == "bytes" => Sizes.OfBytes(value.GetDouble()),
        JsonValueKind.Number when Format == "mib" => Sizes.OfBytes(value.GetDouble() * 1024 * 1024),
        JsonValueKind.Number when Format == "gib" => Sizes.OfBytes(value.GetDouble() * 1024 * 1024 * 1024),
        JsonValueKind.String when Format == "time" => Time(value.GetString()!),
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.Number or JsonValueKind.Object or JsonValueKind.Array => value.GetRawText(),
    };

    private static string Time(string wire) =>
        DateTimeOffset.TryParseExact(wire, "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
        || DateTimeOffset.TryParse(wire.Length > 5 ? wire.Insert(wire.Length - 2, ":") : wire, CultureInfo.InvariantCulture, out time)
            ? time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
            : wire;
}
