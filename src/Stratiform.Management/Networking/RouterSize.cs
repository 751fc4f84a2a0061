using System.Globalization;
using Stratiform.Management.Infrastructure;

namespace Stratiform.Management.Networking;

/// <summary>
/// What a router of an architecture holds in how much memory. The figures are measured on our image by
/// <c>packaging/images/test balancer</c>; docs/guides/router-size.md has them
/// as a table and says how.
/// </summary>
internal sealed record RouterSize
{
    /// <summary>Sizes go by so much.</summary>
    private const int StepMib = 32;

    /// <summary>What even a router without room takes, so that it serves somebody.</summary>
    private const int FewestConnections = 100;

    /// <summary>Of what is left beside the system, this part is for balanced connections, the rest for tracking those that are forwarded.</summary>
    private const double Balanced = 0.75;

    private const long Mib = 1 << 20;

    public required string Arch { get; init; }

    /// <summary>The least memory in which the image has room.</summary>
    public required int LeastMib { get; init; }

    /// <summary>What kernel and daemons take of the memory, with some air.</summary>
    public required int SystemMib { get; init; }

    /// <summary>A connection that is tracked.</summary>
    public required int EntryBytes { get; init; }

    /// <summary>A connection that a load balancer passes on, with its two entries, in its own memory and in the kernel's.</summary>
    public required int ConnectionBytes { get; init; }

    /// <summary>One for which it ends TLS.</summary>
    public required int TlsConnectionBytes { get; init; }

    /// <summary>Of such a connection, what lies in the kernel's memory.</summary>
    public required int KernelBytes { get; init; }

    /// <summary>How much the kernel addresses for itself, however much there is; null for all there is.</summary>
    public int? LowMemoryMib { get; init; }

    /// <summary>The largest memory that is of use.</summary>
    public required int MostMib { get; init; }

    public static RouterSize Bits64 { get; } = new()
    {
        Arch = SystemVmImage.Bits64,
        LeastMib = RouterMake.LeastMemoryMib,
        SystemMib = 80,
        EntryBytes = 389,
        ConnectionBytes = 13_000,
        TlsConnectionBytes = 27_000,
        KernelBytes = 9_500,
        MostMib = 8 << 20,
    };

    public static RouterSize Bits32 { get; } = new()
    {
        Arch = SystemVmImage.Bits32,
        LeastMib = 64,
        SystemMib = 48,
        EntryBytes = 390,
        ConnectionBytes = 9_200,
        TlsConnectionBytes = 20_500,
        KernelBytes = 7_000,
        LowMemoryMib = 820,
        MostMib = 3072,
    };

    /// <summary>By its architecture; null when routers have no such.</summary>
    public static RouterSize? Of(string arch) => new[] { Bits64, Bits32 }.FirstOrDefault(size => size.Arch == arch);

    /// <summary>Whether so much memory is enough, and of use.</summary>
    public bool Has(long memoryMib) => memoryMib >= LeastMib && memoryMib <= MostMib;

    /// <summary>What a load balancer may hold at once in so much memory, and what connection tracking may.</summary>
    public RouterLimits Limits(long memoryMib, bool tls)
    {
        var room = Math.Max(0, memoryMib - SystemMib) * Mib;
        var each = tls ? TlsConnectionBytes : ConnectionBytes;
        // What the kernel keeps of connections, and all that it tracks, has to fit into what it addresses for itself.
        var own = Math.Min(room, Math.Max(0, (LowMemoryMib ?? memoryMib) - SystemMib) * Mib);
        var connections = Math.Max(FewestConnections, Math.Min((long)(room * Balanced) / each, (long)(own * Balanced) / KernelBytes));
        return new(connections, 2 * connections + (long)(own * (1 - Balanced)) / EntryBytes);
    }

    /// <summary>The least memory that holds so many connections; null when this architecture holds them in none.</summary>
    public long? Memory(long connections, bool tls)
    {
        for (long memory = LeastMib; memory <= MostMib; memory += StepMib)
            if (Limits(memory, tls).Connections >= connections) return memory;
        return null;
    }

    /// <summary>Why an architecture does not hold so many, and what to do.</summary>
    public string Objection(long connections, bool tls) => LowMemoryMib is { } low
        ? string.Create(CultureInfo.InvariantCulture, $"{connections} connections need more of the kernel's own memory than one of 32 bits has ({low} MiB, ")
            + string.Create(CultureInfo.InvariantCulture, $"enough for {Limits(MostMib, tls).Connections}), however much the router gets; use arch={Bits64.Arch}.")
        : string.Create(CultureInfo.InvariantCulture, $"{connections} connections are more than one router can be sized for ({Limits(MostMib, tls).Connections}); spread them over several.");
}

/// <summary>How much a router takes at once.</summary>
/// <param name="Connections">Connections of clients of its load balancers.</param>
/// <param name="Tracked">Connections that are tracked: two for each of those, and those that are forwarded.</param>
public sealed record RouterLimits(long Connections, long Tracked);
