namespace Stratiform.Protocol;

/// <summary>Asks what a probe of the network from inside a system VM shows. It takes half a minute at most.</summary>
public sealed record ReadDiagnosis : IHostMessage<Diagnosis>
{
    /// <summary>The system VM's domain.</summary>
    public required Guid DomainId { get; init; }
    /// <summary>How to probe.</summary>
    public required NetworkProbe Probe { get; init; }
    /// <summary>The IPv4 or IPv6 address to probe.</summary>
    public required string Address { get; init; }
    /// <summary>Options of the probing program, each a flag, a number or a card's name.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Whether a word may be among the options: short, and nothing that names a file or another program.</summary>
    public static bool IsOption(string word) =>
        word.Length is > 0 and <= 16 && word != "-" && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.');
}

/// <summary>How the network is probed.</summary>
public enum NetworkProbe
{
    /// <summary>ICMP echo requests.</summary>
    Ping,
    /// <summary>Each hop on the way.</summary>
    Traceroute,
    /// <summary>ARP requests by the card that leads to the address.</summary>
    Arping,
}

/// <summary>What a probe showed.</summary>
/// <param name="ExitCode">0 when it reached the address.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Errors">What it complained about.</param>
public sealed record Diagnosis(int ExitCode, string Output, string Errors);

/// <summary>Asks for what tells how a system VM is: its network, its daemons, its kernel. It takes half a minute at most.</summary>
public sealed record ReadDiagnosticsData : IHostMessage<DiagnosticsData>
{
    /// <summary>The most that is answered, bytes.</summary>
    public const int MostBytes = 2 << 20;

    /// <summary>What can be asked of any system VM, in the words of those who ask.</summary>
    public static IReadOnlyList<string> OfAll { get; } =
        ["iptables", "ipaddr", "iprule", "iproute", "neighbours", "processes", "memory", "disks", "kernel", "/etc/hosts", "/etc/resolv.conf"];

    /// <summary>What can be asked of routers.</summary>
    public static IReadOnlyList<string> OfRouters { get; } =
    [
        .. OfAll, "connections", "tunnels", "looks", "/etc/dnsmasq.conf", "/etc/dhcphosts.txt", "/var/lib/misc/dnsmasq.leases", "/etc/haproxy/haproxy.cfg",
    ];

    /// <summary>The system VM's domain.</summary>
    public required Guid DomainId { get; init; }
    /// <summary>Which of them.</summary>
    public required IReadOnlyList<string> Parts { get; init; }
}

/// <summary>What tells how a system VM is.</summary>
/// <param name="Packed">A tar.gz with a file for each part.</param>
public sealed record DiagnosticsData(byte[] Packed);
