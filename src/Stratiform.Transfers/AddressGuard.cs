using System.Net;
using System.Net.Sockets;

namespace Stratiform.Transfers;

/// <summary>
/// Decides to which addresses a stranger's URL may lead. Names are looked up here and the address that was judged is the one
/// that is connected to, so neither a redirect nor a name that changes its mind gets past.
/// </summary>
/// <param name="forbidden">Networks of the cloud's own.</param>
/// <param name="allowed">Networks that an operator allows all the same.</param>
public sealed class AddressGuard(IReadOnlyList<IPNetwork> forbidden, IReadOnlyList<IPNetwork> allowed)
{
    // This host, its links, groups and what is no place at all: RFC 6890 and RFC 4291.
    private static readonly IPNetwork[] NeverOutside =
    [
        .. new[]
        {
            "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/128", "::1/128", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    // IPv4 in the clothes of IPv6: NAT64 (RFC 6052) and 6to4 (RFC 3056).
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    /// <summary>Whether it may be connected to.</summary>
    public bool Allows(IPAddress address)
    {
        var plain = Plain(address);
        if (allowed.Any(network => network.Contains(plain))) return true;
        return !NeverOutside.Any(network => network.Contains(plain)) && !forbidden.Any(network => network.Contains(plain));
    }

    /// <summary>Connects to the first address of the name that may be connected to and answers.</summary>
    /// <exception cref="ForbiddenAddressException">It has none.</exception>
    internal async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken ct)
    {
        var addresses = await Dns.GetHostAddressesAsync(target.Host, ct);
        var open = addresses.Where(Allows).ToArray();
        if (open.Length == 0) throw new ForbiddenAddressException(target.Host, addresses);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(open, target.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static IPAddress Plain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (Nat64.Contains(address)) return new IPAddress(address.GetAddressBytes().AsSpan(12, 4));
        return SixToFour.Contains(address) ? new IPAddress(address.GetAddressBytes().AsSpan(2, 4)) : address;
    }
}

/// <summary>A URL led where it must not.</summary>
/// <param name="host">The name it led to.</param>
/// <param name="addresses">The addresses of the name.</param>
public sealed class ForbiddenAddressException(string host, IReadOnlyList<IPAddress> addresses) : Exception(
    $"{host} is at {string.Join(", ", addresses.Select(a => a.ToString()))}, inside the cloud or on this host; "
    + "an operator can allow it (setting secstorage.allowed.internal.sites)");
