using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure;

/// <summary>The image of all system VMs, and how it becomes one of them.</summary>
internal static class SystemVmImage
{
    /// <summary>
    /// Boots it in a role. Of the kernel only warnings and errors go to the console, which is slow. Locked down it gives nobody its memory
    /// or an unsigned module, and makes no trace files, which modules of file systems would take seconds for on emulated processors.
    /// </summary>
    /// <param name="role">What it is to be: <c>router</c>, <c>worker</c>.</param>
    /// <param name="program">As of <see cref="KernelBoot"/>.</param>
    public static KernelBoot Boot(string role, string program = "") =>
        new("system-vm", $"console=ttyS0 quiet lockdown=confidentiality stratiform.role={role}", program);
}
