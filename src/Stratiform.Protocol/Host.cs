namespace Stratiform.Protocol;

/// <summary>Asks what the host is and can do.</summary>
public sealed record ReadHost : IHostMessage<HostReport>;

/// <summary>How guests' instructions are executed.</summary>
public enum Accelerator
{
    /// <summary>Hardware virtualisation that booted the probe guest.</summary>
    Kvm,

    /// <summary>Software emulation.</summary>
    Tcg,

    /// <summary>No execution at all: a simulated host.</summary>
    None,
}

/// <summary>What a host is and can do.</summary>
public sealed record HostReport
{
    /// <summary>The host's own lasting UUID.</summary>
    public required Guid HostId { get; init; }
    /// <summary>The host name.</summary>
    public required string Name { get; init; }
    /// <summary>Changes with every boot of the host.</summary>
    public required string BootId { get; init; }
    /// <summary>Processors that guests may use.</summary>
    public required int Cpus { get; init; }
    /// <summary>Nominal speed of one processor, MHz.</summary>
    public required int CpuMhz { get; init; }
    /// <summary>Memory of the machine, MiB.</summary>
    public required long MemoryMib { get; init; }
    /// <summary>How guests run here.</summary>
    public required Accelerator Accelerator { get; init; }
    /// <summary>Why it is this accelerator, in a sentence.</summary>
    public required string AcceleratorReason { get; init; }
    /// <summary>The hypervisor and its version, e.g. "QEMU 7.2.22, libvirt 9.0.0".</summary>
    public required string HypervisorVersion { get; init; }
    /// <summary>The agent's version.</summary>
    public required string AgentVersion { get; init; }
    /// <summary>Optional abilities, derived from the interfaces that the drivers implement; sorted.</summary>
    public required IReadOnlyList<string> Abilities { get; init; }
    /// <summary>The address on the management network, or empty.</summary>
    public string Address { get; init; } = "";
}

/// <summary>Asks for everything on the host that some subject owns, to compare it with the database.</summary>
public sealed record ReadInventory : IHostMessage<HostInventory>;

/// <summary>Everything on the host that some subject owns.</summary>
public sealed record HostInventory
{
    /// <summary>Domains in any power state.</summary>
    public required IReadOnlyList<DomainReport> Domains { get; init; }
    /// <summary>Virtual networks present.</summary>
    public required IReadOnlyList<Guid> Networks { get; init; }
    /// <summary>Pools with what lies on them.</summary>
    public required IReadOnlyList<PoolInventory> Pools { get; init; }
    /// <summary>Names of jobs that still run.</summary>
    public required IReadOnlyList<string> Jobs { get; init; }
}
