using System.Text.Json;
using Stratiform.Cli.Wire;

namespace Stratiform.Benchmarks;

/// <summary>Calls of the API in few words.</summary>
internal static class Calls
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Calls a command; parameters read name=value.</summary>
    public static Task<CloudAnswer> AskAsync(this CloudClient cloud, string command, string[] parameters, CancellationToken ct) =>
        cloud.CallAsync(command, parameters.Select(text => text.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1])), ct);

    /// <summary>The id of the entity that a command made.</summary>
    public static async Task<string> MakeAsync(this CloudClient cloud, string command, string[] parameters, CancellationToken ct)
    {
        var answer = await cloud.AskAsync(command, parameters, ct);
        var made = answer.JobId is { } job ? (await cloud.AwaitAsync(job, ct)).Result : answer.Content;
        return IdIn(made) ?? throw new InvalidOperationException($"{command} answered without an id: {answer.Body}");
    }

    /// <summary>The answer of a job once it has ended well.</summary>
    public static async Task<CloudAnswer> AwaitAsync(this CloudClient cloud, string job, CancellationToken ct)
    {
        while (true)
        {
            var answer = await cloud.AskAsync("queryAsyncJobResult", ["jobid=" + job], ct);
            switch (answer.Content.Number("jobstatus"))
            {
                case 1: return answer;
                case 2: throw new InvalidOperationException($"The job {job} failed: {answer.Body}");
                default: await Task.Delay(Pause, ct); break;
            }
        }
    }

    /// <summary>Audits the cloud: leaks, the first of which are shown, and places that could not be read.</summary>
    public static async Task<Figure> AuditAsync(this CloudClient cloud, string name, CancellationToken ct)
    {
        var answer = await cloud.AskAsync("auditCloud", [], ct);
        var result = answer.JobId is { } job ? await cloud.AwaitAsync(job, ct) : answer;
        var audit = result.Result.GetProperty("audit");
        foreach (var leak in audit.Array("leaks").Take(5)) await Console.Error.WriteLineAsync("bench: leak: " + leak);
        var wrong = audit.Array("leaks").Count() + audit.Array("unreadable").Count();
        return new(name, wrong, $"of {audit.Number("checked")} checked") { AtMost = 0 };
    }

    // Under its own name, in a list, or bare.
    private static string? IdIn(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.Text("id") ?? element.EnumerateObject().Select(field => IdIn(field.Value)).FirstOrDefault(id => id is not null),
        JsonValueKind.Array => element.EnumerateArray().Select(IdIn).FirstOrDefault(id => id is not null),
        _ => null,
    };
}
