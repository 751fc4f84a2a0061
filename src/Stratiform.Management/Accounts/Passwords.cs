using System.Globalization;
using System.Security.Cryptography;

namespace Stratiform.Management.Accounts;

/// <summary>
/// Hashes passwords slowly and with salt: PBKDF2 with SHA-256. The number of rounds is stored with each hash, so it can rise
/// without anybody's password changing.
/// </summary>
/// <param name="rounds">For new hashes.</param>
internal sealed class Passwords(int rounds = Passwords.UsualRounds)
{
    /// <summary>What the field recommends for this function today.</summary>
    public const int UsualRounds = 600_000;

    private const string Scheme = "pbkdf2-sha256";
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    /// <summary>Scheme, rounds, salt and hash, separated by <c>$</c>.</summary>
    public string Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = Derive(password, salt, rounds);
        return string.Create(
            CultureInfo.InvariantCulture, $"{Scheme}${rounds}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
    }

    /// <summary>True when the password is the one that was hashed; takes as long for a user that does not exist (null).</summary>
    public bool Fits(string password, string? stored)
    {
        var parts = stored?.Split('$');
        if (parts is not [Scheme, var times, var salt, var hash])
        {
            Derive(password, new byte[SaltBytes], rounds);
            return false;
        }
        var derived = Derive(password, Convert.FromBase64String(salt), int.Parse(times, CultureInfo.InvariantCulture));
        return CryptographicOperations.FixedTimeEquals(derived, Convert.FromBase64String(hash));
    }

    private static byte[] Derive(string password, byte[] salt, int rounds) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, rounds, HashAlgorithmName.SHA256, HashBytes);
}
