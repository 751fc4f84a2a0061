using System.Text.Json;

namespace Stratiform.Cli.Wire;

/// <summary>What is inside the one envelope key of a response, and the body as it came.</summary>
internal sealed record CloudAnswer(JsonElement Content, string Body)
{
    /// <summary>The job that was begun, if the answer is that of an asynchronous command.</summary>
    public string? JobId =>
        Content.ValueKind == JsonValueKind.Object && !Content.TryGetProperty("jobstatus", out _) ? Content.Text("jobid") : null;

    /// <summary>What came of it: a finished job's result, else the answer itself.</summary>
    public JsonElement Result => Content.ValueKind == JsonValueKind.Object && Content.TryGetProperty("jobresult", out var result)
        ? result
        : Content;

    /// <summary>The items of a list, whatever their key; a page beyond the end and an empty list have none.</summary>
    public IReadOnlyList<JsonElement> Items
    {
        get
        {
            if (Content.ValueKind != JsonValueKind.Object)
                return [];
            var list = Content.EnumerateObject().FirstOrDefault(property => property.Value.ValueKind == JsonValueKind.Array);
            if (list.Value.ValueKind == JsonValueKind.Array)
                return [.. list.Value.EnumerateArray()];
            var single = Content.EnumerateObject().FirstOrDefault(property => property.Value.ValueKind == JsonValueKind.Object);
            return single.Value.ValueKind == JsonValueKind.Object ? [single.Value] : [];
        }
    }

    /// <summary>How many there are in all, before paging.</summary>
    public int Count => Content.Number("count") ?? Items.Count;
}
