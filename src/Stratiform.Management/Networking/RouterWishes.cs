using System.Net;
using Stratiform.Management.Infrastructure;

namespace Stratiform.Management.Networking;

/// <summary>Everything a router's configuration depends on.</summary>
/// <param name="Router">The router.</param>
/// <param name="Network">Its network.</param>
/// <param name="SourceNat">The address its guests go out by; null keeps them in.</param>
/// <param name="Resolvers">Name servers to ask for names outside.</param>
/// <param name="Guests">Whom it serves.</param>
public sealed record RouterWishes(
    Router Router, Network Network, SourceNat? SourceNat, IReadOnlyList<string> Resolvers, IReadOnlyList<GuestWishes> Guests);

/// <summary>A public address with the way out.</summary>
/// <param name="Address">The address.</param>
/// <param name="Netmask">Its network's mask.</param>
/// <param name="Gateway">The next hop.</param>
public sealed record SourceNat(Ipv4Address Address, IPAddress Netmask, IPAddress Gateway);

/// <summary>What a router serves to one guest.</summary>
public sealed record GuestWishes
{
    public required string Mac { get; init; }
    public required Ipv4Address Ip { get; init; }
    public required string HostName { get; init; }

    /// <summary>Names and values of the metadata service, in the order they are listed.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; }

    /// <summary>Raw user data; null for none.</summary>
    public byte[]? UserData { get; init; }

    /// <summary>The password to hand out once; null for none.</summary>
    public GuestPassword? Password { get; init; }
}

/// <summary>A password that a guest may take once.</summary>
/// <param name="Serial">Tells it from earlier and other guests' ones.</param>
/// <param name="Text">The password.</param>
public sealed record GuestPassword(long Serial, string Text);
