using System.Security.Cryptography;
using Stratiform.Protocol;

namespace Stratiform.Agent.Storage;

/// <summary>A checksum as CloudStack writes it, <c>{SHA-256}hex</c>; hex alone is told by its length.</summary>
/// <param name="Algorithm">How it is computed.</param>
/// <param name="Hex">Lower-case hexadecimal digits.</param>
internal sealed record Checksum(HashAlgorithmName Algorithm, string Hex)
{
    /// <summary>The host's program that computes it.</summary>
    public string Program => Algorithm.Name!.ToLowerInvariant() + "sum";

    /// <summary>Null for an empty text; throws <see cref="HostErrorCode.Invalid"/> for one that is no checksum.</summary>
    public static Checksum? Parse(string text)
    {
        if (text.Length == 0) return null;
        var end = text.StartsWith('{') ? text.IndexOf('}', StringComparison.Ordinal) : -1;
        var (name, hex) = end < 0 ? ("", text) : (text[1..end].ToUpperInvariant(), text[(end + 1)..]);
        var algorithm = (name, hex.Length) switch
        {
            ("" or "MD5", 32) => HashAlgorithmName.MD5,
            ("" or "SHA-1" or "SHA", 40) => HashAlgorithmName.SHA1,
            ("" or "SHA-256", 64) => HashAlgorithmName.SHA256,
            ("" or "SHA-384", 96) => HashAlgorithmName.SHA384,
            ("" or "SHA-512", 128) => HashAlgorithmName.SHA512,
            _ => throw new HostException(HostErrorCode.Invalid, $"{text} is no checksum: {{SHA-256}}hex and the like."),
        };
        if (!hex.All(char.IsAsciiHexDigit)) throw new HostException(HostErrorCode.Invalid, $"{text} is no checksum: not hexadecimal.");
        return new Checksum(algorithm, hex.ToLowerInvariant());
    }
}
