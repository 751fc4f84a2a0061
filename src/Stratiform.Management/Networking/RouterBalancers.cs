using System.Globalization;
using System.Text;
using Stratiform.Management.Infrastructure;

namespace Stratiform.Management.Networking;

/// <summary>Renders a router's load balancers as HAProxy's configuration. What is common to all, rights and sizes, is the image's.</summary>
internal static class RouterBalancers
{
    private static readonly string[] CookieFlags = ["indirect", "nocache", "postonly"];

    /// <summary>The configuration; null when nothing is balanced.</summary>
    public static string? Render(RouterWishes wishes)
    {
        var held = wishes.Addresses.ToDictionary(a => a.Id, a => a.Address);
        var at = wishes.Balancers.Where(b => b.Rule.AddressId is { } id && held.ContainsKey(id)).ToDictionary(b => b.Rule.Id, b => held[b.Rule.AddressId!.Value]);
        foreach (var (balancer, _, ip) in wishes.Internal) at[balancer.Rule.Id] = ip;
        // One that has no certificate to end TLS by keeps its port closed.
        var balancers = wishes.Balancers
            .Where(b => at.ContainsKey(b.Rule.Id) && (b.Balancer.Protocol != BalancerProtocol.Ssl || b.Certificate is not null)).ToList();
        if (balancers.Count == 0) return null;
        var of = wishes.Networks.ToDictionary(n => n.Network.Id);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"""
            global
                maxconn {MostConnections(wishes, balancers.Select(b => of[b.Rule.NetworkId]).Distinct())}
            defaults
                log global
                timeout connect 5s
                timeout client 50s
                timeout server 50s
                retries 3
                option redispatch
                option contstats
                default-server inter 5s fall 3 rise 2

            """);
        foreach (var balancer in balancers) Listen(text, at[balancer.Rule.Id], balancer, of[balancer.Rule.NetworkId]);
        return text.ToString();
    }

    // Of a network of its own, this is what its offering allows; of tiers, each of its load balancers is held to that as well.
    private static long MostConnections(RouterWishes wishes, IEnumerable<ServedNetwork> networks) =>
        Math.Min(wishes.Limits.Connections, networks.Sum(n => n.MostConnections ?? wishes.Limits.Connections));

    private static void Listen(StringBuilder text, Ipv4Address address, BalancerWish wish, ServedNetwork network)
    {
        var (rule, balancer) = (wish.Rule, wish.Balancer);
        var tls = wish.Certificate is { } certificate ? $" ssl crt {certificate.Path} alpn h2,http/1.1" : "";
        text.Append(CultureInfo.InvariantCulture,
            $"""
            listen {rule.Id}
                bind {address}:{Ports(rule)}{tls}
                mode {(wish.IsHttp ? "http" : "tcp")}
                balance {balancer.Algorithm.ToString().ToLowerInvariant()}

            """);
        if (network.MostConnections is { } most) text.Append(CultureInfo.InvariantCulture, $"    maxconn {most}\n");
        if (wish.IsHttp && !network.KeepsAlive) text.Append("    option httpclose\n");
        // Members in other tiers know it by its own address, and so do their lists.
        if (rule.InternalIp is { } own) text.Append(CultureInfo.InvariantCulture, $"    source {own}\n");
        if (wish.IsHttp) text.Append(Forwarded(wish.Certificate is not null ? "https" : "http"));
        if (wish.Stickiness is { } stickiness) Stick(text, stickiness);
        if (wish.Check is { } check) Ask(text, check, wish.IsHttp ? check.PingPath ?? "/" : check.PingPath, address);
        foreach (var (nic, ip) in wish.Members)
        {
            text.Append(CultureInfo.InvariantCulture, $"    server {nic} {ip}:{rule.PrivateStartPort} check");
            if (wish.Stickiness?.Method == StickyMethod.LbCookie) text.Append(CultureInfo.InvariantCulture, $" cookie {nic}");
            if (balancer.Protocol == BalancerProtocol.TcpProxy) text.Append(" send-proxy");
            text.Append('\n');
        }
    }

    // Whatever clients say of themselves, members hear it from here; addresses are added to those that proxies before it tell.
    private static string Forwarded(string protocol) =>
        $"""
            option forwardfor
            http-request set-header X-Forwarded-Proto {protocol}
            http-request set-header X-Forwarded-Port %[dst_port]

        """;

    private static void Ask(StringBuilder text, HealthCheck check, string? path, Ipv4Address address)
    {
        // Members that tell sites apart by their names are asked for the one at the address.
        if (path is not null)
            text.Append(CultureInfo.InvariantCulture, $"    option httpchk\n    http-check send meth GET uri {path} ver HTTP/1.1 hdr Host {address}\n");
        text.Append(CultureInfo.InvariantCulture, $"    timeout check {check.ResponseSeconds}s\n");
        text.Append(CultureInfo.InvariantCulture, $"    default-server inter {check.IntervalSeconds}s fall {check.Unhealthy} rise {check.Healthy}\n");
    }

    private static void Stick(StringBuilder text, Stickiness stickiness)
    {
        string Value(string name, string otherwise) => stickiness.Parameters.GetValueOrDefault(name, otherwise);
        bool Is(string name) => stickiness.Parameters.TryGetValue(name, out var value) && !value.Equals("false", StringComparison.OrdinalIgnoreCase);
        var name = Value("cookie-name", "STRATIFORM");
        switch (stickiness.Method)
        {
            case StickyMethod.LbCookie:
                var mode = Value("mode", "insert");
                // Only a cookie that is ours alone can be taken out again.
                var options = string.Concat(CookieFlags.Where(o => mode == "insert" && (Is(o) || o == "indirect")).Select(o => " " + o));
                var domain = stickiness.Parameters.TryGetValue("domain", out var given) ? " domain " + given : "";
                text.Append(CultureInfo.InvariantCulture, $"    cookie {name} {mode}{options}{domain}\n");
                break;
            case StickyMethod.AppCookie:
                text.Append(CultureInfo.InvariantCulture, $"    stick-table type string len {Value("length", "52")} size 50k expire {Value("holdtime", "3h")}\n");
                text.Append(CultureInfo.InvariantCulture, $"    stick store-response res.cook({name})\n    stick match req.cook({name})\n");
                if (Is("request-learn")) text.Append(CultureInfo.InvariantCulture, $"    stick store-request req.cook({name})\n");
                break;
            case StickyMethod.SourceBased:
                text.Append(CultureInfo.InvariantCulture, $"    stick-table type ip size {Value("tablesize", "50k")} expire {Value("expire", "30m")}\n    stick on src\n");
                break;
        }
    }

    private static string Ports(NetworkRule rule) => rule.StartPort!.Value.ToString(CultureInfo.InvariantCulture);
}
