using System.Buffers.Binary;
using System.Net;

namespace Stratiform.Management.Infrastructure;

/// <summary>Arithmetic on IPv4 addresses: numbers, ranges, masks.</summary>
public static class Ipv4
{
    /// <summary>The address as a number, first byte highest.</summary>
    public static uint NumberOf(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    /// <summary>The address of a number.</summary>
    public static IPAddress AddressOf(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }

    /// <summary>255.255.255.0 for 24.</summary>
    public static IPAddress MaskOf(int prefix) => AddressOf(prefix == 0 ? 0 : uint.MaxValue << (32 - prefix));

    /// <summary>24 for 255.255.255.0.</summary>
    /// <exception cref="FormatException">The mask's ones are not all at the front.</exception>
    public static int PrefixOf(IPAddress mask)
    {
        var number = NumberOf(mask);
        var prefix = System.Numerics.BitOperations.LeadingZeroCount(~number);
        return number == NumberOf(MaskOf(prefix)) ? prefix : throw new FormatException($"{mask} is not a network mask.");
    }

    /// <summary>The network that an address lies in.</summary>
    public static IPNetwork NetworkOf(IPAddress address, int prefix) => new(AddressOf(NumberOf(address) & NumberOf(MaskOf(prefix))), prefix);

    /// <summary>First and last address that hosts may have: neither the network's own nor its broadcast.</summary>
    public static (uint First, uint Last) HostsOf(IPNetwork network)
    {
        var first = NumberOf(network.BaseAddress);
        return (first + 1, (first | ~NumberOf(MaskOf(network.PrefixLength))) - 1);
    }

    /// <summary>Whether two networks share addresses.</summary>
    public static bool Overlap(IPNetwork a, IPNetwork b) => a.PrefixLength <= b.PrefixLength ? a.Contains(b.BaseAddress) : b.Contains(a.BaseAddress);
}
