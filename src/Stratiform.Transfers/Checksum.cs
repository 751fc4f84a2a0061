using System.Security.Cryptography;

namespace Stratiform.Transfers;

/// <summary>A checksum as CloudStack writes it, <c>{SHA-256}hex</c>; hex alone is told by its length.</summary>
/// <param name="Algorithm">How it is computed.</param>
/// <param name="Hex">Lower-case hexadecimal digits.</param>
public sealed record Checksum(HashAlgorithmName Algorithm, string Hex)
{
    /// <summary>Null for an empty text.</summary>
    /// <exception cref="FormatException">It is no checksum; the message says why.</exception>
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
            _ => throw new FormatException($"{text} is no checksum: {{SHA-256}}hex and the like."),
        };
        if (!hex.All(char.IsAsciiHexDigit)) throw new FormatException($"{text} is no checksum: not hexadecimal.");
        return new Checksum(algorithm, hex.ToLowerInvariant());
    }

    /// <summary>Adds a file up.</summary>
    public static async Task<Checksum> OfFileAsync(string path, HashAlgorithmName algorithm, CancellationToken ct)
    {
        using var sum = IncrementalHash.CreateHash(algorithm);
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
        var buffer = new byte[1 << 20];
        while (await file.ReadAsync(buffer, ct) is var read && read > 0) sum.AppendData(buffer, 0, read);
        return new Checksum(algorithm, Convert.ToHexStringLower(sum.GetHashAndReset()));
    }

    /// <summary>As it is written.</summary>
    public override string ToString() => $"{{{Algorithm.Name![..3]}{(Algorithm == HashAlgorithmName.MD5 ? "" : "-")}{Algorithm.Name[3..]}}}{Hex}";
}
