using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stratiform.Cli.Output;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Commands;

/// <summary>
/// strat audit: what hosts, pools, stores and database disagree about, and with --fix its end for what nobody owns. Ends with 0 when
/// clean, 1 with leaks, and 2 when something could not be read, since then nobody knows.
/// </summary>
internal static class AuditCommand
{
    private const int Leaks = 1;
    private const int Unreadable = 2;

    public static Command Build(Bind bind)
    {
        var command = new Command("audit", "Compare hosts, pools and stores with the database: exit 0 clean, 1 leaks, 2 unreadable");
        var fix = new Option<bool>("--fix") { Description = "Offer to remove what nobody owns, one by one" };
        var yes = new Option<bool>("--yes") { Description = "With --fix: remove all of it without asking" };
        command.Options.Add(fix);
        command.Options.Add(yes);
        command.SetAction(bind(async (session, ct) =>
        {
            var all = session.Parsed.GetValue(yes);
            if (!session.Parsed.GetValue(fix))
                return all ? throw new UsageMistake("--yes belongs to --fix.") : Tell(session, await AskAsync(session, ct), fixes: null);
            if (!all && !session.Terminal.InIsTty)
                throw new UsageMistake("--fix asks before it removes, and nobody is here to answer.", "Remove all of it with: strat audit --fix --yes");
            return await FixAsync(session, all, ct);
        }));
        return command;
    }

    private static async Task<JsonElement> AskAsync(Session session, CancellationToken ct)
    {
        var result = (await session.RunAsync("auditCloud", [], ct)).Result;
        return result.ValueKind == JsonValueKind.Object && result.TryGetProperty("audit", out var audit)
            ? audit
            : throw new CloudRefused("auditCloud", 530, "The server's answer holds no audit: nothing is known.");
    }

    // What is left is told by a second audit, not by what was asked for.
    private static async Task<int> FixAsync(Session session, bool all, CancellationToken ct)
    {
        var audit = await AskAsync(session, ct);
        var leaks = audit.Array("leaks").Where(leak => leak.Flag("removable")).ToArray();
        if (leaks.Length == 0) return Tell(session, audit, fixes: []);
        if (!session.WantsJson) Write(session.Terminal, audit);
        var fixes = await new LeakRemoval(session, all).RunAsync(leaks, ct);
        return Tell(session, await AskAsync(session, ct), fixes);
    }

    private static int Tell(Session session, JsonElement audit, JsonArray? fixes)
    {
        if (!session.WantsJson) Write(session.Terminal, audit);
        else if (fixes is null) session.Terminal.Out.WriteLine(JsonText.Of(audit));
        else session.Terminal.Out.WriteLine(JsonText.Of(writer => Joined(audit, fixes).WriteTo(writer)));
        return audit.Array("leaks").Any() ? Leaks : audit.Array("unreadable").Any() ? Unreadable : ExitCodes.Ok;
    }

    private static JsonObject Joined(JsonElement audit, JsonArray fixes) => new() { ["fixes"] = fixes, ["audit"] = JsonNode.Parse(audit.GetRawText()) };

    private static void Write(Terminal terminal, JsonElement audit)
    {
        var inProgress = audit.Array("inprogress").Count();
        var leaks = Section(terminal, "Leaks", audit.Array("leaks"), "where,kind,id,text");
        var unreadable = Section(terminal, "Could not be read", audit.Array("unreadable"), "where,text");
        Section(terminal, "In progress (belongs to unfinished workflows)", audit.Array("inprogress"), "where,kind,id,text");
        var verdict = (leaks, unreadable) switch
        {
            (0, 0) => "clean",
            (0, _) => $"no leak seen, but {unreadable} places could not be read",
            _ => $"{leaks} leaks",
        };
        terminal.Out.WriteLine($"{audit.Number("checked") ?? 0} checked, {inProgress} in progress: {verdict}.");
    }

    private static int Section(Terminal terminal, string title, IEnumerable<JsonElement> rows, string columns)
    {
        var all = rows.ToArray();
        if (all.Length == 0)
            return 0;
        terminal.Out.WriteLine($"{title}:");
        if (all.All(row => row.ValueKind == JsonValueKind.Object))
            Tables.Write(terminal, Column.ParseAll(columns), all);
        else
            Array.ForEach(all, row => terminal.Out.WriteLine($"  {row}"));
        terminal.Out.WriteLine();
        return all.Length;
    }
}
