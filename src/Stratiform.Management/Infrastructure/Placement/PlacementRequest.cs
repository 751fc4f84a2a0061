using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure.Placement;

/// <summary>What needs a host.</summary>
public sealed record PlacementRequest
{
    /// <summary>The virtual machine or router.</summary>
    public required Guid OwnerId { get; init; }
    public required Id<Zone> ZoneId { get; init; }
    public required int Cpus { get; init; }

    /// <summary>MHz in all.</summary>
    public required long CpuMhz { get; init; }
    public required long MemoryMib { get; init; }

    /// <summary>The host must bear all of these.</summary>
    public IReadOnlyCollection<string> HostTags { get; init; } = [];

    /// <summary>The system-VM image that it boots; null for a guest.</summary>
    public string? Image { get; init; }

    /// <summary>An administrator asked for this host.</summary>
    public Id<Host>? OnlyHost { get; init; }

    /// <summary>Not these: what it takes turns with is there.</summary>
    public IReadOnlyCollection<Id<Host>> OtherHosts { get; init; } = [];

    /// <summary>Where it ran last.</summary>
    public Id<Host>? LastHost { get; init; }

    /// <summary>Whether a host reaches storage that can hold its disks.</summary>
    public Func<HostCandidate, bool> ReachesStorage { get; init; } = _ => true;
}

/// <summary>What the planner knows of a host: a projection, read for many hosts at once.</summary>
public sealed record HostCandidate
{
    public required Id<Host> Id { get; init; }
    public required Id<Cluster> ClusterId { get; init; }
    public required bool Enabled { get; init; }
    public required HostState State { get; init; }
    public required string[] Tags { get; init; }

    /// <summary>The system-VM images that it has; null until it has told.</summary>
    public string[]? Images { get; init; }
    public required int Cpus { get; init; }
    public required long CpuTotalMhz { get; init; }
    public required long CpuPromisedMhz { get; init; }
    public required long MemoryTotalMib { get; init; }
    public required long MemoryPromisedMib { get; init; }
}

/// <summary>One reason for which a host cannot take a guest.</summary>
public interface IHostFilter
{
    /// <summary>What is wrong with the refused ones, after a number: "7 lack memory".</summary>
    string Refused(PlacementRequest request);

    /// <summary>Whether the host may take it.</summary>
    bool Accepts(HostCandidate host, PlacementRequest request);
}

/// <summary>One opinion on which of the possible hosts is best.</summary>
public interface IHostScorer
{
    /// <summary>0 (worst) to 1 (best).</summary>
    double Score(HostCandidate host, PlacementRequest request);
}
