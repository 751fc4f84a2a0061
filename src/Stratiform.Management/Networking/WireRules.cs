using System.Globalization;
using System.Net;
using Stratiform.Management.Api;
using Stratiform.Management.Infrastructure;

namespace Stratiform.Management.Networking;

/// <summary>Reads what clients say of packets: protocols, ports, ICMP types, networks.</summary>
internal static class WireRules
{
    private const int MostCidrs = 100;

    private static readonly IPNetwork[] Everywhere = [IPNetwork.Parse("0.0.0.0/0")];

    /// <summary>The packets that a firewall rule speaks of, from everywhere.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">A value is wrong, or does not go with another (431).</exception>
    public static RuleMatch Packets(string protocolText, int? startPort, int? endPort, int? icmpType, int? icmpCode)
    {
        var protocol = Protocol(protocolText);
        var (start, end) = Ports(protocol, startPort, endPort);
        var (type, code) = Icmp(protocol, icmpType, icmpCode);
        return new()
        {
            Protocol = protocol,
            StartPort = start,
            EndPort = end,
            IcmpType = type,
            IcmpCode = code,
            SourceCidrs = Everywhere,
        };
    }

    /// <summary>A protocol by its name, or its number from 1 to 255.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is none (431).</exception>
    public static string Protocol(string text)
    {
        var name = text.Trim().ToLowerInvariant();
        if (name is "tcp" or "udp" or "icmp" or "all") return name;
        var isNumber = byte.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
        if (!isNumber) throw Refusal.Parameter($"protocol {text} is unknown; use tcp, udp, icmp, all, or a protocol's number from 1 to 255.");
        return number switch
        {
            1 => "icmp",
            6 => "tcp",
            17 => "udp",
            _ => number.ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>The last port of a range; the first unless said.</summary>
    public static int Last(int first, int? last, string startName, string endName)
    {
        var end = Port(last ?? first, endName);
        return end >= first ? end : throw Refusal.Parameter(string.Create(CultureInfo.InvariantCulture,
            $"{endName} {end} is below {startName} {first}."));
    }

    /// <summary>A port.</summary>
    public static int Port(int number, string name) => number is >= 1 and <= 65535
        ? number
        : throw Refusal.Parameter(string.Create(CultureInfo.InvariantCulture, $"{name} {number} is no port; ports are 1 to 65535."));

    /// <summary>IPv4 networks; those within others are left out.</summary>
    /// <param name="texts">As sent; null or empty is <paramref name="otherwise"/>, else everywhere.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="otherwise">What is meant when nothing was sent.</param>
    /// <exception cref="Stratiform.Workflows.CloudException">One is none (431).</exception>
    public static IPNetwork[] Cidrs(IReadOnlyList<string>? texts, string name, IPNetwork? otherwise = null)
    {
        if (texts is not { Count: > 0 }) return otherwise is { } one ? [one] : Everywhere;
        if (texts.Count > MostCidrs) throw Refusal.Parameter($"{name} has {texts.Count} networks, of which {MostCidrs} are allowed; use several rules.");
        var networks = texts.Select(text => Cidr(text, name)).Distinct().OrderBy(n => n.PrefixLength).ToList();
        var kept = new List<IPNetwork>();
        foreach (var network in networks)
        {
            if (!kept.Any(wider => wider.Contains(network.BaseAddress))) kept.Add(network);
        }
        return [.. kept.OrderBy(n => Ipv4.NumberOf(n.BaseAddress))];
    }

    // An address within a network means the network, as it does in CloudStack.
    private static IPNetwork Cidr(string text, string name)
    {
        var parts = text.Trim().Split('/');
        var isCidr = parts.Length == 2 && IPAddress.TryParse(parts[0], out var address)
            && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork && address.ToString() == parts[0]
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var prefix) && prefix <= 32;
        return isCidr
            ? Ipv4.NetworkOf(IPAddress.Parse(parts[0]), int.Parse(parts[1], CultureInfo.InvariantCulture))
            : throw Refusal.Parameter($"{name} {text} is not an IPv4 network such as 10.1.0.0/16.");
    }

    private static (int? Start, int? End) Ports(string protocol, int? start, int? end)
    {
        if (start is null && end is null) return (null, null);
        if (protocol is not ("tcp" or "udp")) throw Refusal.Parameter($"The protocol {protocol} has no ports; leave startport and endport out.");
        if (start is not { } first) throw Refusal.Parameter("endport goes with startport.");
        return (Port(first, "startport"), Last(first, end, "startport", "endport"));
    }

    private static (int? Type, int? Code) Icmp(string protocol, int? type, int? code)
    {
        if (protocol != "icmp")
        {
            return type is null && code is null ? (null, null)
                : throw Refusal.Parameter($"icmptype and icmpcode go with the protocol icmp, not {protocol}.");
        }
        var (t, c) = (type ?? -1, code ?? -1);
        if (t is < -1 or > 255 || c is < -1 or > 255) throw Refusal.Parameter("icmptype and icmpcode are 0 to 255, or -1 for all.");
        return t == -1 && c != -1 ? throw Refusal.Parameter("icmpcode goes with icmptype.") : (t, c);
    }
}
