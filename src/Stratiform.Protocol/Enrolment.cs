using System.Buffers.Text;
using System.Security.Cryptography;

namespace Stratiform.Protocol;

/// <summary>
/// What an operator carries from a new host to the cloud, so that both sides can prove who they are before they have certificates
/// of one authority: the hash of the agent's public key, by which the server knows the agent, and a secret, by which the agent
/// knows the server. As text: <c>HASH.SECRET</c>, both in base64url. It prints nothing of itself by accident.
/// </summary>
public sealed class JoinToken
{
    private const int SecretBytes = 16;

    private JoinToken(byte[] keyHash, byte[] secret) => (KeyHash, Secret) = (keyHash, secret);

    /// <summary>SHA-256 of the agent's public key (SubjectPublicKeyInfo, DER).</summary>
    public byte[] KeyHash { get; }

    /// <summary>What only the host and the token's bearer know; 128 random bits.</summary>
    public byte[] Secret { get; }

    /// <summary>Draws a token for the agent with this public key (SubjectPublicKeyInfo, DER).</summary>
    public static JoinToken For(ReadOnlySpan<byte> publicKey) =>
        new(SHA256.HashData(publicKey), RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>Reads the text; null when it is no token.</summary>
    public static JoinToken? TryParse(string text)
    {
        var parts = text.Trim().Split('.');
        return parts.Length == 2 && Decode(parts[0], SHA256.HashSizeInBytes) is { } hash && Decode(parts[1], SecretBytes) is { } secret
            ? new(hash, secret)
            : null;
    }

    /// <summary>Whether the token is for the agent with this public key (SubjectPublicKeyInfo, DER).</summary>
    public bool Names(ReadOnlySpan<byte> publicKey) => KeyHash.AsSpan().SequenceEqual(SHA256.HashData(publicKey));

    /// <summary>The token as the operator carries it. Secret.</summary>
    public string Reveal() => Base64Url.EncodeToString(KeyHash) + "." + Base64Url.EncodeToString(Secret);

    private static byte[]? Decode(string text, int size) =>
        Base64Url.IsValid(text, out var length) && length == size ? Base64Url.DecodeFromChars(text) : null;
}

/// <summary>
/// Gives an agent its certificate: <c>POST enrol</c>, answered with <see cref="Done"/>. An agent without one obeys who knows the
/// secret of its join token; later one only the servers of its cloud, who need no secret.
/// </summary>
/// <param name="Certificate">For the public key that the agent showed in the handshake of the same connection; DER.</param>
/// <param name="Authority">The certificate of the cloud's authority, which signed it; DER.</param>
/// <param name="Secret">The token's secret; absent when the certificate is renewed.</param>
public sealed record Enrolment(byte[] Certificate, byte[] Authority, byte[]? Secret = null);

/// <summary>What both ends know of the certificates of a cloud.</summary>
public static class CloudCertificates
{
    /// <summary>The common name of the servers' certificates.</summary>
    public const string ServerName = "Stratiform management server";

    /// <summary>The key usage of a certificate that listens: the agents'.</summary>
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>The key usage of a certificate that calls: the management servers'.</summary>
    public const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
}
