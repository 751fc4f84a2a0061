using System.Globalization;
using System.Text.Json;

namespace Stratiform.Cli.Wire;

/// <summary>
/// One conversation with the API: signs, sends, opens the envelope. Refusals come back as <see cref="CloudRefused"/>,
/// silence and foreign answers as <see cref="CloudUnreachable"/>.
/// </summary>
internal sealed class CloudClient(CloudEndpoint endpoint, TimeProvider clock) : IDisposable
{
    private const int LongQuery = 1500;
    private static readonly TimeSpan SignatureLife = TimeSpan.FromMinutes(10);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(5),
        UseProxy = !endpoint.Address.IsLoopback,
        AllowAutoRedirect = false,
    })
    {
        Timeout = TimeSpan.FromMinutes(2),
    };

    public CloudEndpoint Endpoint => endpoint;

    public async Task<CloudAnswer> CallAsync(string command, IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken ct)
    {
        using var request = Request(command, parameters);
        var (status, body) = await SendAsync(request, ct);
        return Open(command, status, body);
    }

    /// <summary>A plain GET beside the API, for /health; no signature.</summary>
    public async Task<(int Status, string Body)> GetAsync(string path, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(endpoint.Server, path));
        return await SendAsync(request, ct);
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(string command, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var fields = Sign(command, parameters);
        var query = string.Join('&', fields.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
        var hidden = query.Length > LongQuery || fields.Any(pair => IsPrivate(pair.Key));
        return hidden
            ? new(HttpMethod.Post, endpoint.Address) { Content = new FormUrlEncodedContent(fields) }
            : new(HttpMethod.Get, new UriBuilder(endpoint.Address) { Query = query }.Uri);
    }

    private List<KeyValuePair<string, string>> Sign(string command, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        List<KeyValuePair<string, string>> fields = [.. parameters, new("command", command), new("response", "json")];
        if (!endpoint.HasKeys)
            return fields;
        var expires = (clock.GetUtcNow() + SignatureLife).ToString("yyyy-MM-dd'T'HH:mm:ss'+0000'", CultureInfo.InvariantCulture);
        fields.Add(new("apikey", endpoint.Key!));
        fields.Add(new("signatureversion", "3"));
        fields.Add(new("expires", expires));
        fields.Add(new("signature", Signature.Of(fields, endpoint.Secret!)));
        return fields;
    }

    /// <summary>What must not end in the access log of a proxy on the way.</summary>
    private static bool IsPrivate(string name) =>
        name is "userdata" || name.Contains("password", StringComparison.OrdinalIgnoreCase)
        || name.Contains("secret", StringComparison.OrdinalIgnoreCase) || name.Contains("privatekey", StringComparison.OrdinalIgnoreCase);

    private async Task<(int Status, string Body)> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        try
        {
            using var response = await _http.SendAsync(request, ct);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(ct));
        }
        catch (HttpRequestException e)
        {
            var why = e.InnerException?.Message ?? e.Message;
            throw new CloudUnreachable($"Nobody answers at {endpoint}: {why}", "Is the server up? Look with: strat status", e);
        }
        catch (TaskCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new CloudUnreachable(
                $"{endpoint} took the call but did not answer in {_http.Timeout.TotalSeconds:0} s.", "Look with: strat status", e);
        }
    }

    private CloudAnswer Open(string command, int status, string body)
    {
        if (Envelope(body) is not { } content)
        {
            throw new CloudUnreachable(
                $"Something answers at {endpoint} (HTTP {status}), but it does not speak the API.",
                "The address ends in /client/api as a rule: check it.");
        }

        if (content.Number("errorcode") is { } code)
            throw new CloudRefused(command, code, content.Text("errortext") ?? $"{command} was refused with code {code}.");
        return status is >= 200 and < 300
            ? new(content, body)
            : throw new CloudRefused(command, status, $"{command} was refused with HTTP {status}.");
    }

    private static JsonElement? Envelope(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            var envelope = document.RootElement.EnumerateObject()
                .FirstOrDefault(property => property.Name.EndsWith("response", StringComparison.Ordinal));
            return envelope.Value.ValueKind == JsonValueKind.Undefined ? null : envelope.Value.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
