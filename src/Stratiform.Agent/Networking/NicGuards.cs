using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Agent.Networking;

/// <summary>
/// Guards of guests' network cards, in the host's packet filter: frames are looked at as they enter a bridge, before it learns from them.
/// Each card has a chain by the name of its tap, which a frame finds by one look-up however many cards there are. A card may have a pace,
/// found likewise, and it has a door: while it is shut, nothing enters a bridge by it and nothing leaves.
/// </summary>
/// <param name="nft">The host's packet filter.</param>
internal sealed class NicGuards(Nft nft)
{
    private const string Table = "bridge stratiform";

    // Said with each change: also a host whose rules were flushed has them then.
    private static readonly string[] Frame =
    [
        $"add table {Table}",
        $"add map {Table} guests {{ type ifname : verdict; }}",
        $"add set {Table} shut {{ type ifname; }}",
        $"add chain {Table} enter {{ type filter hook prerouting priority -200; }}",
        $"flush chain {Table} enter",
        $"add rule {Table} enter iifname @shut drop",
        $"add rule {Table} enter iifname vmap @guests",
        $"add chain {Table} leave {{ type filter hook postrouting priority -200; }}",
        $"flush chain {Table} leave",
        $"add rule {Table} leave oifname @shut drop",
        // After the guard: what is not the card's own does not use its pace up.
        $"add map {Table} paced {{ type ifname : verdict; }}",
        $"add chain {Table} pace-in {{ type filter hook prerouting priority -190; }}",
        $"flush chain {Table} pace-in",
        $"add rule {Table} pace-in iifname vmap @paced",
        $"add chain {Table} pace-out {{ type filter hook postrouting priority -190; }}",
        $"flush chain {Table} pace-out",
        $"add rule {Table} pace-out oifname vmap @paced",
    ];

    /// <summary>
    /// From now on nothing comes out of the card's tap but what its guard allows, and no faster passes it than its rate, whether the tap is
    /// there already or comes.
    /// </summary>
    public Task EnsureAsync(NicSpec nic, CancellationToken ct)
    {
        var tap = DeviceNames.Tap(nic.Id);
        return nft.ApplyAsync(string.Join('\n',
        [
            .. Frame, .. nic.Guard is { } guard ? Chain("guests", tap, tap, Rules(nic, guard)) : [],
            .. nic.RateMbit > 0 ? Chain("paced", tap, PaceOf(tap), Paces(tap, nic.RateMbit)) : Nothing("paced", tap, PaceOf(tap)),
        ]), ct);
    }

    /// <summary>Nothing is left of the cards' guards, paces and doors.</summary>
    public Task EnsureAbsentAsync(IReadOnlyList<NicSpec> nics, CancellationToken ct) => nft.ApplyAsync(string.Join('\n',
    [
        .. Frame,
        .. nics.Where(nic => nic.Guard is not null).Select(nic => DeviceNames.Tap(nic.Id)).SelectMany(tap => Nothing("guests", tap, tap)),
        .. nics.Where(nic => nic.RateMbit > 0).Select(nic => DeviceNames.Tap(nic.Id)).SelectMany(tap => Nothing("paced", tap, PaceOf(tap))),
        .. Open(nics.Select(nic => nic.Id)),
    ]), ct);

    /// <summary>In one change, doors are shut and others opened.</summary>
    public Task SwitchAsync(IEnumerable<Guid> shut, IEnumerable<Guid> open, CancellationToken ct) =>
        nft.ApplyAsync(string.Join('\n', [.. Frame, .. Open(open), .. shut.Select(Shut)]), ct);

    private static string Shut(Guid nicId) => $"add element {Table} shut {{ {DeviceNames.Tap(nicId)} }}";

    private static IEnumerable<string> Open(IEnumerable<Guid> nicIds) =>
        nicIds.SelectMany(id => (string[])[Shut(id), $"delete element {Table} shut {{ {DeviceNames.Tap(id)} }}"]);

    private static string PaceOf(string tap) => tap + "-pace";

    private static IEnumerable<string> Chain(string map, string tap, string chain, IEnumerable<string> rules) =>
        [.. Empty(chain), .. rules.Select(rule => $"add rule {Table} {chain} {rule}"), $"add element {Table} {map} {{ {tap} : jump {chain} }}"];

    // What is not there cannot be deleted.
    private static IEnumerable<string> Nothing(string map, string tap, string chain) =>
    [
        .. Empty(chain), $"add element {Table} {map} {{ {tap} : jump {chain} }}", $"delete element {Table} {map} {{ {tap} : jump {chain} }}",
        $"delete chain {Table} {chain}",
    ];

    private static string[] Empty(string chain) => [$"add chain {Table} {chain}", $"flush chain {Table} {chain}"];

    // A tenth of a second at once, and never less than two frames of the largest kind: a connection that has just been slowed down needs it.
    private static IEnumerable<string> Paces(string tap, int rateMbit)
    {
        var (bytes, burst) = (rateMbit * 125_000L, Math.Max(rateMbit * 12_500L, 128 << 10));
        return ((string[])["iifname", "oifname"]).Select(way => $"{way} {tap} limit rate over {bytes} bytes/second burst {burst} bytes counter drop");
    }

    // Who has no address yet looks for one by DHCP and asks (ARP with the sender 0.0.0.0) whether it is taken.
    private static IEnumerable<string> Rules(NicSpec nic, NicGuard guard)
    {
        var claim = guard.Addresses is { } claimed ? $" arp saddr ip {{ {string.Join(", ", claimed.Prepend("0.0.0.0"))} }}" : "";
        yield return $"ether saddr != {nic.Mac} counter drop";
        yield return $"ether type arp arp saddr ether {nic.Mac}{claim} accept";
        yield return "ether type ip udp sport 67 counter drop";
        yield return "ether type ip6 udp sport 547 counter drop";
        yield return "ether type ip6 icmpv6 type { nd-router-advert, nd-redirect } counter drop";
        if (guard.Addresses is not { } addresses)
        {
            yield return "ether type { ip, ip6 } accept";
        }
        else
        {
            if (addresses.Count > 0) yield return $"ether type ip ip saddr {{ {string.Join(", ", addresses)} }} accept";
            yield return "ether type ip ip saddr 0.0.0.0 udp sport 68 udp dport 67 accept";
            yield return "ether type ip6 ip6 saddr { ::, fe80::/10 } accept";
        }
        yield return "counter drop";
    }
}
