namespace Stratiform.Protocol;

/// <summary>The domain exists as described and runs. A running domain is left as it is, even if the description differs.</summary>
/// <param name="Domain">What to run.</param>
public sealed record EnsureDomain(DomainSpec Domain) : IEnsure<DomainReport>;

/// <summary>The guest has been asked to shut down by itself (guest agent, then power button). Repeat until it is off.</summary>
/// <param name="DomainId">Which domain.</param>
public sealed record EnsureShutdown(Guid DomainId) : IEnsure<DomainReport>;

/// <summary>The domain's drive holds the ISO, or nothing. A domain that is off is left so: it starts with what its description says.</summary>
/// <param name="DomainId">Which domain.</param>
/// <param name="Iso">The whole copy of an ISO; null empties the drive.</param>
/// <param name="Forced">True opens a drive that the guest keeps shut; refused as Failed otherwise.</param>
public sealed record EnsureCdrom(Guid DomainId, ImageOnPool? Iso, bool Forced = false) : IEnsure<DomainReport>;

/// <summary>
/// The running domain has this network card, and its guard is this one from now on. A domain that is off is left so: it starts with what
/// its description says.
/// </summary>
/// <param name="DomainId">Which domain.</param>
/// <param name="Nic">The card; a new one becomes its last.</param>
public sealed record EnsureNic(Guid DomainId, NicSpec Nic) : IEnsure<NicReport>;

/// <summary>The running domain has been told to let go of the card, and nothing of it is left once it has. Repeat until it is out.</summary>
/// <param name="DomainId">Which domain.</param>
/// <param name="Nic">The card.</param>
public sealed record EnsureNoNic(Guid DomainId, NicSpec Nic) : IEnsure<NicReport>;

/// <summary>How a network card is.</summary>
/// <param name="IsIn">Whether a running domain has it.</param>
public sealed record NicReport(bool IsIn);

/// <summary>The domain does not run and nothing of it is left but its disks. Cuts the power if it must.</summary>
/// <param name="DomainId">Which domain.</param>
public sealed record EnsureNoDomain(Guid DomainId) : IEnsure<Done>;

/// <summary>Asks for one domain; a domain the host does not have is <see cref="PowerState.Absent"/>, not an error.</summary>
/// <param name="DomainId">Which domain.</param>
public sealed record ReadDomain(Guid DomainId) : IHostMessage<DomainReport>;

/// <summary>What a domain is made of.</summary>
public sealed record DomainSpec
{
    /// <summary>By what a guest tells its scratch disk from others: the disk's serial.</summary>
    public const string ScratchSerial = "scratch";

    /// <summary>Its UUID, which the guest sees in SMBIOS.</summary>
    public required Guid Id { get; init; }
    /// <summary>A name for operators on the host, e.g. <c>i-0192…</c>; letters, digits and dashes.</summary>
    public required string Name { get; init; }
    /// <summary>Virtual processors.</summary>
    public required int Vcpus { get; init; }
    /// <summary>Promised speed of each, MHz: its share when the host is busy.</summary>
    public required int CpuMhz { get; init; }
    /// <summary>Memory, MiB.</summary>
    public required long MemoryMib { get; init; }
    /// <summary>Direct kernel boot of a system VM; null boots from the first disk. Such a one has no drive for discs.</summary>
    public KernelBoot? Kernel { get; init; }
    /// <summary>Disks in the order the guest sees them.</summary>
    public IReadOnlyList<DiskSpec> Disks { get; init; } = [];
    /// <summary>
    /// Size of one more disk, bytes: empty at each start, gone with the domain, and in no pool. The host gives less of it where it has
    /// less room, or none. 0 for none.
    /// </summary>
    public long ScratchBytes { get; init; }
    /// <summary>What is in the drive for discs as it starts; null for nothing.</summary>
    public ImageOnPool? Cdrom { get; init; }
    /// <summary>It boots from the disc in its drive, and from its first disk when the disc does not boot.</summary>
    public bool BootsFromCdrom { get; init; }
    /// <summary>Network cards in the order the guest sees them.</summary>
    public IReadOnlyList<NicSpec> Nics { get; init; } = [];

    /// <summary>The same with this network card: in the place of the one with its id, or as the last.</summary>
    public DomainSpec With(NicSpec nic) => this with
    {
        Nics = Nics.Any(n => n.Id == nic.Id) ? [.. Nics.Select(n => n.Id == nic.Id ? nic : n)] : [.. Nics, nic],
    };

    /// <summary>The same without this network card.</summary>
    public DomainSpec Without(Guid nicId) => this with { Nics = [.. Nics.Where(n => n.Id != nicId)] };
}

/// <summary>Boot the installed system-VM image: kernel, initrd, read-only root.</summary>
/// <param name="Image">Name of the image on the host, e.g. <c>system-vm</c>; the host refuses one that it lacks as NotFound.</param>
/// <param name="CommandLine">Kernel command line.</param>
/// <param name="Program">
/// Name of the program on the host that runs in it, e.g. <c>worker</c>: it gets the program's read-only file system as a second
/// disk, and a channel to the host's agent. Empty for none.
/// </param>
public sealed record KernelBoot(string Image, string CommandLine, string Program = "");

/// <summary>One disk of a domain.</summary>
/// <param name="PoolId">The pool it lies on.</param>
/// <param name="VolumeId">The volume.</param>
public sealed record DiskSpec(Guid PoolId, Guid VolumeId);

/// <summary>One network card of a domain.</summary>
/// <param name="Id">The NIC's UUID; the host derives the tap's name from it.</param>
/// <param name="Mac">MAC address, six lower-case hexadecimal pairs with colons.</param>
/// <param name="NetworkId">The virtual network it is plugged into; see <see cref="EnsureNetwork"/>.</param>
/// <param name="Mtu">MTU, bytes.</param>
/// <param name="Guard">What may come out of it; null for whatever is sent, as by a system VM.</param>
/// <param name="IsShut">It starts with its door shut: nothing passes it until <see cref="EnsureDoors"/> opens it.</param>
/// <param name="RateMbit">At most so much passes it in each direction, Mbit/s; 0 for as much as there is.</param>
public sealed record NicSpec(Guid Id, string Mac, Guid NetworkId, int Mtu, NicGuard? Guard = null, bool IsShut = false, int RateMbit = 0);

/// <summary>
/// What may come out of a guest's network card: frames from its own MAC and from these addresses, IPv6 of its own link, and never what
/// only a network's router says (DHCP's answers, router advertisements, redirects).
/// </summary>
/// <param name="Addresses">IPv4 addresses that it sends from and answers for; null where nobody gives addresses: any, of IPv6 too.</param>
public sealed record NicGuard(IReadOnlyList<string>? Addresses)
{
    /// <summary>It is in security groups, of which the host has been told (<see cref="EnsureGroups"/>) before it is plugged in.</summary>
    public bool IsInGroups { get; init; }
}

/// <summary>Whether a domain has power.</summary>
public enum PowerState
{
    /// <summary>The host does not have it.</summary>
    Absent,
    /// <summary>It runs.</summary>
    Running,
    /// <summary>It is paused.</summary>
    Paused,
    /// <summary>The guest shut itself down.</summary>
    ShutOff,
    /// <summary>QEMU died.</summary>
    Crashed,
}

/// <summary>What a host sees of one domain.</summary>
public sealed record DomainReport
{
    /// <summary>Its UUID.</summary>
    public required Guid Id { get; init; }
    /// <summary>Whether it runs.</summary>
    public required PowerState Power { get; init; }
    /// <summary>The QEMU process on the host while it runs, else 0.</summary>
    public int ProcessId { get; init; }
    /// <summary>The highest fence obeyed for the domain's subject.</summary>
    public long Fence { get; init; }
    /// <summary>The subject that the domain belongs to, <c>Kind/uuid</c>.</summary>
    public string Subject { get; init; } = "";
}
