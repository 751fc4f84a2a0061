using System.Text;

namespace Stratiform.Management.Api;

/// <summary>
/// One request as it was sent. The signature covers the names as sent; everything else looks parameters up in lower case.
/// Values of the query string win over those of the body, and the last of several wins.
/// </summary>
internal sealed class ApiRequest
{
    private const int LargestBody = 4 << 20;
    private readonly Dictionary<string, string> _sent = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public ApiRequest(string method, params IEnumerable<KeyValuePair<string, string>> parameters)
    {
        Method = method;
        foreach (var (name, value) in parameters)
        {
            _sent[name] = value;
            _values[Lowered(name)] = value;
        }
    }

    public string Method { get; }

    /// <summary>Names as sent.</summary>
    public IReadOnlyDictionary<string, string> Sent => _sent;

    /// <summary>Names in lower case; of a map's keys only what stands before the bracket.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>The value of a parameter, by its name in lower case.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    public string? Command => this["command"];

    /// <summary>XML is the default of the wire.</summary>
    public bool WantsJson => string.Equals(this["response"], "json", StringComparison.OrdinalIgnoreCase);

    public bool IsGet => HttpMethods.IsGet(Method);

    /// <summary>Reads the query string, and the body of a form.</summary>
    public static async Task<ApiRequest> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        var query = FormText.Read(request.QueryString.Value.AsSpan().TrimStart('?'));
        if (!HttpMethods.IsPost(request.Method) || !request.HasFormContentType) return new(request.Method, query);
        var body = FormText.Read(await BodyAsync(request.Body, ct));
        return new(request.Method, [.. body, .. query]);
    }

    private static async Task<string> BodyAsync(Stream stream, CancellationToken ct)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[16 << 10];
        int read;
        while ((read = await stream.ReadAsync(buffer, ct)) > 0)
        {
            if (kept.Length + read > LargestBody) throw Refusal.Malformed("The request's body is longer than 4 MiB.");
            kept.Write(buffer, 0, read);
        }
        return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
    }

    private static string Lowered(string name)
    {
        var bracket = name.IndexOf('[', StringComparison.Ordinal);
        return bracket < 0 ? name.ToLowerInvariant() : name[..bracket].ToLowerInvariant() + name[bracket..];
    }
}
