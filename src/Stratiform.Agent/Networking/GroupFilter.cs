using System.Globalization;
using System.Text;
using Stratiform.Protocol;

namespace Stratiform.Agent.Networking;

/// <summary>
/// Security groups in the host's packet filter: a pure function from what is wanted to one change of nftables. The bridge family judges,
/// since it knows the taps; it cannot follow connections, which the inet family can for frames that br_netfilter shows it. That one says
/// no more than whether a packet belongs to a connection that was let through, by a bit of the packet's mark. A frame of such a
/// connection costs a look at the bit; the first one of another finds its card's chain by one look-up.
/// </summary>
internal static class GroupFilter
{
    private const string Table = "stratiform-groups";

    // Cleared as frames enter a bridge: what was in a tunnel keeps the mark that the tunnel's packet had.
    private const string Known = "0x20000000";
    private const string AllButKnown = "0xdfffffff";

    /// <summary>Both tables anew, in one change.</summary>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="bridgeOf">The bridge of a network.</param>
    public static string Render(EnsureGroups wanted, Func<GroupedNetwork, string> bridgeOf)
    {
        var text = new StringBuilder();
        Connections(text, [.. wanted.Networks.Select(n => (bridgeOf(n), n.Zone))]);
        text.Append(CultureInfo.InvariantCulture, $"add table bridge {Table}\ndelete table bridge {Table}\ntable bridge {Table} {{\n");
        Map(text, "incoming", wanted.Cards.Select(c => $"{DeviceNames.Tap(c.NicId)} : goto {In(c.NicId)}"));
        Map(text, "outgoing", wanted.Cards.Select(c => $"{DeviceNames.Tap(c.NicId)} : goto {Out(c.NicId)}"));
        foreach (var set in wanted.Sets)
            text.Append(CultureInfo.InvariantCulture, $"  set {Set(set.Id)} {{\n    type ipv4_addr\n{Elements(set.Addresses)}  }}\n");
        foreach (var group in wanted.Groups)
        {
            Rules(text, GroupIn(group.Id), "saddr", group.Ingress);
            Rules(text, GroupOut(group.Id), "daddr", group.Egress);
        }
        var closed = wanted.Groups.Where(g => g.Egress.Count > 0).Select(g => g.Id).ToHashSet();
        foreach (var card in wanted.Cards) Card(text, card, card.Groups.Any(closed.Contains));
        Hooks(text);
        return text.Append("}\n").ToString();
    }

    // Connections of networks with the same addresses are kept apart; those of other tenants' networks are not followed at all.
    private static void Connections(StringBuilder text, IReadOnlyList<(string Bridge, int Zone)> networks) => text.Append(CultureInfo.InvariantCulture,
        $$"""
        add table inet {{Table}}
        delete table inet {{Table}}
        table inet {{Table}} {
          set grouped {
            type ifname
        {{Elements(networks.Select(n => $"\"{n.Bridge}\""))}}  }
          map zones {
            typeof iifname : ct zone
        {{Elements(networks.Select(n => string.Create(CultureInfo.InvariantCulture, $"\"{n.Bridge}\" : {n.Zone}")))}}  }
          chain zone {
            type filter hook prerouting priority raw;
            ct zone set iifname map @zones
            iifname "sfb-*" iifname != @grouped notrack
          }
          chain know {
            type filter hook prerouting priority mangle;
            iifname @grouped ct state established,related meta mark set meta mark | {{Known}}
          }
        }

        """);

    // Before the guards (-200) the bit is nobody's, after br_netfilter (0) it is ours; a frame leaves before its connection is confirmed.
    private static void Hooks(StringBuilder text) => text.Append(
        $$"""
          chain forget {
            type filter hook prerouting priority -201;
            meta mark set meta mark & {{AllButKnown}}
          }
          chain enter {
            type filter hook prerouting priority 100;
            meta mark & {{Known}} == {{Known}} accept
            iifname vmap @outgoing
          }
          chain leave {
            type filter hook postrouting priority 0;
            meta mark & {{Known}} == {{Known}} accept
            oifname vmap @incoming
          }

        """);

    // ARP is the guard's matter, addresses are always answered, and IPv6, for which there are no rules, does not pass.
    private static void Card(StringBuilder text, GroupedCard card, bool isClosed)
    {
        text.Append(CultureInfo.InvariantCulture,
            $"  chain {In(card.NicId)} {{\n    ether type arp accept\n    ether type != ip counter drop\n    udp sport 67 udp dport 68 accept\n");
        foreach (var group in card.Groups) text.Append(CultureInfo.InvariantCulture, $"    jump {GroupIn(group)}\n");
        text.Append(CultureInfo.InvariantCulture, $"    counter drop\n  }}\n  chain {Out(card.NicId)} {{\n    ether type arp accept\n    ether type != ip counter drop\n");
        if (!isClosed)
        {
            text.Append("    accept\n  }\n");
            return;
        }
        text.Append("    udp sport 68 udp dport 67 accept\n");
        if (card.Services is { } services)
            text.Append(CultureInfo.InvariantCulture, $"    ip daddr {services} meta l4proto {{ tcp, udp }} th dport {{ 53, 80, 8080 }} accept\n");
        foreach (var group in card.Groups) text.Append(CultureInfo.InvariantCulture, $"    jump {GroupOut(group)}\n");
        text.Append("    counter drop\n  }\n");
    }

    private static void Rules(StringBuilder text, string chain, string field, IReadOnlyList<GroupRule> rules)
    {
        text.Append(CultureInfo.InvariantCulture, $"  chain {chain} {{\n");
        foreach (var rule in rules)
        {
            var other = rule.Members is { } set ? $"@{Set(set)}" : rule.Cidr;
            text.Append(CultureInfo.InvariantCulture, $"    ip {field} {other} {Packets(rule)}accept\n");
        }
        text.Append("  }\n");
    }

    private static string Packets(GroupRule rule) => rule switch
    {
        { Protocol: "all" } => "",
        { Protocol: "icmp", IcmpType: { } type, IcmpCode: { } code } => string.Create(CultureInfo.InvariantCulture, $"icmp type {type} icmp code {code} "),
        { Protocol: "icmp", IcmpType: { } type } => string.Create(CultureInfo.InvariantCulture, $"icmp type {type} "),
        { StartPort: { } start, EndPort: { } end } => string.Create(CultureInfo.InvariantCulture, $"meta l4proto {rule.Protocol} th dport {start}-{end} "),
        _ => $"meta l4proto {rule.Protocol} ",
    };

    private static void Map(StringBuilder text, string name, IEnumerable<string> elements) =>
        text.Append(CultureInfo.InvariantCulture, $"  map {name} {{\n    type ifname : verdict\n{Elements(elements)}  }}\n");

    private static string Elements(IEnumerable<string> elements)
    {
        var list = string.Join(", ", elements);
        return list.Length == 0 ? "" : $"    elements = {{ {list} }}\n";
    }

    private static string In(Guid nic) => "in-" + DeviceNames.Tap(nic);

    private static string Out(Guid nic) => "out-" + DeviceNames.Tap(nic);

    private static string Set(Guid id) => $"m-{id:N}";

    private static string GroupIn(Guid id) => $"i-{id:N}";

    private static string GroupOut(Guid id) => $"e-{id:N}";
}
