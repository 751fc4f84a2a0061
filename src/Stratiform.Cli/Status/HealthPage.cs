using System.Text.Json;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Status;

/// <summary>What a health page says: a word, or an object with a field for each part.</summary>
internal static class HealthPage
{
    public static string? Find(string body, string part) => Parse(body) is { } page ? page.Text(part) : null;

    /// <summary>Each part that is told, or the first lines of a page that is plain text.</summary>
    public static IReadOnlyList<string> Lines(string body) => Parse(body) is { } page
        ? [.. page.EnumerateObject().Select(field => $"{field.Name}: {field.Value}")]
        : [.. body.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(5)];

    private static JsonElement? Parse(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
