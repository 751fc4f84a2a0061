using System.Text.Json.Nodes;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Workflows;

namespace Stratiform.Management.Jobs;

/// <summary>What ended jobs have to show: the entity as it is now under its name, a mere success, or the error.</summary>
internal sealed class JobResults(ApiCatalog catalog, Secrets secrets, IServiceProvider services)
{
    /// <summary>The results by job; one read for each command among them.</summary>
    public async Task<IReadOnlyDictionary<Guid, JsonObject>> ReadAsync(IReadOnlyList<WorkflowRow> jobs, Caller caller, CancellationToken ct)
    {
        var results = new Dictionary<Guid, JsonObject>();
        foreach (var failed in jobs.Where(job => job.Phase is Phase.Failed or Phase.Stuck)) results[failed.Id] = ErrorOf(failed);
        foreach (var alike in jobs.Where(job => job.Phase == Phase.Succeeded).GroupBy(job => job.Command))
        {
            var shapes = await ShapesAsync(alike.Key, alike, caller, ct);
            foreach (var job in alike) results[job.Id] = With(job.Result, shapes.GetValueOrDefault(job.InstanceId ?? default), caller);
        }
        return results;
    }

    private async Task<Dictionary<Guid, Shape>> ShapesAsync(string name, IEnumerable<WorkflowRow> jobs, Caller caller, CancellationToken ct)
    {
        if (catalog.Find(name) is not { ReadWireAsync: { } read } command) return [];
        Guid[] ids = [.. jobs.Select(job => job.InstanceId).OfType<Guid>().Distinct()];
        var rows = await read(services, ids, caller, ct);
        return rows.Select(row => new Shape(command.WireName, AnswerBody.Node(row, caller)))
            .ToDictionary(shape => IdOf(shape.Fields));
    }

    // A shape that has no id of its own begins with that of what it tells about.
    private static Guid IdOf(JsonObject fields) => (fields["id"] ?? fields.First().Value)!.GetValue<Guid>();

    /// <summary>What the workflow has to tell beyond its entity (a password) stands among the entity's own fields.</summary>
    private JsonObject With(string? more, Shape? shape, Caller caller)
    {
        var body = (shape?.Fields ?? AnswerBody.Node(new Succeeded(), caller)).DeepClone().AsObject();
        if (more is not null && JsonNode.Parse(more) is JsonObject fields)
            foreach (var (name, value) in fields) body[name.ToLowerInvariant()] = JobSecrets.Open(value, secrets);
        return shape is null ? body : new JsonObject { [shape.Name] = body };
    }

    private static JsonObject ErrorOf(WorkflowRow job) =>
        new() { ["errorcode"] = job.ErrorCode ?? 530, ["errortext"] = job.ErrorText ?? "The operation failed." };

    private sealed record Shape(string Name, JsonObject Fields);
}
