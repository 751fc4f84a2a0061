using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stratiform.Management.Api;

/// <summary>Turns what a handler returned into what stands under the envelope; XML is written from the same tree.</summary>
internal static class AnswerBody
{
    /// <summary>The body of a command's answer.</summary>
    public static async Task<JsonObject> OfAsync(
        ApiCommand command, object answer, Caller caller, IServiceProvider services, CancellationToken ct)
    {
        return answer switch
        {
            Success success => Node(new Succeeded { DisplayText = success.DisplayText }, caller),
            SuccessAfter => Node(new Succeeded(), caller),
            JobTicket ticket => Node(ticket, caller),
            IPage page => List(page.Name ?? command.WireName, page.Count, page.Rows, caller),
            IShown shown => await ShownAsync(command, shown, caller, services, ct),
            _ => Object(command.Declared.Flat ? "" : command.WireName, answer, caller),
        };
    }

    /// <summary>A list: nothing at all when there is nothing, for clients take any key as a sign of rows.</summary>
    public static JsonObject List(string name, int count, IReadOnlyList<object> rows, Caller caller)
    {
        var body = new JsonObject();
        if (count > 0) body["count"] = count;
        if (rows.Count > 0) body[name] = new JsonArray([.. rows.Select(row => (JsonNode)Node(row, caller))]);
        return body;
    }

    /// <summary>One entity under its name; with an empty name its fields stand alone.</summary>
    public static JsonObject Object(string name, object shape, Caller caller) =>
        name.Length == 0 ? Node(shape, caller) : new JsonObject { [name] = Node(shape, caller) };

    /// <summary>A shape as the caller may see it.</summary>
    public static JsonObject Node(object shape, Caller caller) =>
        JsonSerializer.SerializeToNode(shape, shape.GetType(), WireJson.For(caller.Role))!.AsObject();

    private static async Task<JsonObject> ShownAsync(
        ApiCommand command, IShown shown, Caller caller, IServiceProvider services, CancellationToken ct)
    {
        var read = command.ReadWireAsync ?? throw new InvalidOperationException($"{command.Name} shows {command.Wire}, which has no reader.");
        var rows = await read(services, shown.Shown, caller, ct);
        if (shown.AsList) return List(command.WireName, rows.Count, rows, caller);
        return rows.Count == 1
            ? Object(command.WireName, rows[0], caller)
            : throw new InvalidOperationException($"{command.Name} changed {shown.Shown[0]} but cannot read it.");
    }
}
