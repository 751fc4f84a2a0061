using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Stratiform.Protocol;

namespace Stratiform.SystemVm.Network;

/// <summary>A card as it is.</summary>
/// <param name="Name">Its name here.</param>
/// <param name="Mac">Its address on the wire.</param>
/// <param name="Mtu">MTU, bytes.</param>
/// <param name="IsUp">Whether it is switched on.</param>
/// <param name="Addresses">Address and length of the prefix each.</param>
internal sealed record Card(string Name, string Mac, int Mtu, bool IsUp, IReadOnlyList<string> Addresses);

/// <summary>What must change for cards to be as they are wanted, in the words of <c>ip -batch</c>.</summary>
internal static partial class CardPlan
{
    /// <summary>Nothing when they are.</summary>
    /// <param name="nics">As they are wanted.</param>
    /// <param name="cards">As they are.</param>
    /// <param name="gateway">The default route's; empty for none.</param>
    public static IReadOnlyList<string> Changes(IReadOnlyList<WorkerNic> nics, IReadOnlyList<Card> cards, string gateway)
    {
        var changes = new List<string>();
        var way = "";
        foreach (var nic in nics)
        {
            Check(nic);
            var card = cards.FirstOrDefault(card => card.Mac == nic.Mac)
                ?? throw new HostException(HostErrorCode.Busy, $"The worker has no card {nic.Mac}.");
            if (nic.Gateway.Length > 0) way = $"default via {nic.Gateway} dev {card.Name}";
            changes.AddRange(Changes(nic, card));
        }
        foreach (var card in cards.Where(card => nics.All(nic => nic.Mac != card.Mac)))
            changes.AddRange(card.Addresses.Select(address => $"address del {address} dev {card.Name}"));
        // With its address a card loses its routes.
        if (way.Length > 0 && (way != gateway || changes.Count > 0)) changes.Add("route replace " + way);
        if (way.Length == 0 && gateway.Length > 0) changes.Add("route del " + gateway);
        return changes;
    }

    /// <summary>Cards with a MAC, and their IPv4 addresses, out of what <c>ip -json address</c> tells.</summary>
    public static IReadOnlyList<Card> Cards(JsonArray links) =>
    [
        .. from link in links
           where (string?)link!["link_type"] == "ether"
           let addresses = link["addr_info"]?.AsArray().Where(one => (string?)one!["family"] == "inet") ?? []
           select new Card(
               (string)link["ifname"]!, (string)link["address"]!, (int)link["mtu"]!,
               link["flags"]!.AsArray().Any(flag => (string?)flag == "UP"), [.. addresses.Select(one => $"{one!["local"]}/{one["prefixlen"]}")]),
    ];

    /// <summary>The default route, of what <c>ip -json route show default</c> tells; empty for none.</summary>
    public static string Route(JsonArray routes) =>
        routes.FirstOrDefault() is { } route ? $"default via {route["gateway"]} dev {route["dev"]}" : "";

    private static IEnumerable<string> Changes(WorkerNic nic, Card card)
    {
        if (card.Mtu != nic.Mtu) yield return $"link set dev {card.Name} mtu {nic.Mtu}";
        // Added before others go, so that what is in use has no gap.
        if (!card.Addresses.Contains(nic.Address)) yield return $"address add {nic.Address} dev {card.Name}";
        foreach (var other in card.Addresses.Where(other => other != nic.Address)) yield return $"address del {other} dev {card.Name}";
        if (!card.IsUp) yield return $"link set dev {card.Name} up";
    }

    // Each becomes words of a line.
    private static void Check(WorkerNic nic)
    {
        var parts = nic.Address.Split('/');
        if (!Mac().IsMatch(nic.Mac) || parts.Length != 2 || !IPAddress.TryParse(parts[0], out _) || !Prefix().IsMatch(parts[1])
            || (nic.Gateway.Length > 0 && !IPAddress.TryParse(nic.Gateway, out _)))
            throw new HostException(HostErrorCode.Invalid, $"The card {nic.Mac} cannot have {nic.Address} and the gateway {nic.Gateway}.");
    }

    [GeneratedRegex("^([0-9a-f]{2}:){5}[0-9a-f]{2}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Mac();

    [GeneratedRegex("^[0-9]{1,2}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Prefix();
}
