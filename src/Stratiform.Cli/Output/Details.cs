using System.Text.Json;

namespace Stratiform.Cli.Output;

/// <summary>All of one thing, field by field; lists of objects as one line for each object.</summary>
internal static class Details
{
    public static void Write(Terminal terminal, JsonElement thing)
    {
        if (thing.ValueKind != JsonValueKind.Object)
        {
            terminal.Out.WriteLine(thing.ToString());
            return;
        }

        var fields = thing.EnumerateObject().Select(field => (field.Name, Value: Show(field.Value))).Where(field => field.Value.Length > 0);
        Tables.WritePairs(terminal, [.. fields.OrderBy(field => field.Name switch { "name" => 0, "id" => 1, "state" => 2, _ => 3 })]);
    }

    private static string Show(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => string.Join('\n', value.EnumerateArray().Select(Show)),
        JsonValueKind.Object => string.Join("  ", value.EnumerateObject()
            .Select(field => (field.Name, Value: Show(field.Value)))
            .Where(field => field.Value.Length > 0)
            .Select(field => $"{field.Name}={field.Value.ReplaceLineEndings(" ")}")),
        JsonValueKind.String => value.GetString()!.TrimEnd('\n'),
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
    };
}
