using System.Globalization;
using System.Text;

namespace Stratiform.Management.Networking;

/// <summary>
/// Renders how a router lets VPN clients in: whom strongSwan asks for what, and what the packet filter lets them do. Users are a file of
/// their own, so that those who come or go leave the others' sessions alone. No text of a tenant's comes in here but checked names and
/// words in base64.
/// </summary>
internal static class RouterClients
{
    private const string Exchange = "aes256-sha256-modp2048, aes128-sha256-modp2048, aes256-sha256-ecp256, aes256-sha384-ecp384, "
        + "aes256-sha256-curve25519, aes256-sha1-modp2048, aes128-sha1-modp2048";

    private const string Sealing = "aes256-sha256, aes128-sha256, aes256-sha1, aes128-sha1, aes256-sha256-modp2048, aes256-sha256-ecp256";

    /// <summary>The files by path and text; none without a VPN.</summary>
    public static IEnumerable<(string Path, string Text)> Files(RouterWishes wishes)
    {
        if (wishes is not { Clients: { } clients, SourceNat: { } near }) yield break;
        yield return ("swanctl/clients.conf", Connections(clients, near.Address.ToString(), wishes.Networks[0].RouterIp.ToString()));
        yield return ("swanctl/users.conf", Users(clients));
    }

    /// <summary>Lines of dnsmasq's: it answers clients, too, who come by another card than guests.</summary>
    public static void Dns(StringBuilder text, RouterWishes wishes)
    {
        if (wishes.Clients is null) return;
        foreach (var served in wishes.Networks) text.Append(CultureInfo.InvariantCulture, $"listen-address={served.RouterIp}\n");
    }

    /// <summary>Rules of the chain "input": who may dial, and what clients may ask the router itself.</summary>
    public static void Input(StringBuilder text, RouterWishes wishes)
    {
        if (wishes is not { Clients: { } clients, SourceNat.Address: var address }) return;
        if (clients.Vpn.OpensFirewall)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"    iifname \"p-*\" ip daddr {address} udp dport {{ 500, 4500 }} accept\n    iifname \"p-*\" ip daddr {address} meta l4proto esp accept\n");
        }
        var from = $"iifname \"p-*\" ip saddr {clients.Vpn.Range} ip daddr {{ {string.Join(", ", wishes.Networks.Select(n => n.RouterIp))} }} meta ipsec exists";
        foreach (var what in (string[])["icmp type echo-request limit rate 50/second", "meta l4proto { tcp, udp } th dport 53"])
            text.Append(CultureInfo.InvariantCulture, $"    {from} {what} accept\n");
    }

    /// <summary>A first rule of the chain "forward": nothing goes to clients but sealed.</summary>
    public static void Forward(StringBuilder text, RouterWishes wishes)
    {
        if (wishes.Clients is { } clients) text.Append(CultureInfo.InvariantCulture, $"    oifname \"p-*\" ip daddr {clients.Vpn.Range} rt ipsec missing drop\n");
    }

    /// <summary>Rules of the chain "forward": clients and guests of a network speak with each other; in a VPC the tiers' lists judge.</summary>
    public static void Arriving(StringBuilder text, RouterWishes wishes, bool isVpc)
    {
        if (wishes.Clients is not { } clients) return;
        text.Append(CultureInfo.InvariantCulture,
            $"    iifname \"p-*\" oifname \"g-*\" ip saddr {clients.Vpn.Range} ip daddr {clients.Local} meta ipsec exists {(isVpc ? "goto tiers" : "accept")}\n");
        if (!isVpc) text.Append(CultureInfo.InvariantCulture, $"    iifname \"g-*\" oifname \"p-*\" ip saddr {clients.Local} ip daddr {clients.Vpn.Range} accept\n");
    }

    /// <summary>A first rule of the chain "postrouting": guests answer by their own addresses.</summary>
    public static void Untranslated(StringBuilder text, RouterWishes wishes)
    {
        if (wishes.Clients is { } clients) text.Append(CultureInfo.InvariantCulture, $"    oifname \"p-*\" ip saddr {clients.Local} ip daddr {clients.Vpn.Range} accept\n");
    }

    /// <summary>A first rule of the chain "ways".</summary>
    public static void Unmarked(StringBuilder text, RouterWishes wishes)
    {
        if (wishes.Clients is { } clients) text.Append(CultureInfo.InvariantCulture, $"    ip saddr {clients.Local} ip daddr {clients.Vpn.Range} accept\n");
    }

    // The first version of the protocol cannot narrow what a client asks for: the packet filter does.
    private static string Connections(ClientsWish clients, string address, string resolver) =>
        $$"""
        # {{clients.Vpn.Id}}
        connections {
          clients-eap {
            version = 2
        {{Entry(address)}}
            remote {
              auth = eap-mschapv2
              eap_id = %any
            }
        {{Children(clients.Local.ToString())}}
          }
          clients-xauth {
            version = 1
        {{Entry(address)}}
            remote-key {
              auth = psk
            }
            remote-user {
              auth = xauth
            }
        {{Children("0.0.0.0/0")}}
          }
        }
        pools {
          clients {
            addrs = {{clients.Vpn.Range}}
            dns = {{resolver}}
            split_include = {{clients.Local}}
          }
        }
        secrets {
          ike-clients {
            id-1 = {{address}}
            id-2 = %any
            secret = {{Word(clients.Key)}}
          }
        }

        """;

    // Clients come back before it is noticed that they were gone, and several call themselves alike.
    private static string Entry(string address) =>
        $$"""
            local_addrs = {{address}}
            proposals = {{Exchange}}
            unique = never
            dpd_delay = 30s
            rekey_time = 20h
            pools = clients
            local {
              auth = psk
              id = {{address}}
            }
        """;

    private static string Children(string local) =>
        $$"""
            children {
              clients {
                local_ts = {{local}}
                esp_proposals = {{Sealing}}
              }
            }
        """;

    private static string Users(ClientsWish clients)
    {
        var text = new StringBuilder("secrets {\n");
        foreach (var user in clients.Users)
            text.Append(CultureInfo.InvariantCulture, $"  eap-{user.Id} {{\n    id = {user.Name}\n    secret = {Word(user.Password)}\n  }}\n");
        return text.Append("}\n").ToString();
    }

    private static string Word(string secret) => $"0s{Convert.ToBase64String(Encoding.ASCII.GetBytes(secret))}";
}
