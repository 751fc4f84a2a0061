using System.Security.Cryptography;
using System.Text;

namespace Stratiform.Cli.Wire;

/// <summary>
/// The signature of one request: HMAC-SHA1 over the sorted, encoded and lower-cased parameters, in base64.
/// Names are sorted as they are sent and not encoded; values are encoded as java.net.URLEncoder does, with
/// %20 for a space, because that is what a CloudStack server computes on its side.
/// </summary>
internal static class Signature
{
    public static string Of(IEnumerable<KeyValuePair<string, string>> parameters, string secret)
    {
        var text = string.Join('&', parameters
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key}={Encode(pair.Value)}"));
#pragma warning disable CA5350 // The wire says HMAC-SHA1; a keyed MAC does not rest on SHA-1's collisions.
        var mac = HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text.ToLowerInvariant()));
#pragma warning restore CA5350
        return Convert.ToBase64String(mac);
    }

    public static string Encode(string value) => Uri.EscapeDataString(value)
        .Replace("%2A", "*", StringComparison.Ordinal)
        .Replace("~", "%7E", StringComparison.Ordinal);
}
