using System.Globalization;
using System.Text;

namespace Stratiform.Management.Networking;

/// <summary>
/// Renders what a VPC's private gateways let through. What comes in by one passes its ACL list and then that of the tier that it goes to, and
/// goes nowhere else; what leaves a tier by one passes the tier's list and then the gateway's.
/// </summary>
internal static class RouterGateways
{
    /// <summary>Rules of the chain "input": neighbours may ask whether the router is there.</summary>
    public static void Input(StringBuilder text, RouterWishes wishes)
    {
        foreach (var served in wishes.Gateways)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"    iifname \"{served.Card.DeviceName}\" ip daddr {served.Gateway.Ip} ip saddr {Known(wishes, served)} icmp type echo-request limit rate 50/second accept\n");
        }
    }

    /// <summary>Rules of the chain "forward", behind those of what leaves tiers.</summary>
    public static void Forward(StringBuilder text, RouterWishes wishes)
    {
        if (wishes.Gateways.Count == 0) return;
        text.Append(CultureInfo.InvariantCulture,
            $$"""
                iifname vmap { {{Jumps(wishes, "jump from")}} }
                iifname "s-*" goto tiers
                iifname "g-*" oifname vmap { {{Jumps(wishes, "goto to")}} }

            """);
    }

    /// <summary>The gateways' chains, which judge as those of tiers do: what no rule speaks of stays out.</summary>
    public static void Chains(StringBuilder text, RouterWishes wishes)
    {
        foreach (var served in wishes.Gateways)
        {
            var rules = served.Acl.OrderBy(r => r.Number).ToLookup(r => r.Traffic);
            text.Append(CultureInfo.InvariantCulture, $"  chain from-{served.Card.DeviceName} {{\n    ip saddr != {Known(wishes, served)} drop\n");
            foreach (var rule in rules[AclTraffic.Ingress]) text.Append(CultureInfo.InvariantCulture, $"    {RouterAcls.Rule(rule, "saddr", "return")}\n");
            text.Append("    drop\n  }\n");
            RouterChains.Render(text, $"to-{served.Card.DeviceName}", rules[AclTraffic.Egress].Select(r => RouterAcls.Rule(r, "daddr", "accept")),
                rules[AclTraffic.Egress].Any() ? "drop" : "accept");
        }
    }

    /// <summary>Rules of the chain "postrouting": those that hide the VPC behind an address.</summary>
    public static void Translation(StringBuilder text, RouterWishes wishes)
    {
        foreach (var served in wishes.Gateways.Where(g => g.Gateway.SourceNat))
            text.Append(CultureInfo.InvariantCulture, $"    oifname \"{served.Card.DeviceName}\" snat ip to {served.Gateway.Ip}\n");
    }

    // Nobody else there has a way back, so whoever says to be somebody else lies.
    private static string Known(RouterWishes wishes, ServedGateway served)
    {
        var behind = wishes.Routes.Where(r => served.Gateway.HasNeighbour(r.NextHop)).ToList();
        return behind.Count == 0 ? served.Gateway.Cidr.ToString() : $"{{ {served.Gateway.Cidr}, {RouterAcls.Routed(behind)} }}";
    }

    internal static string Jumps(RouterWishes wishes, string verdict) =>
        string.Join(", ", wishes.Gateways.Select(g => $"\"{g.Card.DeviceName}\" : {verdict}-{g.Card.DeviceName}"));
}
