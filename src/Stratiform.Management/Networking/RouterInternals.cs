using System.Globalization;
using System.Text;
using Stratiform.Management.Infrastructure;

namespace Stratiform.Management.Networking;

/// <summary>
/// Renders who reaches the load balancers within tiers. Guests of the tier that has the address do, as they reach each other; all others as
/// the ACL lists say of what leaves their tier, or comes in by where they come from, and of what enters the tier. To members of other tiers a
/// load balancer is a guest of its own tier. At its addresses nothing else answers.
/// </summary>
internal static class RouterInternals
{
    /// <summary>A first rule of the chain "input": such an address is none of the router's own.</summary>
    public static void Input(StringBuilder text, RouterWishes wishes)
    {
        var addresses = wishes.Internal.Select(i => i.Ip).Distinct().ToList();
        if (addresses.Count > 0) text.Append(CultureInfo.InvariantCulture, $"    ip daddr {{ {string.Join(", ", addresses)} }} goto internal\n");
    }

    /// <summary>The chains behind it, and that of what the load balancers send to other tiers.</summary>
    public static void Chains(StringBuilder text, RouterWishes wishes, IReadOnlyList<ServedNetwork> tiers)
    {
        var balancers = wishes.Internal.ToList();
        if (balancers.Count == 0) return;
        text.Append("  chain internal {\n");
        foreach (var own in balancers.GroupBy(b => b.Tier))
        {
            text.Append(CultureInfo.InvariantCulture,
                $"    iifname \"{own.Key.Card.DeviceName}\" ip saddr {own.Key.Subnet.Cidr} ip daddr . tcp dport {{ {string.Join(", ", own.Select(Port))} }} accept\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"    iifname vmap {{ {RouterAcls.Jumps(tiers, "jump out")} }}\n    iifname \"g-*\" goto listeners\n");
        if (wishes.Gateways.Count > 0)
            text.Append(CultureInfo.InvariantCulture, $"    iifname vmap {{ {RouterGateways.Jumps(wishes, "jump from")} }}\n    iifname \"s-*\" goto listeners\n");
        RouterVpn.Arriving(text, wishes, "listeners");
        if (wishes.Clients is { } clients) text.Append(CultureInfo.InvariantCulture, $"    iifname \"p-*\" ip saddr {clients.Vpn.Range} meta ipsec exists goto listeners\n");
        var listeners = string.Join(", ", balancers.Select(b => $"{Port(b)} : goto in-{b.Tier.Card.DeviceName}"));
        text.Append(CultureInfo.InvariantCulture,
            $$"""
              }
              chain listeners {
                ip daddr . tcp dport vmap { {{listeners}} }
                iifname "g-*" meta l4proto tcp reject with tcp reset
              }

            """);
        Output(text, balancers, tiers);
    }

    private static void Output(
        StringBuilder text, IReadOnlyList<(BalancerWish Balancer, ServedNetwork Tier, Ipv4Address Ip)> balancers, IReadOnlyList<ServedNetwork> tiers)
    {
        var across = (
            from b in balancers
            where b.Balancer.Rule.NetworkId != b.Tier.Network.Id
            join to in tiers on b.Balancer.Rule.NetworkId equals to.Network.Id
            select (From: b.Tier.Card.DeviceName, To: to.Card.DeviceName, b.Ip)).Distinct().ToList();
        if (across.Count == 0) return;
        text.Append(
            """
              chain output {
                type filter hook output priority filter; policy accept;
                ct state established,related accept

            """);
        foreach (var way in across.GroupBy(a => (a.From, a.To)))
        {
            var packets = $"oifname \"{way.Key.To}\" ip saddr {{ {string.Join(", ", way.Select(w => w.Ip))} }}";
            text.Append(CultureInfo.InvariantCulture, $"    {packets} jump out-{way.Key.From}\n    {packets} goto in-{way.Key.To}\n");
        }
        text.Append("  }\n");
    }

    private static string Port((BalancerWish Balancer, ServedNetwork Tier, Ipv4Address Ip) wish) =>
        string.Create(CultureInfo.InvariantCulture, $"{wish.Ip} . {wish.Balancer.Rule.StartPort}");
}
