using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Stratiform.Management.Api;

/// <summary>
/// The signature of a request: HMAC-SHA1 over its parameters as sent, sorted by name, values percent-encoded, all in lower case.
/// Clients differ in what they escape and in whether they lower the names before they sort, so any of their ways is accepted.
/// </summary>
internal static class Signature
{
    private const string Plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_";

    /// <summary>What some clients escape and others leave.</summary>
    private static readonly string[] _disputed = ["~", "[]", "*"];

    /// <summary>The signature as most clients make it, in base64.</summary>
    public static string Of(IReadOnlyDictionary<string, string> parameters, string secret) =>
        Convert.ToBase64String(Mac(Text(parameters, lowerFirst: false, leave: "*"), secret));

    /// <summary>True when some client would have signed the parameters so.</summary>
    public static bool Verifies(IReadOnlyDictionary<string, string> parameters, string secret, string signature)
    {
        // A plus that a client forgot to escape arrives as a blank.
        var given = new byte[64];
        if (!Convert.TryFromBase64String(signature.Replace(' ', '+'), given, out var length)) return false;
        return Texts(parameters).Any(text => CryptographicOperations.FixedTimeEquals(Mac(text, secret), given.AsSpan(0, length)));
    }

    private static IEnumerable<string> Texts(IReadOnlyDictionary<string, string> parameters)
    {
        var disputed = Array.FindAll(_disputed, some => parameters.Values.Any(value => value.AsSpan().ContainsAny(some)));
        for (var choice = 0; choice < 1 << disputed.Length; choice++)
        {
            var leave = string.Concat(disputed.Where((_, i) => (choice & 1 << i) != 0));
            yield return Text(parameters, lowerFirst: false, leave);
            yield return Text(parameters, lowerFirst: true, leave);
        }
    }

    private static string Text(IReadOnlyDictionary<string, string> parameters, bool lowerFirst, string leave)
    {
        var signed = parameters
            .Where(pair => !pair.Key.Equals("signature", StringComparison.OrdinalIgnoreCase))
            .OrderBy(pair => lowerFirst ? pair.Key.ToLowerInvariant() : pair.Key, StringComparer.Ordinal);
        var text = new StringBuilder();
        foreach (var (name, value) in signed)
        {
            if (text.Length > 0) text.Append('&');
            text.Append(name).Append('=');
            Encode(value, leave, text);
        }
        return text.ToString().ToLowerInvariant();
    }

    private static void Encode(string value, string leave, StringBuilder text)
    {
        foreach (var octet in Encoding.UTF8.GetBytes(value))
        {
            var character = (char)octet;
            if (Plain.Contains(character, StringComparison.Ordinal) || leave.Contains(character, StringComparison.Ordinal))
                text.Append(character);
            else
                text.Append('%').Append(Convert.ToHexStringLower([octet]));
        }
    }

    [SuppressMessage("Security", "CA5350", Justification = "The wire's own algorithm; HMAC-SHA1 is not broken as a MAC.")]
    private static byte[] Mac(string text, string secret) => HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text));
}
