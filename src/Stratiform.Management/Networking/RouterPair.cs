using System.Globalization;
using System.Text;
using Stratiform.Management.Infrastructure;

namespace Stratiform.Management.Networking;

/// <summary>
/// Renders what makes a router one of a pair. The two speak by a card among the guests, so whoever has the other one's address there must have
/// its MAC as well, which the hosts let no guest claim.
/// </summary>
internal static class RouterPair
{
    // Where both find the other one's connections.
    private const int ConnectionsPort = 3780;

    // Pairs never share a network, so they need not be told apart.
    private const int Group = 1;

    /// <summary>Of the first one; the second one has one less.</summary>
    public const int MostPriority = 254;

    /// <summary>The file that says with whom.</summary>
    public static string? Render(RouterWishes wishes) => wishes.Pair is not { } pair ? null : string.Create(CultureInfo.InvariantCulture,
        $"group {Group}\npriority {pair.Priority}\ncard {pair.Card.Mac}\nown {pair.Own}\npeer {pair.Peer} {pair.PeerMac}\n");

    /// <summary>First rules of the chain "input".</summary>
    public static void Input(StringBuilder text, RouterWishes wishes)
    {
        if (wishes.Pair is not { } pair) return;
        text.Append(CultureInfo.InvariantCulture,
            $"""
                iifname "{pair.Card.DeviceName}" ip saddr {pair.Peer} ether saddr != {pair.PeerMac} drop
                iifname "{pair.Card.DeviceName}" ip saddr {pair.Peer} ip daddr {pair.Own} meta l4proto 112 accept
                iifname "{pair.Card.DeviceName}" ip saddr {pair.Peer} ip daddr {pair.Own} udp dport {ConnectionsPort} accept

            """);
    }
}

/// <summary>The other router of a pair, for the one that is told of it.</summary>
/// <param name="Card">Its own card by which the two speak.</param>
/// <param name="Own">Its address there that never moves.</param>
/// <param name="Peer">The other one's address there.</param>
/// <param name="PeerMac">The other one's MAC there.</param>
/// <param name="Priority">Of two that begin at once the one with more serves, 1 to 254.</param>
public sealed record PairWish(RouterCard Card, Ipv4Address Own, Ipv4Address Peer, string PeerMac, int Priority);
