using System.Net;

namespace Stratiform.Management.Infrastructure;

/// <summary>An IPv4 address that has an order, so that it can stand in unique indexes; <c>inet</c> in the database.</summary>
/// <param name="Number">The address as a number, first byte highest.</param>
public readonly record struct Ipv4Address(uint Number) : IComparable<Ipv4Address>
{
    /// <summary>From the framework's type.</summary>
    public static Ipv4Address Of(IPAddress address) => new(Ipv4.NumberOf(address));

    /// <summary>As the framework's type.</summary>
    public IPAddress ToIPAddress() => Ipv4.AddressOf(Number);

    public int CompareTo(Ipv4Address other) => Number.CompareTo(other.Number);

    /// <summary>Four numbers with dots.</summary>
    public override string ToString() => ToIPAddress().ToString();

    public static bool operator <(Ipv4Address left, Ipv4Address right) => left.Number < right.Number;

    public static bool operator <=(Ipv4Address left, Ipv4Address right) => left.Number <= right.Number;

    public static bool operator >(Ipv4Address left, Ipv4Address right) => left.Number > right.Number;

    public static bool operator >=(Ipv4Address left, Ipv4Address right) => left.Number >= right.Number;
}
