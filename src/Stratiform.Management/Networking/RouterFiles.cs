using System.Globalization;
using System.Text;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>Renders a router's configuration: a pure function from wishes to files. Their form: docs/guides/images.md.</summary>
public static class RouterFiles
{
    /// <summary>All files, in a fixed order.</summary>
    public static IReadOnlyList<RouterFile> Render(RouterWishes wishes)
    {
        var files = new List<RouterFile>
        {
            Text("hostname", wishes.Name + "\n"),
            Text("interfaces", Interfaces(wishes)),
            Text("sysctl", Sysctl(wishes)),
            Text("nft.rules", RouterFirewall.Render(wishes)),
            Text("dnsmasq.conf", Dnsmasq(wishes)),
            Text("dnsmasq.hosts", Leases(wishes)),
            Text("hosts", Names(wishes)),
        };
        if (RouterPair.Render(wishes) is { } pair) files.Add(Text("pair", pair));
        if (RouterWays.Render(wishes) is { } ways) files.Add(Text("ways", ways));
        if (wishes.Routes.Count > 0) files.Add(Text("routes", string.Concat(wishes.Routes.Select(r => $"{r.Cidr} {r.NextHop}\n"))));
        if (RouterBalancers.Render(wishes) is { } balancers)
        {
            files.Add(Text("haproxy.cfg", balancers));
            files.AddRange(wishes.Balancers.Select(b => b.Certificate).OfType<CertificateWish>().DistinctBy(c => c.Id).Select(c => Text(c.Path, c.Pem, secret: true)));
        }
        files.AddRange(RouterVpn.Files(wishes).Concat(RouterClients.Files(wishes)).Select(f => Text(f.Path, f.Text, secret: true)));
        foreach (var guest in wishes.Guests)
        {
            files.Add(Text($"metadata/{guest.Ip}", Metadata(guest)));
            if (guest.UserData is { } data) files.Add(new($"userdata/{guest.Ip}", data));
            if (guest.Password is { } password)
                files.Add(Text($"passwords/{guest.Ip}", string.Create(CultureInfo.InvariantCulture, $"{password.Serial}\n{password.Text}\n"), secret: true));
        }
        return files;
    }

    private static RouterFile Text(string path, string text, bool secret = false) => new(path, Encoding.UTF8.GetBytes(text), secret);

    private static string Interfaces(RouterWishes wishes)
    {
        var text = new StringBuilder();
        foreach (var served in wishes.Networks)
        {
            // The router speaks for itself by the first, in each network.
            var own = wishes.Internal.Where(i => i.Tier == served).Select(i => i.Ip).Distinct().Prepend(served.RouterIp);
            var addresses = string.Join(',', own.Select(ip => string.Create(CultureInfo.InvariantCulture, $"{ip}/{served.Subnet.Cidr.PrefixLength}")));
            text.Append(CultureInfo.InvariantCulture, $"{served.Card.Mac} guest {addresses} {served.Network.Mtu}{(served.Network.IsShared ? $" {served.Subnet.Gateway}" : "")}\n");
        }
        foreach (var (card, gateway, mtu, _) in wishes.Gateways)
            text.Append(CultureInfo.InvariantCulture, $"{card.Mac} side {gateway.Ip}/{gateway.Cidr.PrefixLength} {mtu}\n");
        RouterWays.Interfaces(text, wishes);
        return text.ToString();
    }

    // Chains of two on the average: a table that is too small costs every packet.
    private static string Sysctl(RouterWishes wishes) => string.Create(CultureInfo.InvariantCulture,
        $"net.netfilter.nf_conntrack_max = {wishes.Limits.Tracked}\nnet.netfilter.nf_conntrack_buckets = {wishes.Limits.Tracked / 2}\n");

    private static string Dnsmasq(RouterWishes wishes)
    {
        var text = new StringBuilder();
        text.Append(
            """
            interface=g-*
            bind-dynamic
            no-resolv
            no-hosts
            domain-needed
            bogus-priv
            expand-hosts
            addn-hosts=/var/lib/stratiform/current/hosts
            dhcp-hostsfile=/var/lib/stratiform/current/dnsmasq.hosts
            dhcp-authoritative
            dhcp-ignore=tag:!known
            dhcp-lease-max=65000

            """);
        // All networks of a router are of one domain.
        if (wishes.Networks is [{ Network.NetworkDomain: var domain }, ..]) text.Append(CultureInfo.InvariantCulture, $"domain={domain}\nlocal=/{domain}/\n");
        RouterClients.Dns(text, wishes);
        foreach (var served in wishes.Networks) Dhcp(text, served);
        // Of two that fit, the one that comes later wins.
        text.Append("dhcp-option=tag:aside,option:router\ndhcp-option=tag:aside,option:dns-server\n");
        foreach (var guest in wishes.Guests)
        {
            foreach (var option in guest.Options) text.Append(CultureInfo.InvariantCulture, $"dhcp-option=tag:{TagOf(guest)},{option.Rendered}\n");
        }
        foreach (var resolver in wishes.Resolvers) text.Append(CultureInfo.InvariantCulture, $"server={resolver}\n");
        return text.ToString();
    }

    private static void Dhcp(StringBuilder text, ServedNetwork served)
    {
        var (tag, cidr, gateway) = (served.Card.DeviceName, served.Subnet.Cidr, served.Subnet.Gateway);
        text.Append(CultureInfo.InvariantCulture,
            $"""
            dhcp-range=set:{tag},{cidr.BaseAddress},static,{Ipv4.MaskOf(cidr.PrefixLength)},24h
            dhcp-option=tag:{tag},option:router,{gateway}
            dhcp-option=tag:{tag},option:dns-server,{served.RouterIp}
            dhcp-option=tag:{tag},option:domain-name,{served.Network.NetworkDomain}
            dhcp-option=tag:{tag},option:mtu,{served.Network.Mtu}

            """);
    }

    private static string Leases(RouterWishes wishes)
    {
        var text = new StringBuilder();
        foreach (var guest in wishes.Guests) text.Append(CultureInfo.InvariantCulture, $"{guest.Mac},{(guest.Options.Count > 0 ? $"set:{TagOf(guest)}," : "")}{(guest.IsDefault ? "" : "set:aside,")}{guest.Ip},{guest.HostName},24h\n");
        return text.ToString();
    }

    private static string TagOf(GuestWishes guest) => "o-" + guest.Mac.Replace(":", "", StringComparison.Ordinal);

    private static string Names(RouterWishes wishes)
    {
        var text = new StringBuilder();
        foreach (var served in wishes.Networks) text.Append(CultureInfo.InvariantCulture, $"{served.RouterIp} data-server {wishes.Name}\n");
        foreach (var guest in wishes.Guests) text.Append(CultureInfo.InvariantCulture, $"{guest.Ip} {guest.HostName}\n");
        return text.ToString();
    }

    private static string Metadata(GuestWishes guest)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in guest.Metadata)
            text.Append(name).Append(' ').Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
        return text.ToString();
    }
}
