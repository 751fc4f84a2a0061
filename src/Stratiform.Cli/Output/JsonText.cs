using System.Text.Encodings.Web;
using System.Text.Json;

namespace Stratiform.Cli.Output;

/// <summary>JSON for people and for jq: indented, and with letters left as letters.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Pretty = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(JsonElement element) => Of(element.WriteTo);

    public static string OfAll(IEnumerable<JsonElement> elements) => Of(writer =>
    {
        writer.WriteStartArray();
        foreach (var element in elements)
            element.WriteTo(writer);
        writer.WriteEndArray();
    });

    public static string Of(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Pretty))
            write(writer);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
