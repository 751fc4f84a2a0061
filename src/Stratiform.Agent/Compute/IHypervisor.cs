using Stratiform.Agent.Networking;
using Stratiform.Agent.Storage;
using Stratiform.Protocol;

namespace Stratiform.Agent.Compute;

/// <summary>Runs domains. Every call may be repeated; reports carry neither subject nor fence, which the host adds.</summary>
[Ability("domains")]
public interface IHypervisor
{
    /// <summary>A domain has changed its power by itself. Raised on any thread; handlers return at once.</summary>
    event Action? Changed;

    /// <summary>Names of the system-VM images that are installed now, sorted; no domain boots another.</summary>
    IReadOnlyList<string> Images { get; }

    /// <summary>How guests run here, why so, and on which versions.</summary>
    Task<HypervisorDescription> DescribeAsync(CancellationToken ct);

    /// <summary>The domain runs. A running one is left as it is.</summary>
    Task<DomainReport> EnsureAsync(DomainPlan plan, CancellationToken ct);

    /// <summary>The guest has been asked to shut down; a domain that is off or absent is left so.</summary>
    Task<DomainReport> EnsureShutdownAsync(Guid domainId, CancellationToken ct);

    /// <summary>The domain's drive holds the disc, or nothing; a domain that is off or absent is left so.</summary>
    /// <param name="domainId">Which domain.</param>
    /// <param name="disc">The disc; null for none.</param>
    /// <param name="forced">True opens a drive that the guest keeps shut.</param>
    /// <param name="ct">Gives up.</param>
    Task<DomainReport> EnsureCdromAsync(Guid domainId, Disc? disc, bool forced, CancellationToken ct);

    /// <summary>The domain has the network card; one that is off or absent is left so.</summary>
    /// <param name="domainId">Which domain.</param>
    /// <param name="nic">The card; a new one becomes its last, a known one is noted as it is described now.</param>
    /// <param name="plug">Where it is plugged.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Whether a running domain has it.</returns>
    Task<bool> EnsureNicAsync(Guid domainId, NicSpec nic, Plug plug, CancellationToken ct);

    /// <summary>The domain has been asked to let go of the network card.</summary>
    /// <returns>Whether a running domain still has it.</returns>
    Task<bool> EnsureNoNicAsync(Guid domainId, Guid nicId, CancellationToken ct);

    /// <summary>All cards of a running domain are heard on their wires, by which switches learn where they are.</summary>
    Task AnnounceAsync(Guid domainId, CancellationToken ct);

    /// <summary>The domain does not run and is forgotten.</summary>
    Task EnsureAbsentAsync(Guid domainId, CancellationToken ct);

    /// <summary>One domain, <see cref="PowerState.Absent"/> if the host does not have it.</summary>
    Task<DomainReport> ReadAsync(Guid domainId, CancellationToken ct);

    /// <summary>All domains of ours in any power state, with what they were made of.</summary>
    Task<IReadOnlyList<HostedDomain>> ReadAllAsync(CancellationToken ct);
}

/// <summary>How guests' instructions are executed on a host.</summary>
/// <param name="Accelerator">By what.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Version">The hypervisor and its version.</param>
public sealed record HypervisorDescription(Accelerator Accelerator, string Reason, string Version);

/// <summary>A domain with the places on this host of what it is made of.</summary>
/// <param name="Spec">What to run.</param>
/// <param name="Disks">Where its disks lie, in the order of the spec.</param>
/// <param name="Plugs">Where its network cards are plugged, in the order of the spec.</param>
/// <param name="Disc">What is in its drive.</param>
public sealed record DomainPlan(DomainSpec Spec, IReadOnlyList<DiskSource> Disks, IReadOnlyList<Plug> Plugs, Disc? Disc = null);

/// <summary>An ISO for a domain's drive.</summary>
/// <param name="Iso">Which one.</param>
/// <param name="Path">Its file on the host.</param>
public sealed record Disc(ImageOnPool Iso, string Path);

/// <summary>A domain that the host has.</summary>
/// <param name="Report">How it is.</param>
/// <param name="Spec">What it was made of.</param>
public sealed record HostedDomain(DomainReport Report, DomainSpec Spec)
{
    /// <summary>Whether it holds its disks and network cards now.</summary>
    public bool IsActive => Report.Power is PowerState.Running or PowerState.Paused;

    /// <summary>Whether it has the volume open now.</summary>
    public bool Uses(Guid volumeId) => IsActive && Spec.Disks.Any(disk => disk.VolumeId == volumeId);

    /// <summary>Whether the ISO is in its drive now.</summary>
    public bool Holds(ImageOnPool iso) => IsActive && Spec.Cdrom == iso;

    /// <summary>Whether it is plugged into the network now.</summary>
    public bool IsPluggedInto(Guid networkId) => IsActive && Spec.Nics.Any(nic => nic.NetworkId == networkId);
}
