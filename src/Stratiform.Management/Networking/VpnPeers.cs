using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;

namespace Stratiform.Management.Networking;

/// <summary>Reads what clients say of the far ends of VPNs. It is hostile until it has passed here: routers are configured by it.</summary>
internal static class VpnPeers
{
    private const int ShortestLife = 300;
    private const int LongestLife = 86_400;
    private const int LongestPsk = 256;

    /// <summary>What two commands say alike; all but what must be said may be null.</summary>
    public sealed record Wish(string Gateway, string CidrList, string Psk, string IkePolicy, string EspPolicy)
    {
        public string? Name { get; init; }
        public long? IkeLifetime { get; init; }
        public long? EspLifetime { get; init; }
        public bool? Dpd { get; init; }
        public bool? ForceEncap { get; init; }
        public bool? SplitConnections { get; init; }
        public IkeVersion? IkeVersion { get; init; }
    }

    /// <summary>The far end that is wished for.</summary>
    /// <param name="wish">As sent.</param>
    /// <param name="before">What it was, and stays where nothing is said; null for a new one.</param>
    /// <param name="mostCidrs">How many networks are allowed.</param>
    /// <param name="secrets">Wraps the key.</param>
    /// <exception cref="Stratiform.Workflows.CloudException">A value is wrong (431).</exception>
    public static VpnPeer Require(Wish wish, VpnPeer? before, int mostCidrs, Secrets secrets) => new()
    {
        Name = wish.Name ?? before?.Name ?? wish.Gateway,
        Gateway = WireIp.RequireHost(wish.Gateway, "gateway").ToString(),
        Cidrs = Cidrs(wish.CidrList, mostCidrs),
        WrappedPsk = secrets.Wrap(Psk(wish.Psk)),
        IkePolicy = VpnPolicies.Ike(wish.IkePolicy),
        EspPolicy = VpnPolicies.Esp(wish.EspPolicy),
        IkeLifetime = Life(wish.IkeLifetime, "ikelifetime") ?? before?.IkeLifetime ?? 86_400,
        EspLifetime = Life(wish.EspLifetime, "esplifetime") ?? before?.EspLifetime ?? 3_600,
        Dpd = wish.Dpd ?? before?.Dpd ?? false,
        ForceEncap = wish.ForceEncap ?? before?.ForceEncap ?? false,
        SplitConnections = wish.SplitConnections ?? before?.SplitConnections ?? false,
        IkeVersion = wish.IkeVersion ?? before?.IkeVersion ?? IkeVersion.Ike,
    };

    private static IReadOnlyList<string> Cidrs(string text, int most)
    {
        var networks = WireRules.Cidrs(text.Split(','), "cidrlist");
        if (networks.Length > most) throw Refusal.Parameter($"cidrlist has {networks.Length} networks, of which {most} are allowed.");
        foreach (var wide in networks.Where(n => n.PrefixLength < 8))
            throw Refusal.Parameter($"The network {wide} of cidrlist is too large; name what lies behind the gateway, each with a mask of at least /8.");
        return [.. networks.Select(n => n.ToString())];
    }

    private static string Psk(string text) => text.Length is > 0 and <= LongestPsk && text.All(c => c is >= ' ' and <= '~')
        ? text
        : throw Refusal.Parameter($"ipsecpsk is 1 to {LongestPsk} printable ASCII characters.");

    private static int? Life(long? seconds, string name) => seconds is null or >= ShortestLife and <= LongestLife
        ? (int?)seconds
        : throw Refusal.Parameter($"{name} is {ShortestLife} to {LongestLife} seconds.");
}
