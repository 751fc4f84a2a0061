using System.CommandLine;
using System.Text.Json;
using Stratiform.Cli.Output;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Commands;

/// <summary>
/// strat audit: what hosts, pools, stores and database disagree about. Ends with 0 when clean, 1 with leaks, and 2
/// when something could not be read, since then nobody knows.
/// </summary>
internal static class AuditCommand
{
    private const int Leaks = 1;
    private const int Unreadable = 2;

    public static Command Build(Bind bind)
    {
        var command = new Command("audit", "Compare hosts, pools and stores with the database: exit 0 clean, 1 leaks, 2 unreadable");
        command.SetAction(bind(async (session, ct) =>
        {
            var result = (await session.RunAsync("auditCloud", [], ct)).Result;
            if (result.ValueKind != JsonValueKind.Object || !result.TryGetProperty("audit", out var audit))
                throw new CloudRefused("auditCloud", 530, "The server's answer holds no audit: nothing is known.");
            if (session.WantsJson)
                await session.Terminal.Out.WriteLineAsync(JsonText.Of(audit));
            else
                Write(session.Terminal, audit);
            return audit.Array("leaks").Any() ? Leaks : audit.Array("unreadable").Any() ? Unreadable : ExitCodes.Ok;
        }));
        return command;
    }

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
