using System.Buffers.Text;
using System.Security.Cryptography;
using Stratiform.Management.Database;

namespace Stratiform.Management.Accounts;

/// <summary>Draws the pair of keys that signs requests, and reads its secret half back.</summary>
internal sealed class ApiKeys(Secrets secrets)
{
    private const int KeyBytes = 64;

    /// <summary>Gives the user a new pair; the old one is void at once.</summary>
    public KeyPair Register(User user)
    {
        var pair = new KeyPair(Draw(), Draw());
        user.ApiKey = pair.ApiKey;
        user.WrappedSecretKey = secrets.Wrap(pair.SecretKey);
        return pair;
    }

    /// <summary>The secret half.</summary>
    public string SecretOf(byte[] wrapped) => secrets.UnwrapText(wrapped);

    private static string Draw() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
}

/// <summary>The two keys of a user.</summary>
/// <param name="ApiKey">Names the user in requests.</param>
/// <param name="SecretKey">Signs them; never sent again but to its owner.</param>
internal sealed record KeyPair(string ApiKey, string SecretKey);
