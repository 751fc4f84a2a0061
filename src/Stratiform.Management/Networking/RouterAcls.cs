using System.Globalization;
using System.Text;

namespace Stratiform.Management.Networking;

/// <summary>
/// Renders what ACL lists say of packets between tiers, and between tiers and the outside. A packet passes the chain of the tier that it
/// leaves and then that of the tier that it enters, each found by one look-up of its card.
/// </summary>
internal static class RouterAcls
{
    /// <summary>The rules of the chain "forward", behind those for what is connected.</summary>
    public static void Forward(StringBuilder text, RouterWishes wishes, IReadOnlyList<ServedNetwork> tiers)
    {
        // Nobody outside would know the way back.
        if (wishes.Routes.Count > 0) text.Append(CultureInfo.InvariantCulture, $"    oifname \"p-*\" ip saddr {{ {Routed(wishes.Routes)} }} drop\n");
        text.Append(CultureInfo.InvariantCulture,
            $$"""
                iifname vmap { {{Jumps(tiers, "jump out")}} }

            """);
        RouterGateways.Forward(text, wishes);
        text.Append(
            """
                iifname "g-*" oifname "p-*" accept
                iifname "g-*" goto tiers
                ct status dnat goto tiers

            """);
        RouterVpn.Arriving(text, wishes);
        RouterClients.Arriving(text, wishes, isVpc: true);
    }

    /// <summary>The rules of the chain "public": what comes to load balancers is judged as what goes into their tiers.</summary>
    public static void Public(StringBuilder text, RouterWishes wishes, IReadOnlyList<ServedNetwork> tiers)
    {
        text.Append(CultureInfo.InvariantCulture, $"    iifname vmap {{ {Jumps(tiers, "jump out")} }}\n");
        var held = wishes.Addresses.ToDictionary(a => a.Id, a => a.Address);
        var balanced =
            from balancer in wishes.Balancers
            where balancer.Rule.AddressId is { } id && held.ContainsKey(id)
            join tier in tiers on balancer.Rule.NetworkId equals tier.Network.Id
            select string.Create(CultureInfo.InvariantCulture,
                $"{held[balancer.Rule.AddressId!.Value]} . {balancer.Rule.StartPort} : goto in-{tier.Card.DeviceName}");
        var list = string.Join(", ", balanced);
        if (list.Length > 0) text.Append(CultureInfo.InvariantCulture, $"    ip daddr . tcp dport vmap {{ {list} }}\n");
    }

    /// <summary>The tiers' chains. What no rule speaks of stays out; it may go out as long as no rule speaks of what goes out.</summary>
    public static void Chains(StringBuilder text, RouterWishes wishes, IReadOnlyList<ServedNetwork> tiers)
    {
        text.Append(CultureInfo.InvariantCulture, $"  chain tiers {{\n    oifname vmap {{ {Jumps(tiers, "goto in")} }}\n  }}\n");
        foreach (var tier in tiers)
        {
            var rules = tier.Acl!.OrderBy(r => r.Number).ToLookup(r => r.Traffic);
            var behind = wishes.Routes.Where(r => tier.Subnet.Cidr.Contains(r.NextHop.ToIPAddress())).ToList();
            var own = behind.Count == 0 ? tier.Subnet.Cidr.ToString() : $"{{ {tier.Subnet.Cidr}, {Routed(behind)} }}";
            text.Append(CultureInfo.InvariantCulture, $"  chain out-{tier.Card.DeviceName} {{\n    ip saddr != {own} drop\n");
            foreach (var rule in rules[AclTraffic.Egress]) text.Append(CultureInfo.InvariantCulture, $"    {Rule(rule, "daddr", "return")}\n");
            text.Append(rules[AclTraffic.Egress].Any() ? "    drop\n  }\n" : "  }\n");
            RouterChains.Render(text, $"in-{tier.Card.DeviceName}", rules[AclTraffic.Ingress].Select(r => Rule(r, "saddr", "accept")), "drop");
        }
        RouterGateways.Chains(text, wishes);
    }

    // A wider network holds those within it.
    internal static string Routed(IReadOnlyList<RouteWish> routes) => string.Join(", ", routes.Select(r => r.Cidr)
        .Where(c => !routes.Any(r => r.Cidr.PrefixLength < c.PrefixLength && r.Cidr.Contains(c.BaseAddress))));

    /// <summary>A rule of a list; the verdict is that of those that allow.</summary>
    internal static string Rule(AclRule rule, string field, string allowed) =>
        $"{RouterFirewall.Packets(rule.Match, "th dport")}{RouterFirewall.Networks(field, rule.Cidrs)}{(rule.Action == AclAction.Allow ? allowed : "drop")}";

    internal static string Jumps(IReadOnlyList<ServedNetwork> tiers, string verdict) =>
        string.Join(", ", tiers.Select(t => $"\"{t.Card.DeviceName}\" : {verdict}-{t.Card.DeviceName}"));
}
