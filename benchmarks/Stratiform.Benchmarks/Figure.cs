using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stratiform.Benchmarks;

/// <summary>One measured number, and what it should be.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">What came out.</param>
/// <param name="Unit">In what; empty for a plain ratio.</param>
internal sealed record Figure(string Name, double Value, string Unit)
{
    /// <summary>It should be no more than this; null for no such goal.</summary>
    public double? AtMost { get; init; }

    /// <summary>It should be no less than this; null for no such goal.</summary>
    public double? AtLeast { get; init; }

    /// <summary>The value in goals; null without a goal.</summary>
    [JsonIgnore]
    public double? Ratio => (AtMost ?? AtLeast) is { } goal && goal != 0 ? Value / goal : null;

    /// <summary>Whether the goal is met; null without a goal.</summary>
    [JsonIgnore]
    public bool? Met => AtMost is { } most ? Value <= most : AtLeast is { } least ? Value >= least : null;

    /// <summary>The goal for people.</summary>
    [JsonIgnore]
    public string Goal => AtMost is { } most ? $"<= {Number(most)}" : AtLeast is { } least ? $">= {Number(least)}" : "";

    /// <summary>As one line of a file of figures.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, Lines);

    /// <summary>From such a line.</summary>
    public static Figure OfLine(string line) => JsonSerializer.Deserialize<Figure>(line, Lines)!;

    /// <summary>Three digits that matter.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };

    private static readonly JsonSerializerOptions Lines = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}
