using System.Globalization;
using System.Net;
using System.Text;
using Stratiform.Management.Infrastructure;

namespace Stratiform.Management.Networking;

/// <summary>
/// Renders a router's packet filter and address translation as one nftables ruleset. Packets from outside are judged by where they
/// were sent to before translation: each public address has a chain of its own, found by one look-up, so that a packet meets the
/// rules of its address alone. Where ports lead is looked up in maps, whose size costs a packet nothing.
/// </summary>
internal static class RouterFirewall
{
    /// <summary>Ports that lead to ports of another number need an entry each.</summary>
    public const int MostShifted = 1024;

    public static string Render(RouterWishes wishes)
    {
        var text = new StringBuilder();
        text.Append("flush ruleset inet\n");
        Filter(text, wishes);
        Translation(text, wishes);
        return text.ToString();
    }

    // Guests may speak to the router's own services; nothing comes in but answers and what rules let in.
    private static void Filter(StringBuilder text, RouterWishes wishes)
    {
        var tiers = wishes.Networks.Where(n => n.Acl is not null).ToList();
        var opened = OpenedBy(wishes);
        text.Append(
            """
            table inet router {
              chain input {
                type filter hook input priority filter; policy drop;

            """);
        RouterPair.Input(text, wishes);
        text.Append(
            """
                ct state established,related accept
                ct state invalid drop
                iifname "lo" accept

            """);
        RouterInternals.Input(text, wishes);
        // Behind the way out of a shared network is the world.
        foreach (var served in wishes.Networks.Where(n => n.Network.IsShared))
            text.Append(CultureInfo.InvariantCulture, $"    iifname \"{served.Card.DeviceName}\" ip saddr != {{ 0.0.0.0, {served.Subnet.Cidr} }} drop\n");
        text.Append(
            """
                iifname "g-*" icmp type echo-request limit rate 50/second accept
                iifname "g-*" udp dport { 53, 67 } accept

            """);
        RouterGateways.Input(text, wishes);
        RouterVpn.Input(text, wishes);
        RouterClients.Input(text, wishes);
        text.Append("    iifname \"p-*\" jump public\n");
        if (wishes.Networks.Count > 0)
        {
            var gateways = string.Join(", ", wishes.Networks.Select(n => n.RouterIp));
            text.Append(CultureInfo.InvariantCulture,
                $$"""
                    iifname "g-*" ip daddr { {{gateways}} } tcp dport { 53, 80, 8080 } accept
                    iifname "g-*" ip daddr != { {{gateways}} } jump public

                """);
        }
        text.Append(
            """
                iifname "g-*" meta l4proto tcp reject with tcp reset
              }
              chain forward {
                type filter hook forward priority filter; policy drop;

            """);
        RouterVpn.Forward(text, wishes);
        text.Append("    ct state established,related accept\n    ct state invalid drop\n");
        if (tiers.Count > 0) RouterAcls.Forward(text, wishes, tiers);
        else Forward(text, wishes);
        text.Append("  }\n  chain public {\n");
        if (tiers.Count > 0) RouterAcls.Public(text, wishes, tiers);
        if (opened.Count > 0)
            text.Append(CultureInfo.InvariantCulture, $"    ct original ip daddr vmap {{ {string.Join(", ", opened.Keys.Select(a => $"{a} : jump {a}"))} }}\n");
        text.Append("  }\n");
        foreach (var (address, rules) in opened)
        {
            RouterChains.Render(text, address.ToString(),
                rules.Select(r => $"{Packets(r.Match, "ct original proto-dst")}{Networks("saddr", r.SourceCidrs)}accept"));
        }
        if (tiers.Count > 0) RouterAcls.Chains(text, wishes, tiers);
        else Egress(text, wishes);
        RouterInternals.Chains(text, wishes, tiers);
        RouterWays.Marks(text, wishes);
        text.Append("}\n");
    }

    private static void Forward(StringBuilder text, RouterWishes wishes)
    {
        text.Append("    ct status dnat jump public\n");
        RouterClients.Arriving(text, wishes, isVpc: false);
        foreach (var served in wishes.Networks)
            text.Append(CultureInfo.InvariantCulture, $"    iifname \"g-*\" oifname \"p-*\" ip saddr {served.Subnet.Cidr} jump egress\n");
    }

    private static void Egress(StringBuilder text, RouterWishes wishes)
    {
        var (exception, otherwise) = wishes.Networks.All(n => n.EgressAllowed) ? ("drop", "accept") : ("accept", "drop");
        var rules = wishes.Rules.Where(r => r.Rule.Purpose == RulePurpose.Egress).Select(r => r.Rule);
        RouterChains.Render(text, "egress",
            rules.Select(r => $"{Packets(r.Match, "th dport")}{Networks("saddr", r.SourceCidrs)}{Networks("daddr", r.DestinationCidrs)}{exception}"), otherwise);
    }

    // Guests reach public addresses of their own network too; the router's address in front brings the answers back through it.
    private static void Translation(StringBuilder text, RouterWishes wishes)
    {
        var held = wishes.Addresses.ToDictionary(a => a.Id, a => a.Address);
        var forwarded = wishes.Rules
            .Where(r => r.Rule.Purpose == RulePurpose.PortForwarding && r.Guest is not null && held.ContainsKey(r.Rule.AddressId!.Value)).ToList();
        var leading = wishes.Addresses.Where(a => a.LeadsTo is not null).ToList();
        text.Append("table inet nat {\n");
        Map(text, "ports", "ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service", "",
            forwarded.Where(IsShifted).SelectMany(r => Shifted(held[r.Rule.AddressId!.Value], r)));
        Map(text, "ranges", "ipv4_addr . inet_proto . inet_service : ipv4_addr", "interval", forwarded.Where(r => !IsShifted(r)).Select(r => Straight(held[r.Rule.AddressId!.Value], r)));
        Map(text, "hosts", "ipv4_addr : ipv4_addr", "", leading.Select(a => $"{a.Address} : {a.LeadsTo}"));
        Map(text, "sources", "ipv4_addr : ipv4_addr", "", leading.Select(a => $"{a.LeadsTo} : {a.Address}"));
        text.Append(
            """
              chain prerouting {
                type nat hook prerouting priority dstnat;

            """);
        RouterVpn.Kept(text, wishes);
        text.Append(
            """
                dnat ip to ip daddr . meta l4proto . th dport map @ports
                dnat ip to ip daddr . meta l4proto . th dport map @ranges
                dnat ip to ip daddr map @hosts
              }
              chain postrouting {
                type nat hook postrouting priority srcnat;

            """);
        RouterVpn.Untranslated(text, wishes);
        RouterClients.Untranslated(text, wishes);
        RouterGateways.Translation(text, wishes);
        text.Append("    oifname \"p-*\" snat ip to ip saddr map @sources\n");
        foreach (var (cidr, gateway) in wishes.Networks.Where(n => !n.Network.IsShared).Select(n => n.Subnet))
        {
            text.Append(CultureInfo.InvariantCulture, $"    oifname \"g-*\" ct status dnat ip saddr {cidr} ip daddr {cidr} snat ip to {gateway}\n");
            if (wishes.SourceNat is { } source) text.Append(CultureInfo.InvariantCulture, $"    oifname \"p-*\" ip saddr {cidr} snat ip to {source.Address}\n");
        }
        text.Append("  }\n}\n");
    }

    private static Dictionary<Ipv4Address, List<NetworkRule>> OpenedBy(RouterWishes wishes)
    {
        var rules = wishes.Rules.Where(r => r.Rule.Purpose == RulePurpose.Firewall).ToLookup(r => r.Rule.AddressId!.Value, r => r.Rule);
        return wishes.Addresses.Where(a => rules.Contains(a.Id)).ToDictionary(a => a.Address, a => rules[a.Id].ToList());
    }

    private static void Map(StringBuilder text, string name, string type, string flags, IEnumerable<string> elements)
    {
        text.Append(CultureInfo.InvariantCulture, $"  map {name} {{\n    type {type}\n");
        if (flags.Length > 0) text.Append(CultureInfo.InvariantCulture, $"    flags {flags}\n");
        var list = string.Join(", ", elements);
        if (list.Length > 0) text.Append(CultureInfo.InvariantCulture, $"    elements = {{ {list} }}\n");
        text.Append("  }\n");
    }

    internal static string Packets(RuleMatch rule, string port) => rule switch
    {
        { Protocol: "all" } => "",
        { Protocol: "icmp", IcmpType: -1 or null } => "meta l4proto icmp ",
        { Protocol: "icmp", IcmpCode: -1 or null } => string.Create(CultureInfo.InvariantCulture, $"icmp type {rule.IcmpType} "),
        { Protocol: "icmp" } => string.Create(CultureInfo.InvariantCulture, $"icmp type {rule.IcmpType} icmp code {rule.IcmpCode} "),
        { StartPort: { } start, EndPort: { } end } => string.Create(CultureInfo.InvariantCulture, $"meta l4proto {rule.Protocol} {port} {Range(start, end)} "),
        _ => $"meta l4proto {rule.Protocol} ",
    };

    internal static string Networks(string field, IPNetwork[] networks) =>
        networks.Length == 0 || networks.Any(n => n.PrefixLength == 0) ? "" : $"ip {field} {{ {string.Join(", ", networks)} }} ";

    private static bool IsShifted(RuleWish wish) => wish.Rule.StartPort != wish.Rule.PrivateStartPort;

    private static IEnumerable<string> Shifted(Ipv4Address address, RuleWish wish)
    {
        var rule = wish.Rule;
        for (var i = 0; i <= rule.EndPort - rule.StartPort; i++)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{address} . {rule.Protocol} . {rule.StartPort + i} : {wish.Guest} . {rule.PrivateStartPort + i}");
        }
    }

    private static string Straight(Ipv4Address address, RuleWish wish) =>
        $"{address} . {wish.Rule.Protocol} . {Range(wish.Rule.StartPort!.Value, wish.Rule.EndPort!.Value)} : {wish.Guest}";

    private static string Range(int start, int end) =>
        start == end ? start.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{start}-{end}");
}
