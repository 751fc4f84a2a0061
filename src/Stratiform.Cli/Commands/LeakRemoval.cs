using System.Text.Json;
using System.Text.Json.Nodes;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Commands;

/// <summary>Takes leaks away one after the other: each is asked for, unless all are wanted; what the server keeps is told with why.</summary>
/// <param name="session">Whose call it is.</param>
/// <param name="all">Nobody is asked.</param>
internal sealed class LeakRemoval(Session session, bool all)
{
    private readonly TextWriter _words = session.WantsJson ? session.Terminal.Error : session.Terminal.Out;
    private bool _all = all;

    /// <returns>What became of each that was come to.</returns>
    public async Task<JsonArray> RunAsync(IEnumerable<JsonElement> leaks, CancellationToken ct)
    {
        var done = new JsonArray();
        foreach (var leak in leaks)
        {
            var answer = await AnswerAsync(leak);
            if (answer == Answer.Quit) break;
            var (outcome, text) = answer == Answer.No ? ("left", "") : await RemoveAsync(leak, ct);
            if (answer == Answer.Yes) await _words.WriteLineAsync(text.Length == 0 ? $"{Name(leak)}: {outcome}" : $"{Name(leak)}: {outcome}: {text}");
            var fix = JsonNode.Parse(leak.GetRawText())!.AsObject();
            (fix["outcome"], fix["text"]) = (outcome, text);
            done.Add((JsonNode)fix);
        }
        return done;
    }

    private async Task<(string Outcome, string Text)> RemoveAsync(JsonElement leak, CancellationToken ct)
    {
        try
        {
            KeyValuePair<string, string>[] parameters =
                [new("whereid", leak.Text("whereid") ?? ""), new("kind", leak.Text("kind") ?? ""), new("id", leak.Text("id") ?? "")];
            await session.RunAsync("removeLeak", parameters, ct);
            return (session.Waits ? "removed" : "going", "");
        }
        catch (CloudRefused kept)
        {
            return ("kept", kept.Message);
        }
    }

    private async Task<Answer> AnswerAsync(JsonElement leak)
    {
        while (!_all)
        {
            await _words.WriteAsync($"Remove {Name(leak)}? [y/n/all/quit] ");
            await _words.FlushAsync();
            switch ((await session.Terminal.In.ReadLineAsync())?.Trim().ToLowerInvariant())
            {
                case "y" or "yes": return Answer.Yes;
                case "n" or "no": return Answer.No;
                case "a" or "all": _all = true; break;
                case null or "q" or "quit": return Answer.Quit;
            }
        }
        return Answer.Yes;
    }

    private static string Name(JsonElement leak) => $"{leak.Text("kind")} {leak.Text("id")} from {leak.Text("where")}";

    private enum Answer
    {
        Yes,
        No,
        Quit,
    }
}
