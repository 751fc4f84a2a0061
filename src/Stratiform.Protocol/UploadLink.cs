using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Stratiform.Protocol;

/// <summary>
/// Lets whoever has it send one image to a worker: the file as body of a POST to <see cref="Path"/>, raw or as a form, under the
/// headers <c>X-metadata</c>, <c>X-expires</c> and <c>X-signature</c>. The signature is HMAC-SHA256 over path, metadata and expiry,
/// a line each. It is good for an image that the worker was told to await, and until that has come.
/// </summary>
/// <param name="StoreId">The store where it is to lie.</param>
/// <param name="ImageId">Its UUID there.</param>
/// <param name="Expires">When it is too late to begin; whole seconds count.</param>
public sealed record UploadLink(Guid StoreId, Guid ImageId, DateTimeOffset Expires)
{
    /// <summary>Path of all uploads.</summary>
    public const string Root = "/upload/";

    private const string Scheme = "upload:";
    private const string ExpiryFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>Where the file is sent.</summary>
    public string Path => $"{Root}{ImageId}";

    /// <summary>What the worker must know besides; it says nothing to others.</summary>
    public string Metadata => $"{StoreId}";

    /// <summary>The expiry as it is written: <c>2026-01-31T23:59:59Z</c>.</summary>
    public string ExpiryText => Expires.UtcDateTime.ToString(ExpiryFormat, CultureInfo.InvariantCulture);

    /// <summary>What <see cref="EnsureImage.Source"/> says of an image that comes by this link: <c>upload:UNIX_SECONDS</c>.</summary>
    public string Source => string.Create(CultureInfo.InvariantCulture, $"{Scheme}{Expires.ToUnixTimeSeconds()}");

    /// <summary>Until when an upload to such a source may begin; null for other sources.</summary>
    public static DateTimeOffset? ExpiryOf(string source) =>
        source.StartsWith(Scheme, StringComparison.Ordinal)
        && long.TryParse(source.AsSpan(Scheme.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>The proof of it.</summary>
    public string Sign(ReadOnlySpan<byte> key) => SignatureOf(Path, Metadata, ExpiryText, key);

    /// <summary>Reads what was sent; null when it is none of this key's. Whether it has expired is the reader's to see.</summary>
    public static UploadLink? Read(string path, string metadata, string expires, string signature, ReadOnlySpan<byte> key)
    {
        var wanted = Encoding.ASCII.GetBytes(SignatureOf(path, metadata, expires, key));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(signature), wanted)) return null;
        // What has our signature has our form.
        var until = DateTimeOffset.ParseExact(
            expires, ExpiryFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
        return new UploadLink(Guid.Parse(metadata), Guid.Parse(path[Root.Length..]), until);
    }

    private static string SignatureOf(string path, string metadata, string expires, ReadOnlySpan<byte> key) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{path}\n{metadata}\n{expires}")));
}
