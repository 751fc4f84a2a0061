using System.Globalization;
using System.Net;
using System.Text;
using Stratiform.Management.Infrastructure;

namespace Stratiform.Management.Networking;

/// <summary>
/// Renders by which gateways a router goes out. Its own way, and that of guests behind it, is the gateway of its first address. What answers
/// by an address of another public network, or hides behind one, goes out where that address is known: such a way has a table in the router,
/// and a mark on packets, both with its gateway's number.
/// </summary>
internal static class RouterWays
{
    /// <summary>Lines of the file "interfaces": the public card, and a device on it for each VLAN.</summary>
    public static void Interfaces(StringBuilder text, RouterWishes wishes)
    {
        if (wishes.Addresses is not [var first, ..]) return;
        var mac = RouterDomain.PublicMacOf(wishes.Router);
        var byVlan = wishes.Addresses.ToLookup(a => a.Vlan);
        if (!byVlan.Contains(null)) text.Append(CultureInfo.InvariantCulture, $"{mac} public - {wishes.PublicMtu}\n");
        foreach (var group in byVlan.OrderBy(g => g.Key ?? 0))
        {
            var addresses = string.Join(',', group.Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Address}/{Ipv4.PrefixOf(a.Netmask)}")));
            var (role, way) = (group.Key is { } vlan ? $"public.{vlan}" : "public", group.Key == first.Vlan ? $" {first.Gateway}" : "");
            text.Append(CultureInfo.InvariantCulture, $"{mac} {role} {addresses} {wishes.PublicMtu}{way}\n");
        }
    }

    /// <summary>The file with all ways but the first; null for none.</summary>
    public static string? Render(RouterWishes wishes)
    {
        var ways = Others(wishes).GroupBy(a => (a.Gateway, a.Vlan))
            .Select(way => $"{way.Key.Gateway} {DeviceName(wishes.Router, way.Key.Vlan)} {string.Join(',', way.Select(a => a.Address))}\n").ToList();
        return ways.Count == 0 ? null : string.Concat(ways);
    }

    /// <summary>A chain that marks what guests answer by such addresses, and what hides behind them; not what goes out sealed, from the first.</summary>
    public static void Marks(StringBuilder text, RouterWishes wishes)
    {
        var others = Others(wishes).ToList();
        if (others.Count == 0) return;
        text.Append("  chain ways {\n    type filter hook prerouting priority mangle;\n");
        RouterVpn.Unmarked(text, wishes);
        RouterClients.Unmarked(text, wishes);
        text.Append(CultureInfo.InvariantCulture,
            $"    iifname \"g-*\" ct direction reply meta mark set ct original ip daddr map {{ {string.Join(", ", others.Select(a => $"{a.Address} : {Mark(a.Gateway)}"))} }}\n");
        var hidden = string.Join(", ", others.Where(a => a.LeadsTo is not null).Select(a => $"{a.LeadsTo} : {Mark(a.Gateway)}"));
        if (hidden.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $"    iifname \"g-*\" ct direction original meta mark set ip saddr map {{ {hidden} }}\n");
        text.Append("  }\n");
    }

    private static IEnumerable<HeldAddress> Others(RouterWishes wishes) =>
        wishes.Addresses.Where(a => !a.Gateway.Equals(wishes.Addresses[0].Gateway));

    private static string DeviceName(Router router, int? vlan) => vlan is null
        ? "p-" + RouterDomain.PublicMacOf(router).Replace(":", "", StringComparison.Ordinal)
        : string.Create(CultureInfo.InvariantCulture, $"p-v{vlan}");

    private static string Mark(IPAddress gateway) => string.Create(CultureInfo.InvariantCulture, $"0x{Ipv4.NumberOf(gateway):x}");
}
