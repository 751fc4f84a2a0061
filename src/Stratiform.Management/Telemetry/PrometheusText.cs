using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Stratiform.Management.Telemetry;

/// <summary>Writes series in the text format that Prometheus reads.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The series of the instruments, and gauges read at this moment.</summary>
    public static string Write(Series series, IReadOnlyList<Gauge> gauges)
    {
        var text = new StringBuilder();
        foreach (var group in series.All())
        {
            var isHistogram = group.Key is Histogram<double>;
            var name = isHistogram ? group.Key.Name : group.Key.Name + "_total";
            Head(text, name, group.Key.Description, isHistogram ? "histogram" : "counter");
            foreach (var (labels, values) in group)
            {
                if (isHistogram) Histogram(text, name, labels, values);
                else Line(text, name, labels, values.Sum);
            }
        }
        foreach (var gauge in gauges)
        {
            Head(text, gauge.Name, gauge.Description, "gauge");
            foreach (var (labels, value) in gauge.Values) Line(text, gauge.Name, labels, value);
        }
        return text.ToString();
    }

    private static void Histogram(StringBuilder text, string name, string labels, Series.Values values)
    {
        for (var i = 0; i < Series.Buckets.Length; i++)
            Line(text, name + "_bucket", string.Create(CultureInfo.InvariantCulture, $"{labels},le=\"{Series.Buckets[i]}\""), values.Within(i));
        Line(text, name + "_bucket", labels + ",le=\"+Inf\"", values.Count);
        Line(text, name + "_sum", labels, values.Sum);
        Line(text, name + "_count", labels, values.Count);
    }

    private static void Head(StringBuilder text, string name, string? description, string type) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(description).Append('\n')
            .Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}

/// <summary>What a slice has to tell collectors at this moment: declared here, told by the slices above.</summary>
internal interface IGauges
{
    /// <summary>Its gauges.</summary>
    Task<IReadOnlyList<Gauge>> ReadAsync(CancellationToken ct);
}

/// <summary>Something read when asked: values by their labels.</summary>
internal sealed record Gauge(string Name, string Description, IReadOnlyList<(string Labels, double Value)> Values);
