using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Stratiform.Management.Api;

namespace Stratiform.Management.Compute;

/// <summary>Public keys in OpenSSH's form: checked, fingerprinted, and made.</summary>
internal static class PublicKeys
{
    private static readonly string[] Kinds =
        ["ssh-rsa", "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "sk-ssh-ed25519@openssh.com"];

    /// <summary>The key on one line, as it may stand in authorized_keys.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is none (431).</exception>
    public static string Require(string text)
    {
        var words = text.Trim().Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
        var isKey = words.Length >= 2 && Kinds.Contains(words[0]) && text.Trim().IndexOfAny(['\n', '\r']) < 0 && NamesItsKind(words[0], words[1]);
        return isKey ? string.Join(' ', words) : throw Refusal.Parameter("Public key is invalid: send one line such as ssh-ed25519 AAAA… name.");
    }

    /// <summary>MD5 of the key's bytes in colon-separated pairs, as clients know it.</summary>
    public static string FingerprintOf(string key)
    {
#pragma warning disable CA5351 // Not for security: the form that clients compare.
        var hash = MD5.HashData(Convert.FromBase64String(key.Split(' ')[1]));
#pragma warning restore CA5351
        return string.Join(':', hash.Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
    }

    /// <summary>A new RSA key pair: the public half in OpenSSH's form, the private one in PEM.</summary>
    public static (string Public, string Private) Create()
    {
        using var rsa = RSA.Create(3072);
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        using var blob = new MemoryStream();
        Write(blob, Encoding.ASCII.GetBytes("ssh-rsa"));
        Write(blob, Positive(parameters.Exponent!));
        Write(blob, Positive(parameters.Modulus!));
        return ("ssh-rsa " + Convert.ToBase64String(blob.ToArray()), rsa.ExportRSAPrivateKeyPem() + "\n");
    }

    private static bool NamesItsKind(string kind, string base64)
    {
        var blob = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, blob, out var length) || length < 4 + kind.Length) return false;
        var named = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(blob);
        return named == kind.Length && Encoding.ASCII.GetString(blob, 4, named) == kind;
    }

    // A leading one bit would read as a sign.
    private static byte[] Positive(byte[] number) => number[0] < 0x80 ? number : [0, .. number];

    private static void Write(MemoryStream blob, byte[] bytes)
    {
        Span<byte> length = stackalloc byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        blob.Write(length);
        blob.Write(bytes);
    }
}
