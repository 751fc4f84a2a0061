using System.Text.Json;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Output;

/// <summary>What a changing command brought: its thing as one row, and beneath it whatever is told only this once.</summary>
internal static class Outcome
{
    private static readonly string[] ToldOnce = ["password", "privatekey", "apikey", "secretkey", "url"];

    public static void Write(Terminal terminal, string noun, CloudAnswer answer)
    {
        if (answer.JobId is { } job)
        {
            terminal.Out.WriteLine(answer.Content.Text("id") is { } id ? $"{id} is on its way as job {job}." : $"It runs as job {job}.");
            return;
        }

        var result = answer.Result;
        var things = new CloudAnswer(result, "").Items;
        if (things.Count == 0)
            terminal.Out.WriteLine(result.Text("displaytext") ?? "Done.");
        else if (things.All(thing => thing.Text("id") is not null))
            WriteRows(terminal, noun, things);
        else
            Details.Write(terminal, things[0]);
    }

    private static void WriteRows(Terminal terminal, string noun, IReadOnlyList<JsonElement> things)
    {
        var columns = DefaultColumns.For(noun, things, null, isWide: false);
        if (columns.All(column => column.Path != "id"))
            columns = [Column.Parse("id"), .. columns];
        Tables.Write(terminal, columns, things);
        foreach (var thing in things)
        {
            var secrets = ToldOnce.Where(field => columns.All(column => column.Path != field))
                .Select(field => (field, Value: thing.Text(field)!)).Where(pair => !string.IsNullOrEmpty(pair.Value));
            Tables.WritePairs(terminal, [.. secrets]);
        }
    }
}
