using System.Text.Json;
using System.Text.Json.Nodes;
using Stratiform.Management.Settings;

namespace Stratiform.Management.Api;

/// <summary>Writes an answer in the format that the caller asked for.</summary>
internal sealed class AnswerWriter(LiveSettings settings)
{
    private const string Xml = "text/xml; charset=UTF-8";

    public async Task WriteAsync(HttpResponse response, ApiCall call, JsonObject body, int status, CancellationToken ct)
    {
        response.StatusCode = status;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.XXSSProtection = "1;mode=block";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        response.Headers.CacheControl = "no-store";
        response.ContentType = call.Request.WantsJson ? settings.Get(ApiSettings.JsonContentType) : Xml;
        var bytes = call.Request.WantsJson ? JsonOf(call, body) : XmlOf(call, body);
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, ct);
    }

    private static byte[] JsonOf(ApiCall call, JsonObject body) =>
        JsonSerializer.SerializeToUtf8Bytes(new JsonObject { [call.Envelope] = body }, WireJson.For(AllowedTo.Anonymous));

    private byte[] XmlOf(ApiCall call, JsonObject body) =>
        WireXml.Write(call.Envelope, body, call.Caller.Proof == Proof.None || !settings.Get(ApiSettings.VersionInXml) ? null : CloudVersion.OnTheWire);
}
