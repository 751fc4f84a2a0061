using System.Text.Json;
using Spectre.Console;

namespace Stratiform.Cli.Output;

/// <summary>Draws rows: with Spectre where a person looks, as plain aligned text that never wraps where a pipe does.</summary>
internal static class Tables
{
    private const string Gap = "  ";

    public static void Write(Terminal terminal, IReadOnlyList<Column> columns, IEnumerable<JsonElement> rows)
    {
        string[][] cells = [.. rows.Select(row => columns.Select(column => OneLine(column.Of(row))).ToArray())];
        string[] titles = [.. columns.Select(column => column.Title)];
        if (terminal.OutIsTty)
            WriteDrawn(terminal, titles, cells);
        else
            WritePlain(terminal.Out, titles, cells);
    }

    /// <summary>Two columns without a head: what one thing is.</summary>
    public static void WritePairs(Terminal terminal, IReadOnlyList<(string Name, string Value)> pairs)
    {
        var width = pairs.Count == 0 ? 0 : pairs.Max(pair => pair.Name.Length);
        foreach (var (name, value) in pairs)
        {
            var label = name.PadRight(width);
            var lines = value.Split('\n');
            terminal.Out.WriteLine((terminal.OutIsTty ? $"\e[1m{label}\e[0m" : label) + Gap + Coloured(terminal, lines[0]));
            foreach (var line in lines[1..])
                terminal.Out.WriteLine(new string(' ', width) + Gap + line);
        }
    }

    public static string Coloured(Terminal terminal, string text) =>
        terminal.OutIsTty && Paint.For(text) is { } paint ? $"{paint.Ansi}{text}\e[0m" : text;

    private static void WriteDrawn(Terminal terminal, string[] titles, string[][] cells)
    {
        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        foreach (var title in titles)
            table.AddColumn(new TableColumn(new Text(title, new Style(decoration: Decoration.Bold))));
        foreach (var row in cells)
            table.AddRow(row.Select(cell => new Text(cell, Paint.For(cell)?.Style)));
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(terminal.Out),
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = terminal.Width;
        console.Write(table);
    }

    private static void WritePlain(TextWriter output, string[] titles, string[][] cells)
    {
        var widths = titles.Select((title, i) => cells.Select(row => row[i].Length).Append(title.Length).Max()).ToArray();
        foreach (var row in cells.Prepend(titles))
            output.WriteLine(string.Join(Gap, row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
