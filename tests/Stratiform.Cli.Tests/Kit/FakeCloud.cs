using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Tests.Kit;

/// <summary>A server that speaks the wire on a port of its own: checks signatures, keeps calls, answers what the test laid out.</summary>
internal sealed class FakeCloud : IAsyncDisposable
{
    public const string Key = "an-api-key";
    public const string Secret = "a-secret-nobody-may-see";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Func<FakeCall, JsonNode>> _answers = new(StringComparer.Ordinal);

    private FakeCloud(WebApplication app) => _app = app;

    public ConcurrentQueue<FakeCall> Calls { get; } = [];

    public string Endpoint => $"{_app.Urls.First()}/client/api";

    public static async Task<FakeCloud> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var cloud = new FakeCloud(app);
        app.Map("/client/api", cloud.AnswerAsync);
        app.MapGet("/health", () => "ok");
        app.MapGet("/health/ready", () => "ok");
        await app.StartAsync(CancellationToken.None);
        return cloud;
    }

    public FakeCloud On(string command, Func<FakeCall, JsonNode> answer)
    {
        _answers[command] = answer;
        return this;
    }

    public FakeCloud On(string command, string content) => On(command, _ => JsonNode.Parse(content)!);

    /// <summary>A list that honours id, name and paging as the server does.</summary>
    public FakeCloud OnList(string command, string key, params string[] items) => On(command, call =>
    {
        var all = items.Select(item => JsonNode.Parse(item)!)
            .Where(item => call["id"] is not { } id || (string?)item["id"] == id)
            .Where(item => call["name"] is not { } name || (string?)item["name"] == name)
            .ToArray();
        return all.Length == 0 ? new JsonObject() : new JsonObject { ["count"] = all.Length, [key] = new JsonArray(all) };
    });

    /// <summary>A command whose job answers these states one after the other, the last one for ever.</summary>
    public FakeCloud OnJob(string command, string jobId, params string[] states)
    {
        var next = 0;
        On(command, _ => new JsonObject { ["jobid"] = jobId });
        return On("queryAsyncJobResult", _ => JsonNode.Parse(states[Math.Min(next++, states.Length - 1)])!);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> AnswerAsync(HttpRequest request)
    {
        var fields = request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
        if (request.HasFormContentType)
        {
            foreach (var pair in await request.ReadFormAsync(request.HttpContext.RequestAborted))
                fields[pair.Key] = pair.Value.ToString();
        }

        var call = new FakeCall(request.Method, fields);
        Calls.Enqueue(call);
        if (!IsSigned(fields))
            return Refuse(call, 401, "unable to verify user credentials and/or request signature");
        if (!_answers.TryGetValue(call.Command, out var answer))
            return Refuse(call, 432, $"The API [{call.Command}] does not exist or is not available for the account admin.");
        try
        {
            return Body(call, answer(call), 200);
        }
        catch (FakeRefusal e)
        {
            return Refuse(call, e.Code, e.Message);
        }
    }

    private static bool IsSigned(Dictionary<string, string> fields) =>
        fields.GetValueOrDefault("apikey") == Key
        && fields.GetValueOrDefault("expires") is { Length: 24 }
        && fields.GetValueOrDefault("signature") == Signature.Of(fields.Where(pair => pair.Key != "signature"), Secret);

    private static IResult Refuse(FakeCall call, int code, string text) => Body(
        call, new JsonObject { ["uuidList"] = new JsonArray(), ["errorcode"] = code, ["cserrorcode"] = 9999, ["errortext"] = text }, code);

    private static IResult Body(FakeCall call, JsonNode content, int status) => Results.Text(
        new JsonObject { [$"{call.Command.ToLowerInvariant()}response"] = content }.ToJsonString(), "application/json", statusCode: status);
}

/// <summary>One request as the server read it.</summary>
internal sealed record FakeCall(string Method, IReadOnlyDictionary<string, string> Fields)
{
    public string Command => this["command"] ?? "";

    public string? this[string name] => Fields.GetValueOrDefault(name);
}

/// <summary>Thrown by an answer that wants to refuse.</summary>
internal sealed class FakeRefusal(int code, string message) : Exception(message)
{
    public int Code { get; } = code;
}
