using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Stratiform.Protocol;

/// <summary>
/// A link to an image in a store, which a worker serves to whoever brings it until it expires:
/// <c>/images/STORE/IMAGE/NAME?expires=UNIX_SECONDS&amp;signature=HEX</c>. The signature is HMAC-SHA256 over everything before it,
/// so nothing in a link can be changed.
/// </summary>
/// <param name="StoreId">The store.</param>
/// <param name="ImageId">The image's UUID there.</param>
/// <param name="Name">The file's name for those who save it: letters, digits, <c>.</c>, <c>-</c> and <c>_</c>.</param>
/// <param name="Expires">When it ends to be valid; whole seconds count.</param>
public sealed record StoreLink(Guid StoreId, Guid ImageId, string Name, DateTimeOffset Expires)
{
    /// <summary>Path of all links.</summary>
    public const string Root = "/images/";

    private const string SignatureMark = "&signature=";

    /// <summary>Path and query, signed.</summary>
    public string Sign(ReadOnlySpan<byte> key)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{Root}{StoreId}/{ImageId}/{Name}?expires={Expires.ToUnixTimeSeconds()}");
        return text + SignatureMark + SignatureOf(text, key);
    }

    /// <summary>Reads path and query; null when it is no link, or not one of this key's. Whether it has expired is the reader's to see.</summary>
    public static StoreLink? Read(string pathAndQuery, ReadOnlySpan<byte> key)
    {
        var end = pathAndQuery.LastIndexOf(SignatureMark, StringComparison.Ordinal);
        if (end < 0 || !pathAndQuery.StartsWith(Root, StringComparison.Ordinal)) return null;
        var text = pathAndQuery[..end];
        var signed = Encoding.ASCII.GetBytes(pathAndQuery[(end + SignatureMark.Length)..]);
        if (!CryptographicOperations.FixedTimeEquals(signed, Encoding.ASCII.GetBytes(SignatureOf(text, key)))) return null;
        // What has our signature has our form.
        var parts = text[Root.Length..].Split('/', '?');
        var seconds = long.Parse(parts[3]["expires=".Length..], CultureInfo.InvariantCulture);
        return new StoreLink(Guid.Parse(parts[0]), Guid.Parse(parts[1]), parts[2], DateTimeOffset.FromUnixTimeSeconds(seconds));
    }

    private static string SignatureOf(string text, ReadOnlySpan<byte> key) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
}
