using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Api;

namespace Stratiform.Management.Networking;

/// <summary>
/// Reads the options that owners choose for their guests. Those by which a router says who and where a guest is are its own: addresses,
/// names, ways out, leases, packets. Others are told with the guest's lease, when it asks for them.
/// </summary>
internal static class DhcpOptions
{
    private const string Prefix = "dhcp:";

    // Of each card.
    private const int Most = 16;

    // Of a value, characters.
    private const int Longest = 200;

    // Of all values of a card, characters: a guest that takes the smallest answers (RFC 2131) has room for these beside the router's own.
    private const int MostText = 240;

    /// <summary>Those that may be chosen, by number.</summary>
    public static readonly FrozenDictionary<int, (string Name, DhcpForm Form)> Kinds = new Dictionary<int, (string, DhcpForm)>
    {
        [4] = ("time-servers", DhcpForm.Addresses),
        [7] = ("log-servers", DhcpForm.Addresses),
        [9] = ("lpr-servers", DhcpForm.Addresses),
        [16] = ("swap-server", DhcpForm.Addresses),
        [17] = ("root-path", DhcpForm.Text),
        [18] = ("extension-path", DhcpForm.Text),
        [23] = ("default-ttl", DhcpForm.Octet),
        [35] = ("arp-timeout", DhcpForm.Number),
        [37] = ("tcp-ttl", DhcpForm.Octet),
        [38] = ("tcp-keepalive", DhcpForm.Number),
        [40] = ("nis-domain", DhcpForm.Text),
        [41] = ("nis-server", DhcpForm.Addresses),
        [42] = ("ntp-server", DhcpForm.Addresses),
        [44] = ("netbios-ns", DhcpForm.Addresses),
        [45] = ("netbios-dd", DhcpForm.Addresses),
        [46] = ("netbios-nodetype", DhcpForm.Octet),
        [47] = ("netbios-scope", DhcpForm.Text),
        [64] = ("nis+-domain", DhcpForm.Text),
        [65] = ("nis+-server", DhcpForm.Addresses),
        [66] = ("tftp-server", DhcpForm.Text),
        [67] = ("bootfile-name", DhcpForm.Text),
        [69] = ("smtp-server", DhcpForm.Addresses),
        [70] = ("pop3-server", DhcpForm.Addresses),
        [71] = ("nntp-server", DhcpForm.Addresses),
        [72] = ("www-server", DhcpForm.Addresses),
        [74] = ("irc-server", DhcpForm.Addresses),
        [100] = ("posix-timezone", DhcpForm.Text),
        [101] = ("tzdb-timezone", DhcpForm.Text),
        [114] = ("default-url", DhcpForm.Text),
        [150] = ("tftp-server-address", DhcpForm.Addresses),
        [209] = ("config-file", DhcpForm.Text),
        [210] = ("path-prefix", DhcpForm.Text),
        [252] = ("wpad-url", DhcpForm.Text),
    }.ToFrozenDictionary();

    /// <summary>Reads the entries of a map that are options, such as <c>dhcp:66</c>; others are somebody else's. By number, each once.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">One cannot be chosen, or its value is none for it (431).</exception>
    public static IReadOnlyList<DhcpOption> Read(IReadOnlyDictionary<string, string> entries)
    {
        var options = new SortedDictionary<int, DhcpOption>();
        foreach (var (key, value) in entries.Where(e => e.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)))
        {
            var text = key[Prefix.Length..];
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code) || !Kinds.TryGetValue(code, out var kind))
                throw Refusal.Parameter($"The DHCP option {text} cannot be chosen; there are {string.Join(", ", Kinds.Keys.Order().Select(c => $"{Prefix}{c} ({Kinds[c].Name})"))}.");
            options[code] = new(code, kind.Form switch
            {
                DhcpForm.Text => TextOf(code, value),
                DhcpForm.Addresses => AddressesOf(code, value),
                DhcpForm.Octet => NumberOf(code, value, byte.MaxValue),
                DhcpForm.Number => NumberOf(code, value, uint.MaxValue),
            });
        }
        if (options.Count > Most) throw Refusal.Parameter($"A card is told at most {Most} DHCP options; give fewer.");
        var length = options.Values.Sum(o => o.Value.Length);
        return length <= MostText ? [.. options.Values]
            : throw Refusal.Parameter($"The DHCP options of a card have {length} characters, and an answer has room for {MostText}; give fewer or shorter ones.");
    }

    /// <summary>They lie in one column.</summary>
    public static void Map(PropertyBuilder<IReadOnlyList<DhcpOption>> property) => property.HasColumnType("jsonb").HasConversion(
        options => JsonSerializer.Serialize(options, JsonSerializerOptions.Default),
        text => JsonSerializer.Deserialize<DhcpOption[]>(text, JsonSerializerOptions.Default)!,
        new ValueComparer<IReadOnlyList<DhcpOption>>((one, other) => one!.SequenceEqual(other!), options => options.Count, options => options));

    // It goes between quotes into a line: what ends either is no part of it.
    private static string TextOf(int code, string value) =>
        value.Length is >= 1 and <= Longest && value.All(c => c is >= ' ' and <= '~' and not '"' and not '\\') ? value
            : throw Refusal.Parameter($"The DHCP option {code} is of 1 to {Longest} printable characters of ASCII without quotes and backslashes.");

    private static string AddressesOf(int code, string value)
    {
        var addresses = value.Split(',', StringSplitOptions.TrimEntries);
        return addresses.Length <= Most && addresses.All(a => IPAddress.TryParse(a, out var ip) && ip.AddressFamily == AddressFamily.InterNetwork && ip.ToString() == a)
            ? string.Join(',', addresses) : throw Refusal.Parameter($"The DHCP option {code} is of 1 to {Most} IPv4 addresses with commas between.");
    }

    private static string NumberOf(int code, string value, uint most) =>
        uint.TryParse(value.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most ? number.ToString(CultureInfo.InvariantCulture)
            : throw Refusal.Parameter($"The DHCP option {code} is a number from 0 to {most}.");
}
