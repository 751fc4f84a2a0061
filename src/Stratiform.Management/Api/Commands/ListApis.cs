using System.ComponentModel;
using System.Text.Json.Nodes;

namespace Stratiform.Management.Api.Commands;

/// <summary>What the caller may call, from the catalogue.</summary>
[Command("Lists the commands that the caller may use, with their parameters and answers", AllowedTo.Everyone)]
internal sealed record ListApis : IQuery<Page<ApiWire>>
{
    [Description("Lists only the command of this name")]
    public string? Name { get; init; }
}

/// <summary>One command, described.</summary>
[WireName("api")]
internal sealed record ApiWire
{
    [Description("The command's name")]
    public required string Name { get; init; }

    [Description("What it does")]
    public required string Description { get; init; }

    [Description("Whether it answers with a job")]
    public required bool IsAsync { get; init; }

    [Description("Commands that answer with the same kind of entity")]
    public required string Related { get; init; }

    [Description("GET for commands that change nothing, else POST")]
    public required string HttpRequestType { get; init; }

    [Description("Its parameters")]
    public required IReadOnlyList<ApiParameterWire> Params { get; init; }

    [Description("The fields of its answer, or of its job's result")]
    public required IReadOnlyList<ApiFieldWire> Response { get; init; }
}

/// <summary>One parameter, described.</summary>
internal sealed record ApiParameterWire
{
    [Description("The parameter's name")]
    public required string Name { get; init; }

    [Description("What it says")]
    public required string Description { get; init; }

    [Description("boolean, integer, long, double, string, uuid, date, list or map")]
    public required string Type { get; init; }

    [Description("Most characters of a text")]
    public required int Length { get; init; }

    [Description("Whether it must be sent")]
    public required bool Required { get; init; }

    [Description("Commands that list what an id may name")]
    public string? Related { get; init; }
}

/// <summary>One field of an answer, described.</summary>
internal sealed record ApiFieldWire
{
    [Description("The field's name")]
    public required string Name { get; init; }

    [Description("What it says")]
    public required string Description { get; init; }

    [Description("string, boolean, integer, long, double, date, list, map or responseobject")]
    public required string Type { get; init; }

    [Description("The fields of what is nested in it")]
    public JsonArray? Response { get; init; }
}

internal sealed class ListApisHandler(ApiCatalog catalog, Admission admission) : IHandle<ListApis, Page<ApiWire>>
{
    public Task<Page<ApiWire>> HandleAsync(ListApis command, Caller caller, CancellationToken ct)
    {
        var allowed = catalog.Commands.Where(c => admission.Allows(c, caller)).ToList();
        var described = allowed.Where(c => command.Name is null || c.Name == command.Name).Select(c => Describe(c, allowed, caller.Role)).ToList();
        if (command.Name is { } name && described.Count == 0) throw Refusal.Parameter($"There is no API {name} for you.");
        return Task.FromResult(new Page<ApiWire>(described.Count, described));
    }

    private static ApiWire Describe(ApiCommand command, List<ApiCommand> allowed, AllowedTo role) => new()
    {
        Name = command.Name,
        Description = command.Declared.Description,
        IsAsync = command.IsAsync,
        Related = Names(allowed.Where(other => other != command && other.Wire is not null && other.Wire == command.Wire)),
        HttpRequestType = command.IsQuery ? "GET" : "POST",
        Params = [.. command.Parameters.Where(p => p.Allowed.HasFlag(role)).Select(p => Describe(p, allowed))],
        Response = [.. command.Fields.Where(f => f.Allowed.HasFlag(role)).Select(f => Describe(f, role))],
    };

    private static ApiParameterWire Describe(ApiParameter parameter, List<ApiCommand> allowed) => new()
    {
        Name = parameter.Name,
        Description = parameter.Description,
        Type = parameter.Kind.ToString().ToLowerInvariant(),
        Length = parameter.MaxLength,
        Required = parameter.IsRequired,
        Related = parameter.Entity is not { } entity
            ? null
            : Names(allowed.Where(c => c.IsQuery && c.WireName.Equals(entity.Name, StringComparison.OrdinalIgnoreCase))),
    };

    private static ApiFieldWire Describe(AnswerField field, AllowedTo role) => new()
    {
        Name = field.Name,
        Description = field.Description,
        Type = field.Type,
        Response = field.Fields.Count == 0
            ? null
            : [.. field.Fields.Where(f => f.Allowed.HasFlag(role)).Select(f => (JsonNode)new JsonObject
            {
                ["name"] = f.Name,
                ["description"] = f.Description,
                ["type"] = f.Type,
            })],
    };

    private static string Names(IEnumerable<ApiCommand> commands) => string.Join(",", commands.Select(command => command.Name));
}
