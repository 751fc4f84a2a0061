using System.Text.Json;
using System.Text.Json.Serialization;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Verbs;

/// <summary>What the server offers this caller: the part of its listApis answer that strat needs.</summary>
internal sealed record ApiCatalogue(IReadOnlyList<ApiCommand> Commands)
{
    public ApiCommand? Find(string name) =>
        Commands.FirstOrDefault(command => string.Equals(command.Name, name, StringComparison.OrdinalIgnoreCase));

    public static ApiCatalogue Of(CloudAnswer listApis) =>
        new([.. listApis.Items.Select(ApiCommand.Of).Where(command => command.Name.Length > 0)]);
}

/// <summary>One command of the API.</summary>
internal sealed record ApiCommand(
    string Name, string Description, bool IsAsync, IReadOnlyList<ApiParameter> Parameters, IReadOnlyList<string> Fields)
{
    public ApiParameter? Parameter(string name) => Parameters.FirstOrDefault(parameter => parameter.Name == name);

    public bool Takes(string name) => Parameter(name) is not null;

    public static ApiCommand Of(JsonElement api) => new(
        api.Text("name") ?? "",
        api.Text("description") ?? "",
        api.Flag("isasync"),
        [.. api.Array("params").Select(ApiParameter.Of).Where(parameter => parameter.Name.Length > 0)],
        [.. api.Array("response").Select(field => field.Text("name")).OfType<string>()]);
}

/// <summary>One parameter; <paramref name="Related"/> names the commands that deal in what it identifies, comma separated.</summary>
internal sealed record ApiParameter(string Name, string Description, string Type, bool IsRequired, string? Related)
{
    public bool IsMap => Type == "map";

    public bool IsList => Type == "list";

    public bool IsSwitch => Type == "boolean";

    /// <summary>Whether it wants ids, for which a name may be given.</summary>
    public bool IsReference => Type is "uuid" or "list" or "string"
        && (Name.EndsWith("id", StringComparison.Ordinal) || Name.EndsWith("ids", StringComparison.Ordinal));

    public static ApiParameter Of(JsonElement parameter) => new(
        (parameter.Text("name") ?? "").ToLowerInvariant(),
        parameter.Text("description") ?? "",
        parameter.Text("type") ?? "string",
        parameter.Flag("required"),
        parameter.Text("related"));
}

/// <summary>Reads and writes the cache without reflection: it stands between each key press of a completion and its answer.</summary>
[JsonSerializable(typeof(ApiCatalogue))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
