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
            Text("hostname", wishes.Router.Name + "\n"),
            Text("interfaces", Interfaces(wishes)),
            Text("nft.rules", RouterFirewall.Render(wishes)),
            Text("dnsmasq.conf", Dnsmasq(wishes)),
            Text("dnsmasq.hosts", Leases(wishes)),
            Text("hosts", Names(wishes)),
        };
        if (RouterBalancers.Render(wishes) is { } balancers) files.Add(Text("haproxy.cfg", balancers));
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
        var network = wishes.Network;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"{RouterDomain.GuestMacOf(wishes.Router)} guest {network.Subnet.Gateway}/{network.Subnet.Cidr.PrefixLength} {network.Mtu}\n");
        if (wishes.Addresses is [var first, ..])
        {
            var addresses = string.Join(',', wishes.Addresses.Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Address}/{Ipv4.PrefixOf(a.Netmask)}")));
            text.Append(CultureInfo.InvariantCulture, $"{RouterDomain.PublicMacOf(wishes.Router)} public {addresses} 1500 {first.Gateway}\n");
        }
        return text.ToString();
    }

    private static string Dnsmasq(RouterWishes wishes)
    {
        var (network, text) = (wishes.Network, new StringBuilder());
        text.Append(CultureInfo.InvariantCulture,
            $"""
            interface=g-*
            bind-dynamic
            no-resolv
            no-hosts
            domain-needed
            bogus-priv
            expand-hosts
            domain={network.NetworkDomain}
            local=/{network.NetworkDomain}/
            addn-hosts=/var/lib/stratiform/current/hosts
            dhcp-hostsfile=/var/lib/stratiform/current/dnsmasq.hosts
            dhcp-range={network.Subnet.Cidr.BaseAddress},static,{Ipv4.MaskOf(network.Subnet.Cidr.PrefixLength)},24h
            dhcp-option=option:router,{network.Subnet.Gateway}
            dhcp-option=option:dns-server,{network.Subnet.Gateway}
            dhcp-option=tag:aside,option:router
            dhcp-option=tag:aside,option:dns-server
            dhcp-option=option:domain-name,{network.NetworkDomain}
            dhcp-option=option:mtu,{network.Mtu}
            dhcp-authoritative
            dhcp-ignore=tag:!known
            dhcp-lease-max=65000

            """);
        foreach (var resolver in wishes.Resolvers) text.Append(CultureInfo.InvariantCulture, $"server={resolver}\n");
        return text.ToString();
    }

    private static string Leases(RouterWishes wishes)
    {
        var text = new StringBuilder();
        foreach (var guest in wishes.Guests) text.Append(CultureInfo.InvariantCulture, $"{guest.Mac},{(guest.IsDefault ? "" : "set:aside,")}{guest.Ip},{guest.HostName},24h\n");
        return text.ToString();
    }

    private static string Names(RouterWishes wishes)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{wishes.Network.Subnet.Gateway} data-server {wishes.Router.Name}\n");
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
