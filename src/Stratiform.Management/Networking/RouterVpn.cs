using System.Globalization;
using System.Text;

namespace Stratiform.Management.Networking;

/// <summary>
/// Renders a router's site-to-site VPNs: a file of strongSwan's for each connection, so that one that changes leaves the others alone, and
/// what the packet filter must know of them. No text of a tenant's comes in here but words that have been checked and a key in base64.
/// </summary>
internal static class RouterVpn
{
    // What fits into a public packet whatever it is sealed by.
    private const int MostSegment = 1340;

    /// <summary>The files by path and text; none without connections.</summary>
    public static IEnumerable<(string Path, string Text)> Files(RouterWishes wishes)
    {
        if (wishes.SourceNat is not { } near || wishes.Tunnels.Count == 0 && wishes.Clients is null) yield break;
        yield return ("swanctl/swanctl.conf", "include conf.d/*.conf\n" + (wishes.Clients is null ? "" : "include clients.conf\ninclude users.conf\n"));
        foreach (var tunnel in wishes.Tunnels) yield return ($"swanctl/conf.d/{tunnel.Connection.Id}.conf", Connection(tunnel, near.Address.ToString()));
    }

    /// <summary>Rules of the chain "input": who may exchange keys, and whose sealed packets are opened.</summary>
    public static void Input(StringBuilder text, RouterWishes wishes)
    {
        if (FromFarEnds(wishes) is not { } from) return;
        text.Append(CultureInfo.InvariantCulture, $"    {from} udp dport {{ 500, 4500 }} accept\n    {from} meta l4proto esp accept\n");
    }

    /// <summary>First rule of the chain "prerouting": ports that lead to guests do not lead the far ends astray.</summary>
    public static void Kept(StringBuilder text, RouterWishes wishes)
    {
        if (FromFarEnds(wishes) is { } from) text.Append(CultureInfo.InvariantCulture, $"    {from} udp dport {{ 500, 4500 }} accept\n");
    }

    private static string? FromFarEnds(RouterWishes wishes) => wishes.SourceNat is { } near && wishes.Tunnels.Count > 0
        ? $"iifname \"p-*\" ip saddr {{ {string.Join(", ", wishes.Tunnels.Select(t => t.Peer.Gateway).Distinct())} }} ip daddr {near.Address}"
        : null;

    /// <summary>First rules of the chain "forward": nothing goes to the far ends but sealed, whether it is connected or not.</summary>
    public static void Forward(StringBuilder text, RouterWishes wishes)
    {
        foreach (var tunnel in wishes.Tunnels)
            text.Append(CultureInfo.InvariantCulture, $"    oifname \"p-*\" {Out(tunnel)} rt ipsec missing drop\n");
        RouterClients.Forward(text, wishes);
        if (wishes.Tunnels.Count == 0 && wishes.Clients is null) return;
        foreach (var how in (string[])["rt", "meta"])
            text.Append(CultureInfo.InvariantCulture, $"    {how} ipsec exists tcp flags syn / syn,rst tcp option maxseg size set {MostSegment}\n");
    }

    /// <summary>A rule of the chain "forward": what comes out of a connection is judged as all that goes into a tier.</summary>
    public static void Arriving(StringBuilder text, RouterWishes wishes, string chain = "tiers")
    {
        foreach (var tunnel in wishes.Tunnels)
            text.Append(CultureInfo.InvariantCulture, $"    iifname \"p-*\" ip saddr {Far(tunnel)} ip daddr {tunnel.Local} meta ipsec exists goto {chain}\n");
    }

    /// <summary>First rules of the chain "postrouting": both ends know each other by their own addresses.</summary>
    public static void Untranslated(StringBuilder text, RouterWishes wishes)
    {
        foreach (var tunnel in wishes.Tunnels) text.Append(CultureInfo.InvariantCulture, $"    oifname \"p-*\" {Out(tunnel)} accept\n");
    }

    /// <summary>First rules of the chain "ways".</summary>
    public static void Unmarked(StringBuilder text, RouterWishes wishes)
    {
        foreach (var tunnel in wishes.Tunnels) text.Append(CultureInfo.InvariantCulture, $"    {Out(tunnel)} accept\n");
    }

    private static string Out(TunnelWish tunnel) => $"ip saddr {tunnel.Local} ip daddr {Far(tunnel)}";

    private static string Far(TunnelWish tunnel) => $"{{ {string.Join(", ", tunnel.Peer.Cidrs)} }}";

    private static string Connection(TunnelWish tunnel, string near)
    {
        var (peer, name) = (tunnel.Peer, tunnel.Connection.Id.ToString());
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $$"""
            # {{tunnel.Connection.Attempt}}
            connections {
              {{name}} {
                version = {{Version(peer.IkeVersion)}}
                local_addrs = {{near}}
                remote_addrs = {{peer.Gateway}}
                proposals = {{VpnPolicies.Proposals(peer.IkePolicy)}}
                keyingtries = {{(tunnel.Connection.IsPassive ? 1 : 0)}}
                mobike = no
                encap = {{(peer.ForceEncap ? "yes" : "no")}}
                dpd_delay = {{(peer.Dpd ? 15 : 0)}}s
                dpd_timeout = 60s
                rekey_time = {{peer.IkeLifetime / 10 * 9}}s
                over_time = {{peer.IkeLifetime / 10}}s
                local {
                  auth = psk
                  id = {{near}}
                }
                remote {
                  auth = psk
                  id = {{peer.Gateway}}
                }
                children {

            """);
        // The first version of the protocol knows one network for each key.
        var each = peer.SplitConnections || peer.IkeVersion == IkeVersion.IkeV1;
        foreach (var (far, i) in (each ? peer.Cidrs : [string.Join(", ", peer.Cidrs)]).Select((far, i) => (far, i + 1))) Child(text, tunnel, far, i);
        text.Append(CultureInfo.InvariantCulture,
            $$"""
                }
              }
            }
            secrets {
              ike-{{name}} {
                id-1 = {{near}}
                id-2 = {{peer.Gateway}}
                secret = 0s{{Convert.ToBase64String(Encoding.ASCII.GetBytes(tunnel.Psk))}}
              }
            }

            """);
        return text.ToString();
    }

    // The active end begins at once, again and again, and when a packet wants to go.
    private static void Child(StringBuilder text, TunnelWish tunnel, string far, int number)
    {
        var (start, lost) = tunnel.Connection.IsPassive ? ("none", "clear") : ("trap|start", "restart");
        text.Append(CultureInfo.InvariantCulture,
            $$"""
                  net{{number}} {
                    local_ts = {{tunnel.Local}}
                    remote_ts = {{far}}
                    esp_proposals = {{VpnPolicies.Proposals(tunnel.Peer.EspPolicy)}}
                    life_time = {{tunnel.Peer.EspLifetime}}s
                    rekey_time = {{tunnel.Peer.EspLifetime / 10 * 9}}s
                    start_action = {{start}}
                    dpd_action = {{lost}}
                    close_action = {{(tunnel.Connection.IsPassive ? "none" : "start")}}
                  }

            """);
    }

    private static int Version(IkeVersion version) => version switch
    {
        IkeVersion.Ike => 0,
        IkeVersion.IkeV1 => 1,
        IkeVersion.IkeV2 => 2,
    };
}
