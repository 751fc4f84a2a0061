using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure;

/// <summary>The network to the outside, as hosts know it: each has it from when it is connected, and it belongs to the host.</summary>
internal static class PublicNetwork
{
    /// <summary>MTU of the outside, bytes.</summary>
    public const int Mtu = 1500;

    /// <summary>The same on every host.</summary>
    public static Guid Id { get; } = Protocol.Id.Derive(Guid.Empty, "public");

    /// <summary>The host's bridge for public traffic can be plugged into.</summary>
    public static EnsureNetwork Ensure { get; } = new() { NetworkId = Id, Traffic = TrafficType.Public, Mtu = Mtu };
}
