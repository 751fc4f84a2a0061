using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Stratiform.Protocol;

namespace Stratiform.Agent.Networking;

/// <summary>Refuses what is said of security groups unless it is whole and written as it would be printed: it goes into rules as it is.</summary>
internal static class GroupChecks
{
    public static void Check(EnsureGroups groups)
    {
        var (sets, rules) = (groups.Sets.Select(s => s.Id).ToHashSet(), groups.Groups.Select(g => g.Id).ToHashSet());
        Require(groups.Networks.All(n => n.Zone is >= 1 and <= 65535) && groups.Networks.DistinctBy(n => n.Zone).Count() == groups.Networks.Count,
            "Each network with groups has a zone of its own, 1 to 65535.");
        foreach (var address in groups.Sets.SelectMany(s => s.Addresses).Concat(groups.Cards.Select(c => c.Services).OfType<string>()))
            Require(IsIpv4(address), $"{address} is no IPv4 address.");
        foreach (var group in groups.Cards.SelectMany(c => c.Groups)) Require(rules.Contains(group), $"A card is in the group {group}, which has no rules.");
        foreach (var rule in groups.Groups.SelectMany(g => g.Ingress.Concat(g.Egress))) Check(rule, sets);
    }

    private static void Check(GroupRule rule, HashSet<Guid> sets)
    {
        var isNumber = byte.TryParse(rule.Protocol, NumberStyles.None, CultureInfo.InvariantCulture, out _);
        Require(isNumber || rule.Protocol is "tcp" or "udp" or "icmp" or "all", $"{rule.Protocol} is no protocol.");
        Require(rule.StartPort is null == rule.EndPort is null && (rule.StartPort is null || rule.Protocol is "tcp" or "udp"), "Ports are of tcp and udp, first and last.");
        Require(rule.StartPort is null or (>= 1 and <= 65535) && (rule.EndPort is null || rule.EndPort >= rule.StartPort && rule.EndPort <= 65535), "Ports are 1 to 65535.");
        Require(rule.IcmpType is null or (>= 0 and <= 255) && rule.IcmpCode is null or (>= 0 and <= 255), "ICMP types and codes are 0 to 255.");
        Require(rule.Cidr is null != rule.Members is null, "A rule speaks of a network or of a set.");
        Require(rule.Members is not { } set || sets.Contains(set), "A rule names a set that is not there.");
        Require(rule.Cidr is not { } cidr || IsCidr(cidr), $"{rule.Cidr} is no IPv4 network.");
    }

    private static bool IsCidr(string text) =>
        IPNetwork.TryParse(text, out var network) && network.BaseAddress.AddressFamily == AddressFamily.InterNetwork && network.ToString() == text;

    private static bool IsIpv4(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text;

    private static void Require(bool holds, string why)
    {
        if (!holds) throw new HostException(HostErrorCode.Invalid, why);
    }
}
