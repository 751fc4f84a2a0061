namespace Stratiform.Management.Infrastructure;

/// <summary>What runs guests, in the API's words.</summary>
public enum Hypervisor
{
    /// <summary>QEMU under libvirt, with KVM where it works.</summary>
    KVM,
    /// <summary>Simulated hosts.</summary>
    Simulator,
}
