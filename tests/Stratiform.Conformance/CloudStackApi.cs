using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stratiform.Conformance;

/// <summary>What CloudStack's API looks like: names of commands, their parameters' types, and fields of answers. Only facts.</summary>
/// <param name="Commands">By name.</param>
/// <param name="Responses">Field names by the class that a command names as its response.</param>
internal sealed record CloudStackApi(
    [property: JsonPropertyName("commands")] IReadOnlyDictionary<string, CloudStackCommand> Commands,
    [property: JsonPropertyName("responses")] IReadOnlyDictionary<string, IReadOnlyList<string>> Responses)
{
    public static CloudStackApi Read()
    {
        using var stream = typeof(CloudStackApi).Assembly.GetManifestResourceStream("cloudstack-api")!;
        return JsonSerializer.Deserialize<CloudStackApi>(stream)!;
    }
}

/// <summary>One command there.</summary>
/// <param name="Params">Type by name in lower case; an exclamation mark at its end says required.</param>
/// <param name="Response">The class of its answer.</param>
/// <param name="IsAsync">Whether it answers with a job.</param>
internal sealed record CloudStackCommand(
    [property: JsonPropertyName("params")] IReadOnlyDictionary<string, string> Params,
    [property: JsonPropertyName("response")] string Response,
    [property: JsonPropertyName("async")] bool IsAsync);
