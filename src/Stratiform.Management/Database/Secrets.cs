using System.Security.Cryptography;

namespace Stratiform.Management.Database;

/// <summary>Wraps what must not be read from the database alone, by a master key that is kept outside it.</summary>
public sealed class Secrets(byte[] masterKey)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>The secret as it may be stored.</summary>
    public byte[] Wrap(byte[] secret)
    {
        var wrapped = new byte[NonceBytes + TagBytes + secret.Length];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(masterKey, TagBytes);
        cipher.Encrypt(wrapped.AsSpan(0, NonceBytes), secret, wrapped.AsSpan(NonceBytes + TagBytes), wrapped.AsSpan(NonceBytes, TagBytes));
        return wrapped;
    }

    /// <summary>The secret again.</summary>
    public byte[] Unwrap(byte[] wrapped)
    {
        var secret = new byte[wrapped.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(masterKey, TagBytes);
        cipher.Decrypt(wrapped.AsSpan(0, NonceBytes), wrapped.AsSpan(NonceBytes + TagBytes), wrapped.AsSpan(NonceBytes, TagBytes), secret);
        return secret;
    }
}
