namespace Stratiform.Cli.Output;

/// <summary>One thing that was looked at: a word for how it is (ok, warn, fail), what is said of it, what to do.</summary>
internal sealed record ReportItem(string Word, string Name, IReadOnlyList<string> Lines, string? Todo);

/// <summary>Prints what was looked at as one column of words, one of names, and what is said beside them.</summary>
internal static class Report
{
    private const int WordWidth = 6;

    public static void Write(Terminal terminal, IReadOnlyList<ReportItem> items)
    {
        var nameWidth = items.Max(item => item.Name.Length);
        var margin = new string(' ', WordWidth + nameWidth + 2);
        foreach (var item in items)
        {
            var word = Tables.Coloured(terminal, item.Word) + new string(' ', WordWidth - item.Word.Length);
            var head = $"{word}{item.Name.PadRight(nameWidth)}  ";
            foreach (var line in item.Lines)
            {
                terminal.Out.WriteLine(head + line);
                head = margin;
            }

            if (item.Todo is not null)
                terminal.Out.WriteLine($"{margin}-> {item.Todo}");
        }
    }
}
