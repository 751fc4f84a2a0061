using System.Globalization;
using System.Net;
using Stratiform.Management.Api;
using Stratiform.Management.Infrastructure;

namespace Stratiform.Management.Networking;

/// <summary>The addresses that clients of a remote access VPN are given.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last.</param>
public readonly record struct ClientRange(Ipv4Address First, Ipv4Address Last)
{
    private const int Most = 4096;

    // Where no client can be: this host, links, groups of receivers and beyond.
    private static readonly IPNetwork[] Nowhere =
        [IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("224.0.0.0/3")];

    /// <summary>Reads what a client sent.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is no range (431).</exception>
    public static ClientRange Require(string text) =>
        Objection(text) is { } why ? throw Refusal.Parameter($"iprange {text} {why}.") : Read(text)!.Value;

    /// <summary>What is wrong with a text as a range, as the rest of a sentence that begins with it; null for nothing.</summary>
    public static string? Objection(string text)
    {
        if (Read(text) is not { } range) return "is not FIRST-LAST, two IPv4 addresses such as 10.1.2.1-10.1.2.8";
        if (range.Last < range.First) return "ends before it begins";
        if (range.Last.Number - range.First.Number >= Most) return string.Create(CultureInfo.InvariantCulture, $"is too large: {Most} addresses are the most");
        return Nowhere.Any(n => range.Overlaps(n)) ? "has addresses that no client can have" : null;
    }

    /// <summary>Whether a network has some of the addresses, too.</summary>
    public bool Overlaps(IPNetwork network)
    {
        var start = Ipv4.NumberOf(network.BaseAddress);
        return start <= Last.Number && First.Number <= (start | ~Ipv4.NumberOf(Ipv4.MaskOf(network.PrefixLength)));
    }

    /// <summary>As clients and routers write it.</summary>
    public override string ToString() => $"{First}-{Last}";

    private static ClientRange? Read(string text) =>
        text.Split('-') is [var first, var last] && Address(first) is { } from && Address(last) is { } to ? new(from, to) : null;

    // Only in the one form that everybody reads alike.
    private static Ipv4Address? Address(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork && address.ToString() == text
            ? Ipv4Address.Of(address)
            : null;
}
