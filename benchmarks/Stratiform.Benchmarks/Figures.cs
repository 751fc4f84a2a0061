using System.Text.Json;

namespace Stratiform.Benchmarks;

/// <summary>Collects figures in a file, one line each, and shows them: what several parts measured becomes one table.</summary>
internal sealed class Figures(string file, TextWriter log)
{
    /// <summary>Notes a figure, and tells it at once.</summary>
    public void Add(Figure figure)
    {
        File.AppendAllText(file, figure.ToLine() + "\n");
        log.WriteLine($"bench: {figure.Name}: {Figure.Number(figure.Value)} {figure.Unit}");
    }

    /// <summary>Writes what a file holds as a table.</summary>
    public static void WriteTable(string file, TextWriter output)
    {
        var rows = Read(file).Select(figure => new[]
        {
            figure.Name, $"{Figure.Number(figure.Value)} {figure.Unit}".TrimEnd(), figure.Goal,
            figure.Ratio is { } ratio ? Figure.Number(ratio) : "", figure.Met switch { true => "met", false => "MISSED", null => "" },
        }).Prepend(["figure", "value", "goal", "value/goal", ""]).ToList();
        var widths = Enumerable.Range(0, 5).Select(i => rows.Max(row => row[i].Length)).ToArray();
        foreach (var row in rows)
            output.WriteLine(string.Join("  ", row.Select((text, i) => i is 0 or 4 ? text.PadRight(widths[i]) : text.PadLeft(widths[i]))).TrimEnd());
    }

    /// <summary>Writes what a file holds as a JSON array.</summary>
    public static void WriteJson(string file, TextWriter output) => output.WriteLine(JsonSerializer.Serialize(
        Read(file).Select(f => new { name = f.Name, value = f.Value, unit = f.Unit, goal = f.Goal, ratio = f.Ratio, met = f.Met }), Indented));

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static IEnumerable<Figure> Read(string file) => File.ReadLines(file).Where(line => line.Length > 0).Select(Figure.OfLine);
}
