using Stratiform.Management.Api;

namespace Stratiform.Management.Networking;

/// <summary>
/// Reads policies of VPNs: <c>CIPHER-HASH[;GROUP]</c>, several separated by commas, of what the router's strongSwan and kernel can do.
/// What comes out is made of these words alone.
/// </summary>
internal static class VpnPolicies
{
    private const int Most = 16;
    private static readonly string[] Ciphers = ["3des", "aes128", "aes192", "aes256"];
    private static readonly string[] Hashes = ["md5", "sha1", "sha256", "sha384", "sha512"];

    private static readonly string[] Groups =
    [
        "modp1024", "modp1536", "modp2048", "modp3072", "modp4096", "modp6144", "modp8192", "ecp256", "ecp384", "ecp521", "curve25519",
    ];

    /// <summary>A policy of a key exchange, which needs a group.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is none (431).</exception>
    public static string Ike(string text) => Require(text, "ikepolicy", needsGroup: true);

    /// <summary>A policy of packets; a group makes the keys of each secret from those of others.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is none (431).</exception>
    public static string Esp(string text) => Require(text, "esppolicy", needsGroup: false);

    /// <summary>A policy that was read, as the router takes it.</summary>
    public static string Proposals(string policy) => policy.Replace(';', '-').Replace(",", ", ", StringComparison.Ordinal);

    private static string Require(string text, string name, bool needsGroup)
    {
        var policies = text.Split(',').Select(p => p.Trim().ToLowerInvariant()).ToList();
        if (policies.Count > Most) throw Refusal.Parameter($"{name} has {policies.Count} policies, of which {Most} are allowed.");
        if (policies.FirstOrDefault(p => !IsOne(p, needsGroup)) is not { } bad) return string.Join(',', policies.Distinct());
        throw Refusal.Parameter($"{name} {bad} is not CIPHER-HASH{(needsGroup ? ";GROUP" : "[;GROUP]")}: the cipher is {string.Join(", ", Ciphers)}, "
            + $"the hash {string.Join(", ", Hashes)}, the group {string.Join(", ", Groups)}.");
    }

    private static bool IsOne(string policy, bool needsGroup)
    {
        var halves = policy.Split(';');
        var parts = halves[0].Split('-');
        var grouped = halves.Length == 2 && Groups.Contains(halves[1]) || halves.Length == 1 && !needsGroup;
        return grouped && parts.Length == 2 && Ciphers.Contains(parts[0]) && Hashes.Contains(parts[1]);
    }
}
